package redisx

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
)

// benchEach runs a benchmark on every broker, in a namespace without caps.
func benchEach(b *testing.B, bench func(b *testing.B, c *Client)) {
	open := map[string]func() (*Client, error){
		"embedded": func() (*Client, error) { return Embedded(b.Context()) },
		"redis": func() (*Client, error) {
			return Open(b.Context(), Options{URL: realURL, Namespace: "b-" + uuid.NewString()})
		},
	}
	for _, name := range []string{"embedded", "redis"} {
		b.Run(name, func(b *testing.B) {
			if name == "redis" {
				needReal(b)
			}
			c, err := open[name]()
			if err != nil {
				b.Fatal(err)
			}
			defer c.Close()
			c.queueCap, c.totalCap = 0, 0
			bench(b, c)
		})
	}
}

func perSecond(b *testing.B, n int, what string) {
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), what+"/s")
}

// enqueueMany submits n commands and gives no thought to how long that takes.
func enqueueMany(b *testing.B, c *Client, n int) {
	b.Helper()
	for i := range n {
		if _, err := c.Submit(b.Context(), query("j"+strconv.Itoa(i))); err != nil {
			b.Fatal(err)
		}
	}
}

// claimMany claims n jobs, 16 at a time.
func claimMany(b *testing.B, c *Client, n int) []claimed {
	b.Helper()
	var jobs []claimed
	for len(jobs) < n {
		fields, err := c.run(b.Context(), c.control, scriptClaim, "w", uuid.NewString(), 16, 600_000, 1, 0, 0, claimBytes, "").StringSlice()
		if err != nil || len(fields) == 2 {
			b.Fatal(fields, err)
		}
		for i := 2; i < len(fields); i += 5 {
			jobs = append(jobs, claimed{id: fields[i], token: fields[i+1]})
		}
	}
	return jobs
}

func BenchmarkEnqueue(b *testing.B) {
	benchEach(b, func(b *testing.B, c *Client) {
		b.ResetTimer()
		enqueueMany(b, c, b.N)
		perSecond(b, b.N, "jobs")
	})
}

// BenchmarkEnqueueMany submits as segq submit does, many in a pipeline.
func BenchmarkEnqueueMany(b *testing.B) {
	benchEach(b, func(b *testing.B, c *Client) {
		commands := make([]Command, b.N)
		for i := range commands {
			commands[i] = query("j" + strconv.Itoa(i))
		}
		b.ResetTimer()
		if ids, err := c.SubmitAll(b.Context(), commands); err != nil || len(ids) != b.N {
			b.Fatal(len(ids), err)
		}
		perSecond(b, b.N, "jobs")
	})
}

func BenchmarkClaim(b *testing.B) {
	benchEach(b, func(b *testing.B, c *Client) {
		enqueueMany(b, c, b.N)
		b.ResetTimer()
		claimMany(b, c, b.N)
		perSecond(b, b.N, "jobs")
	})
}

func BenchmarkFinish(b *testing.B) {
	benchEach(b, func(b *testing.B, c *Client) {
		enqueueMany(b, c, b.N)
		jobs := claimMany(b, c, b.N)
		b.ResetTimer()
		for _, j := range jobs {
			answer, err := c.run(b.Context(), c.control, scriptFinish, j.id, j.token, "failed", "", 0, "", "", 0, 0).Text()
			if err != nil || answer != "OK" {
				b.Fatal(answer, err)
			}
		}
		perSecond(b, b.N, "jobs")
	})
}

// BenchmarkCounters writes the counters of a job of 256 partitions: in one command
// as the worker does, with a command a partition, and as increments, which this
// protocol does not use.
func BenchmarkCounters(b *testing.B) {
	const partitions = 256
	values := make([]any, 0, 2*partitions)
	for i := range partitions {
		values = append(values, i, Partition{Rows: 12_345, Total: 65_536, Matched: 2_345}.String())
	}
	for _, way := range []struct {
		name  string
		write func(b *testing.B, c *Client) error
	}{
		{"together", func(b *testing.B, c *Client) error { return c.writeCounters(b.Context(), "a", "t", values) }},
		{"pipelined", func(b *testing.B, c *Client) error {
			p := c.bulk.Pipeline()
			for i := 0; i < len(values); i += 2 {
				p.HSet(b.Context(), c.keys.counters("a", "t"), values[i], values[i+1])
			}
			_, err := p.Exec(b.Context())
			return err
		}},
		{"one-by-one", func(b *testing.B, c *Client) (err error) {
			for i := 0; i < len(values) && err == nil; i += 2 {
				err = c.bulk.HSet(b.Context(), c.keys.counters("a", "t"), values[i], values[i+1]).Err()
			}
			return err
		}},
		{"increments-one-by-one", func(b *testing.B, c *Client) (err error) {
			for i := 0; i < partitions && err == nil; i++ {
				err = c.bulk.HIncrBy(b.Context(), c.keys.counters("a", "i"), strconv.Itoa(i), 2_345).Err()
			}
			return err
		}},
	} {
		b.Run(way.name, func(b *testing.B) {
			benchEach(b, func(b *testing.B, c *Client) {
				for b.Loop() {
					if err := way.write(b, c); err != nil {
						b.Fatal(err)
					}
				}
				perSecond(b, b.N*partitions, "counters")
			})
		})
	}
}

