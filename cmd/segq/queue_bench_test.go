package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"

	"github.com/segq/segq/cmd/segq/internal/gen"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/samples"
)

// BenchmarkQueue answers many rules through a queue with one, two and three workers, each
// a process of its own; with one worker, many rules by each job; and without a queue in
// one process. Loading the data is left out on both sides. All counts are compared before
// a time counts.
//
//	go test ./cmd/segq -run '^$' -bench Queue -benchtime 1x -count 5
//
// SEGQ_BENCH_DATA and SEGQ_BENCH_RULES name other data and rules than 10,000 over 300,000
// profiles with five events each.
func BenchmarkQueue(b *testing.B) {
	url := workertest.Redis(b)
	data, rules := benchData(b), benchRules(b)
	commands := benchCommands(b, rules)
	var want map[string]int
	b.Run("headless", func(b *testing.B) {
		d, err := dataset.Open(b.Context(), []string{data}, dataset.Options{}, 2, io.Discard)
		if err != nil {
			b.Fatal(err)
		}
		defer d.Close()
		for b.Loop() {
			want = answerHere(b, d, rules)
		}
		b.ReportMetric(float64(b.N*len(commands))/b.Elapsed().Seconds(), "rules/s")
	})
	through := func(workers, rules int) func(*testing.B) {
		return func(b *testing.B) {
			client, stop := startWorkers(b, url, data, workers)
			defer stop()
			for i := 0; b.Loop(); i++ {
				got := answerThere(b, client, ask.Together(commands, rules), fmt.Sprint("t", i)) // a tenant finds nothing in the cache
				b.StopTimer()
				for name, n := range want {
					if got[name] != n {
						b.Fatalf("%s: %d through the queue, %d without", name, got[name], n)
					}
				}
				b.StartTimer()
			}
			b.ReportMetric(float64(b.N*len(commands))/b.Elapsed().Seconds(), "rules/s")
		}
	}
	b.Run("together-1000", through(1, 1000))
	for workers := 1; workers <= 3; workers++ {
		b.Run(fmt.Sprint("workers-", workers), through(workers, 1))
	}
}

// BenchmarkInteractive asks interactive questions while a queue full of batch rules is
// worked through, and tells how long their answers take: half of them, and 99 in a
// hundred; the same where each of the jobs has many rules; and with an empty queue.
func BenchmarkInteractive(b *testing.B) {
	url := workertest.Redis(b)
	commands := benchCommands(b, benchRules(b))
	client, stop := startWorkers(b, url, benchData(b), 1)
	defer stop()
	wait := func(b *testing.B, backlog []redisx.Command) {
		var waits []time.Duration
		for i := 0; len(waits) < 200; i++ {
			if i%10 == 0 {
				refill(b, client, backlog)
			}
			start := time.Now()
			c := commands[0]
			c.ID, c.Class, c.Tenant, c.Query = uuid.NewString(), "interactive", "analyst", fmt.Sprintf("loyalty.points != %d", -1-time.Now().UnixNano())
			if _, err := client.Submit(b.Context(), c); err != nil {
				b.Fatal(err)
			}
			if _, err := broker.Await(b.Context(), client, []string{c.ID}, func(redisx.Job, []byte, error) {}); err != nil {
				b.Fatal(err)
			}
			waits = append(waits, time.Since(start))
		}
		slices.Sort(waits)
		b.ReportMetric(float64(waits[100].Microseconds())/1000, "p50-ms")
		b.ReportMetric(float64(waits[198].Microseconds())/1000, "p99-ms")
	}
	b.Run("idle", func(b *testing.B) { wait(b, nil) })
	b.Run("backlog", func(b *testing.B) { wait(b, commands) })
	b.Run("backlog-together", func(b *testing.B) { wait(b, ask.Together(commands, 1000)) })
}

// refill puts commands into the queue again, as those of another tenant.
func refill(b *testing.B, c *redisx.Client, commands []redisx.Command) {
	b.Helper()
	own := slices.Clone(commands)
	tenant := "batch-" + uuid.NewString()[:8]
	for i := range own {
		own[i].ID, own[i].Tenant = uuid.NewString(), tenant
	}
	if _, err := broker.Submit(b.Context(), c, own, io.Discard); err != nil {
		b.Fatal(err)
	}
}

// benchData returns the file of the data.
func benchData(b *testing.B) string {
	b.Helper()
	if name := os.Getenv("SEGQ_BENCH_DATA"); name != "" {
		return name
	}
	name := filepath.Join(b.TempDir(), "profiles.parquet")
	if err := gen.Write(b.Context(), name, samples.Generator{Profiles: 300_000, EventsPerProfile: 5, Seed: 1}, func(int, int) {}); err != nil {
		b.Fatal(err)
	}
	return name
}

// benchRules returns the rules.
func benchRules(b *testing.B) []rules.Written {
	b.Helper()
	text := []byte(madeRules(10_000))
	if name := os.Getenv("SEGQ_BENCH_RULES"); name != "" {
		var err error
		if text, err = os.ReadFile(name); err != nil {
			b.Fatal(err)
		}
	}
	rules, err := rules.SplitAll([]rules.Source{{Name: "rules.pql", Text: string(text)}})
	if err != nil {
		b.Fatal(err)
	}
	return rules
}

