package redisx

import (
	"bytes"
	"testing"
	"time"
)

// serving returns a task of a worker that keeps answers.
func serving(c *Client, command Command, serves string) *Task {
	w := NewWorker(c, finishAll(), WorkerOptions{Serves: serves})
	return newTask(w, command, "1-a", 0, false, time.Now())
}

// asking is a command of some tenant, filled in like one that was submitted.
func asking(t *testing.T, id, query, now string) Command {
	t.Helper()
	command := Command{ID: id, Op: "query", Query: query, Now: now, Seed: 1}
	if err := command.normal(); err != nil {
		t.Fatal(err)
	}
	return command
}

// keep puts an answer into the cache, as the end of a task does.
func keep(t *testing.T, c *Client, keys []string, data []byte) {
	t.Helper()
	p := c.bulk.Pipeline()
	c.cache(t.Context(), p, keys, checksum(data), data)
	if _, err := p.Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestCache(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		keys := serving(c, asking(t, "a", "A=1", ""), "v1 data").CacheKeys("a = 1", false)
		if len(keys) != 2 {
			t.Fatalf("%d keys", len(keys))
		}
		if data, err := c.Cached(t.Context(), keys); data[0] != nil || data[1] != nil || err != nil {
			t.Fatalf("before: %q, %v", data, err)
		}
		keep(t, c, keys, []byte("42"))
		data, err := c.Cached(t.Context(), append(keys, "other"))
		if string(data[0]) != "42" || string(data[1]) != "42" || data[2] != nil || err != nil {
			t.Fatalf("after: %q, %v", data, err)
		}
		if left := c.control.PTTL(t.Context(), c.keys.cached(keys[0])).Val(); left < cacheFor/2 || left > 2*cacheFor {
			t.Errorf("it stays for %v", left)
		}
		large := []string{"large"}
		keep(t, c, large, bytes.Repeat([]byte("x"), maxCached+1))
		if data, _ := c.Cached(t.Context(), large); data[0] != nil {
			t.Error("a large answer is kept")
		}
		damaged := c.keys.cached(keys[0])
		if err := c.bulk.SetRange(t.Context(), damaged, 65, "3").Err(); err != nil {
			t.Fatal(err)
		}
		if data, _ := c.Cached(t.Context(), keys); data[0] != nil || data[1] == nil {
			t.Errorf("a damaged answer is given: %q", data)
		}
	})
}

// TestCacheKeys: an answer is for those alone for whom it is the same.
func TestCacheKeys(t *testing.T) {
	t.Parallel()
	keys := func(serves, canonical string, dated bool, change func(*Command)) []string {
		command := asking(t, "a", "a=1", "2026-01-01")
		change(&command)
		return serving(nil, command, serves).CacheKeys(canonical, dated)
	}
	same := func(*Command) {}
	base := keys("v1", "a = 1", true, same)
	others := map[string][]string{
		"other data":     keys("v2", "a = 1", true, same),
		"another tenant": keys("v1", "a = 1", true, func(c *Command) { c.Tenant = "b" }),
		"another time":   keys("v1", "a = 1", true, func(c *Command) { c.Now = "2027-01-01" }),
		"no time":        keys("v1", "a = 1", false, same),
		"a sample":       keys("v1", "a = 1", true, func(c *Command) { c.Sample = 3 }),
		"another seed":   keys("v1", "a = 1", true, func(c *Command) { c.Seed = 3 }),
		"a parameter":    keys("v1", "a = 1", true, func(c *Command) { c.Params = map[string]any{"p": 1} }),
		"another op":     keys("v1", "a = 1", true, func(c *Command) { c.Op = "sample" }),
		"another field":  keys("v1", "a = 1", true, func(c *Command) { c.By = "x" }),
		"values":         keys("v1", "a = 1", true, func(c *Command) { c.Values = true }),
		"more queries":   keys("v1", "a = 1", true, func(c *Command) { c.Queries = []string{"x"} }),
	}
	others["segments"] = keys("v1", "a = 1", true, func(c *Command) { c.Segments = map[string]string{"x": "b = 1"} })
	others["other segments"] = keys("v1", "a = 1", true, func(c *Command) { c.Segments = map[string]string{"x": "b = 2"} })
	if a, b := others["segments"], others["other segments"]; a[0] == b[0] || a[1] == b[1] {
		t.Error("segments of one name and another meaning have the same keys")
	}
	if k := keys("v1", "a = 1", true, func(c *Command) { c.Segments = map[string]string{} }); k[0] != base[0] {
		t.Error("no segments are another command than none")
	}
	others["more names"] = keys("v1", "a = 1", true, func(c *Command) { c.Names = []string{"x"} })
	if q, n := others["more queries"], others["more names"]; q[0] == n[0] {
		t.Error("a query and a name have the same keys")
	}
	for what, k := range others {
		if len(k) != 2 || k[0] == base[0] || k[1] == base[1] || k[0] == base[1] {
			t.Errorf("%s has the keys of the first: %q and %q", what, k, base)
		}
	}
	for what, k := range map[string][]string{
		"no time to ask for again": keys("v1", "a = 1", true, func(c *Command) { c.Now = "" }),
		"an effect":                keys("v1", "a = 1", false, func(c *Command) { c.Op = "ping" }),
		"a worker that keeps none": keys("", "a = 1", false, same),
	} {
		if len(k) != 0 {
			t.Errorf("%s has keys: %q", what, k)
		}
	}
	if k := keys("v1", "a=1", true, same); len(k) != 1 || k[0] != base[0] {
		t.Errorf("a canonical query has the keys %q, not the first of %q", k, base)
	}
}

// TestAnswerFromTheCache: who asks what was answered is answered by Redis, before a
// worker sees it.
func TestAnswerFromTheCache(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		runs := make(chan string, 10)
		stop := work(t, c, WorkerOptions{Serves: "v1 data"}, handlerFunc(func(task *Task) {
			runs <- task.Command.ID
			answer := []byte("answer to " + task.Command.Query)
			task.Keep(task.CacheKeys("a = 1", false))
			task.Finish(answer)
		}))
		submit(t, c, asking(t, "first", "a=1", ""))
		eventually(t, "the first is done", func() bool { return status(t, c, "first").State == Done })
		stop()
		// There is no worker any more.
		empty := asking(t, "same", "a=1", "")
		empty.Params = map[string]any{}
		submit(t, c, empty)
		submit(t, c, asking(t, "canonical", "a = 1", "2026-01-01"))
		submit(t, c, asking(t, "different", "a=2", ""))
		foreign := asking(t, "foreign", "a=1", "")
		foreign.Tenant = "b"
		submit(t, c, foreign)
		for id, want := range map[string]State{"same": Done, "canonical": Done, "different": Queued, "foreign": Queued} {
			if got := status(t, c, id); got.State != want || (want == Done) != (got.Source == "cache") {
				t.Errorf("%s is %s from %q", id, got.State, got.Source)
			}
		}
		data, err := c.Result(t.Context(), status(t, c, "canonical"))
		if string(data) != "answer to a=1" || err != nil {
			t.Errorf("the answer is %q, %v", data, err)
		}
		if len(runs) != 1 {
			t.Errorf("%d runs", len(runs))
		}
		audit(t, c)
	})
}