// written is a hook that tells when counters were written.
type written chan struct{}

func (w written) DialHook(next redis.DialHook) redis.DialHook          { return next }
func (w written) ProcessHook(next redis.ProcessHook) redis.ProcessHook { return next }

// ProcessPipelineHook looks at pipelines, which is how counters go.
func (w written) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, commands []redis.Cmder) error {
		err := next(ctx, commands)
		if commands[0].Name() == "hset" {
			select {
			case w <- struct{}{}:
			default:
			}
		}
		return err
	}
}

// BenchmarkFirstCounter is what a user waits for: from Submit to the first counter
// that a client sees who looks when it is written, at an idle worker.
func BenchmarkFirstCounter(b *testing.B) {
	benchEach(b, func(b *testing.B, c *Client) {
		written := make(written, 1)
		c.bulk.AddHook(written)
		stop := workFor(b, c, WorkerOptions{}, handlerFunc(func(task *Task) {
			task.Start([]int{100})
			<-task.Context().Done()
			task.Fail(task.Context().Err())
		}))
		defer stop()
		var waits []time.Duration
		for b.Loop() {
			id := uuid.NewString()
			began := time.Now()
			if _, err := c.Submit(b.Context(), query(id)); err != nil {
				b.Fatal(err)
			}
			for seen := false; !seen; {
				<-written
				jobs, err := c.Status(b.Context(), id)
				if err != nil {
					b.Fatal(err)
				}
				seen = len(jobs[0].Partitions) > 0
			}
			waits = append(waits, time.Since(began))
			if _, err := c.Cancel(b.Context(), id); err != nil {
				b.Fatal(err)
			}
		}
		slices.Sort(waits)
		b.ReportMetric(float64(waits[len(waits)/2].Microseconds()), "p50-µs")
		b.ReportMetric(float64(waits[len(waits)*99/100].Microseconds()), "p99-µs")
	})
}

// BenchmarkKept runs jobs to their ends and tells what is left of them in Redis: the
// memory, the keys, and the names of those that have no time to live. With -benchtime
// 100000x that is what a hundred thousand jobs leave.
func BenchmarkKept(b *testing.B) {
	needReal(b)
	c, err := Open(b.Context(), Options{URL: realURL, Namespace: "kept-" + uuid.NewString()})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	result := []byte(strings.Repeat("x", 400)) // as long as a record
	var handled atomic.Int64
	all := make(chan struct{})
	stop := workFor(b, c, WorkerOptions{}, handlerFunc(func(t *Task) {
		t.Start(make([]int, 16))
		t.Finish(result)
		if handled.Add(1) == int64(b.N) {
			close(all)
		}
	}))
	before := usedMemory(b, c)
	for n := 0; n < b.N; {
		part := make([]Command, min(5000, b.N-n))
		for i := range part {
			part[i] = query("job-" + strconv.Itoa(n+i))
		}
		ids, err := c.SubmitAll(b.Context(), part)
		if err != nil && !errors.Is(err, ErrBusy) {
			b.Fatal(err)
		}
		n += len(ids)
	}
	<-all
	stop()
	if s, err := c.Stats(b.Context()); err != nil || s.Open > 0 {
		b.Fatal(s.Open, err)
	}
	reapEverything(b, c)
	findings, err := c.Audit(b.Context())
	if err != nil || len(findings) > 0 {
		b.Fatal(findings, err)
	}
	names, err := c.scan(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	var staying []string
	for _, name := range names {
		if c.control.PTTL(b.Context(), c.keys.prefix+name).Val() == -1 {
			staying = append(staying, name)
		}
	}
	b.Logf("without a time to live: %q", staying)
	b.ReportMetric(float64(usedMemory(b, c)-before)/(1<<20), "MB")
	b.ReportMetric(float64(len(names)), "keys")
}

// reapEverything runs the reaper until it has nothing to do.
func reapEverything(b *testing.B, c *Client) {
	b.Helper()
	for more := int64(1); more == 1; {
		out, err := c.run(b.Context(), c.control, scriptReap, maxCrashes, 30_000, c.keep, keepDead, c.keepBytes, c.keepGone).Int64Slice()
		if err != nil {
			b.Fatal(err)
		}
		more = out[1]
	}
}

// usedMemory is what Redis says that it uses, in bytes.
func usedMemory(b *testing.B, c *Client) int64 {
	b.Helper()
	n, err := strconv.ParseInt(c.info(b.Context())["used_memory"], 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// BenchmarkRequest asks a worker beside the queue, one request after another.
func BenchmarkRequest(b *testing.B) {
	benchEach(b, func(b *testing.B, c *Client) {
		b.Cleanup(workFor(b, c, WorkerOptions{Grace: 1, Answer: echo}, finishAll()))
		for b.Loop() {
			if _, err := c.Request(b.Context(), "any", []byte(`{"path":["loyalty","tier"],"limit":50}`)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