// madeRules makes n different rules about the sample's profiles and their events.
func madeRules(n int) string {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	atoms := []func() string{
		func() string { return fmt.Sprintf(`loyalty.points >= %d`, 10*r.IntN(2000)) },
		func() string { return fmt.Sprintf(`loyalty.tier = "%s"`, pick("gold", "silver", "bronze", "platinum")) },
		func() string {
			return fmt.Sprintf(`homeAddress.countryCode in ["%s", "%s"]`, pick("US", "CA", "DE"), pick("FR", "GB", "JP"))
		},
		func() string {
			return fmt.Sprintf(`xEvent[eventType = "%s" and timestamp occurs < %d days before now].count() >= %d`,
				pick("commerce.purchases", "commerce.productViews", "commerce.checkouts"), 1+r.IntN(365), 1+r.IntN(3))
		},
	}
	var text strings.Builder
	for i := range n {
		// The number keeps them apart: equal ones would share a run.
		fmt.Fprintf(&text, "r%d: %s and %s and %s and loyalty.points != %d;\n", i, atoms[r.IntN(2)](), atoms[2](), atoms[3](), -1-i)
	}
	return text.String()
}

// benchCommands returns the commands that ask the rules.
func benchCommands(b *testing.B, rules []rules.Written) []redisx.Command {
	b.Helper()
	o := &submitOptions{op: "query"}
	o.class, o.seed = "batch", 1
	var out []redisx.Command
	for _, w := range rules {
		if w.Errors.Failed() {
			b.Fatal(w.Name, w.Errors)
		}
		out = append(out, o.command(ask.NewQuestion(0, w, benchNow), benchNow, console.Streams{}))
	}
	return out
}

// benchNow is what now means to all of them.
var benchNow = time.UnixMilli(int64(samples.Reference)).UTC()

// answerHere runs the rules in this process, and gives their counts by name.
func answerHere(b *testing.B, d *dataset.Dataset, rules []rules.Written) map[string]int {
	b.Helper()
	l := &ask.Local{Dataset: d, Options: ask.Options{Progress: "off", Notes: io.Discard}}
	counts := map[string]int{}
	var mu sync.Mutex
	err := l.Answer(b.Context(), l.Prepare(rules, benchNow), func(r *record.Record) {
		mu.Lock()
		defer mu.Unlock()
		if r.Count == nil {
			b.Errorf("%s: %+v", r.Query, r.Error)
			return
		}
		counts[r.Name] = *r.Count
	})
	if err != nil {
		b.Fatal(err)
	}
	return counts
}

// answerThere runs them through the queue.
func answerThere(b *testing.B, c *redisx.Client, commands []redisx.Command, tenant string) map[string]int {
	b.Helper()
	own := make([]redisx.Command, len(commands))
	for i, command := range commands {
		own[i] = command
		own[i].ID, own[i].Tenant = uuid.NewString(), tenant
	}
	ids, err := broker.Submit(b.Context(), c, own, io.Discard)
	if err != nil {
		b.Fatal(err)
	}
	counts := map[string]int{}
	_, err = broker.Await(b.Context(), c, ids, func(j redisx.Job, result []byte, unread error) {
		records, err := ask.Records(j, result, unread)
		if err != nil || j.Attempt != 1 {
			b.Fatalf("%s is %s at attempt %d: %v", j.ID, j.State, j.Attempt, err)
		}
		for _, r := range records {
			if r.Count == nil {
				b.Fatalf("%s: %+v", r.ID, r.Error)
			}
			counts[r.Name] = *r.Count
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	return counts
}

// startWorkers starts processes that work in a namespace of their own, and waits until
// all of them do.
func startWorkers(b *testing.B, url, data string, n int) (c *redisx.Client, stop func()) {
	b.Helper()
	namespace := "bench-" + uuid.NewString()
	c, err := redisx.Open(b.Context(), redisx.Options{URL: url, Namespace: namespace})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	atWork := awaitWorkers(b, c, url, namespace, n)
	var running []*exec.Cmd
	for range n {
		w := exec.CommandContext(ctx, os.Args[0], "--serve", "--log-level", "error", "--redis", url, "--namespace", namespace, data)
		w.Env = append(os.Environ(), asProgram+"=1")
		w.Stderr = os.Stderr
		if err := w.Start(); err != nil {
			b.Fatal(err)
		}
		running = append(running, w)
	}
	atWork()
	return c, func() {
		cancel()
		for _, w := range running {
			_ = w.Wait()
		}
		c.Close()
	}
}

// awaitWorkers returns a function that waits until n workers have given a sign of life, of
// which Redis tells while it waits.
func awaitWorkers(b *testing.B, c *redisx.Client, url, namespace string, n int) (wait func()) {
	b.Helper()
	o, err := redis.ParseURL(url)
	if err != nil {
		b.Fatal(err)
	}
	rdb := redis.NewClient(o)
	const events = "notify-keyspace-events"
	before, err := rdb.ConfigGet(b.Context(), events).Result()
	if err != nil {
		b.Fatal(err)
	}
	if err := rdb.ConfigSet(b.Context(), events, "Kz").Err(); err != nil {
		b.Fatal(err)
	}
	signs := rdb.PSubscribe(b.Context(), "__keyspace@*__:segq:{"+namespace+"}:*")
	if _, err := signs.Receive(b.Context()); err != nil {
		b.Fatal(err)
	}
	return func() {
		for {
			if workers, err := c.Workers(b.Context()); err != nil {
				b.Fatal(err)
			} else if len(workers) >= n {
				break
			}
			if _, err := signs.ReceiveMessage(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
		signs.Close()
		if err := rdb.ConfigSet(b.Context(), events, before[events]).Err(); err != nil {
			b.Fatal(err)
		}
		rdb.Close()
	}
}
