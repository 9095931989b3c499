//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/google/uuid"
	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// served is a worker in a process of its own, with what it logs.
type served struct {
	t     *testing.T
	c     *exec.Cmd
	lines chan map[string]any
	all   strings.Builder
}

// serveData starts a worker.
func serveData(t *testing.T, redis string, args ...string) *served {
	t.Helper()
	return serveBy(t, segqCommand(t, redis, append([]string{"--serve"}, args...)...))
}

// serveBy starts a command that is a worker.
func serveBy(t *testing.T, c *exec.Cmd) *served {
	t.Helper()
	s := &served{t: t, c: c, lines: make(chan map[string]any, 1000)}
	says, err := s.c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.c.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(s.lines)
		in := bufio.NewScanner(says)
		for in.Scan() {
			var line map[string]any
			if json.Unmarshal(in.Bytes(), &line) == nil && line["msg"] != "took jobs" && line["msg"] != "job ended" {
				s.lines <- line
			}
		}
	}()
	t.Cleanup(func() {
		_ = s.c.Process.Signal(syscall.SIGTERM)
		for line := range s.lines {
			fmt.Fprintln(&s.all, line)
		}
		_ = s.c.Wait()
		if t.Failed() {
			t.Log(s.all.String())
		}
	})
	return s
}

// until waits for a line of the log with this message.
func (s *served) until(message string) map[string]any {
	s.t.Helper()
	for line := range s.lines {
		fmt.Fprintln(&s.all, line)
		if line["msg"] == message {
			return line
		}
	}
	s.t.Fatalf("the worker has ended without saying %q: %s", message, s.all.String())
	return nil
}

// hangUp tells the worker to reload.
func (s *served) hangUp() {
	s.t.Helper()
	if err := s.c.Process.Signal(syscall.SIGHUP); err != nil {
		s.t.Fatal(err)
	}
}

// generation writes the data of a generation, profiles with a number each, and returns how many there are: no two
// generations have as many.
func generation(t *testing.T, name string, g int) int {
	t.Helper()
	var b strings.Builder
	rows := 500 + 100*g
	for i := range rows {
		fmt.Fprintf(&b, `{"_id":"p%d","n":%d}`+"\n", i, i%(50+g))
	}
	text := filepath.Join(filepath.Dir(name), "new.ndjson")
	if err := os.WriteFile(text, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	fresh := text
	if ext := filepath.Ext(name); ext != ".ndjson" {
		fresh = filepath.Join(filepath.Dir(name), "new"+ext)
		c := segqCommand(t, "", "-q", "-c", "true", "--select", "_id, n", "-o", fresh, text)
		if ext == ".segq" {
			c = segqCommand(t, "", "pack", "-o", fresh, text)
		}
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	if err := os.Rename(fresh, name); err != nil {
		t.Fatal(err)
	}
	return rows
}

// fewer counts the profiles of a generation whose number is below k.
func fewer(rows, k int) (count int) {
	g := (rows - 500) / 100
	for i := range rows {
		if i%(50+g) < k {
			count++
		}
	}
	return count
}

// openFiles is how many files a process has open, 0 where that is not known.
func openFiles(pid int) int {
	files, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	return len(files)
}

// TestReloadUnderLoad: a thousand queries while the data is replaced ten times. Each answer belongs to one generation
// and equals it, none fails, and nothing of a generation stays open.
func TestReloadUnderLoad(t *testing.T) {
	t.Parallel()
	redis := workertest.Redis(t)
	for _, how := range []struct{ file, watch string }{{"d.ndjson", "0s"}, {"d.parquet", "100ms"}, {"d.parquet", "0s"}, {"d.segq", "100ms"}} {
		t.Run(how.file+" "+how.watch, func(t *testing.T) {
			t.Parallel()
			space, name := "reload-"+uuid.NewString(), filepath.Join(t.TempDir(), how.file)
			generation(t, name, 0)
			s := serveData(t, redis, "--namespace", space, "--watch="+how.watch, name)
			s.until("working")
			client, err := redisx.Open(t.Context(), redisx.Options{URL: redis, Namespace: space})
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			askWhile(t, client, func() {
				before := 0
				for g := 1; g <= 10; g++ {
					rows := generation(t, name, g)
					if how.watch == "0s" {
						s.hangUp()
					}
					if got := s.until("reloaded")["profiles"]; got != float64(rows) {
						t.Errorf("generation %d has %v profiles, not %d", g, got, rows)
					}
					s.until("closed")
					switch open := openFiles(s.c.Process.Pid); {
					case g == 2:
						before = open
					case g > 2 && open > before+4: // of Redis some come and go
						t.Errorf("%d files are open, %d were", open, before)
					}
				}
			})
		})
	}
}

// askWhile asks a thousand queries, in equal parts while each call of reload is under way and before and after it.
func askWhile(t *testing.T, client *redisx.Client, reload func()) {
	t.Helper()
	const queries, askers = 1000, 4
	var asked, stop atomic.Int64
	var mu sync.Mutex
	totals := map[string]int{} // by snapshot
	var all sync.WaitGroup
	for asker := range askers {
		all.Go(func() {
			for i := 0; asked.Add(1) <= queries || stop.Load() == 0; i++ {
				k := (i*7 + asker) % 60
				r := askOne(t, client, fmt.Sprintf("n < %d", k))
				if r == nil {
					return
				}
				mu.Lock()
				if of, known := totals[r.Snapshot]; known && of != *r.Total {
					t.Errorf("snapshot %s has %d and %d profiles", r.Snapshot, of, *r.Total)
				}
				totals[r.Snapshot] = *r.Total
				mu.Unlock()
				if want := fewer(*r.Total, k); *r.Count != want || !r.Exact {
					t.Errorf("%s: %d of %d, not %d (snapshot %s)", r.Query, *r.Count, *r.Total, want, r.Snapshot)
				}
				runtime.Gosched()
			}
		})
	}
	reload()
	stop.Store(1)
	all.Wait()
	last := askOne(t, client, "n < 1000")
	if last == nil || *last.Count != 1500 {
		t.Errorf("the last answer is %+v", last)
	}
	if len(totals) < 8 {
		t.Errorf("the answers are of %d snapshots", len(totals))
	}
	t.Logf("%d queries of %d snapshots", asked.Load(), len(totals))
}

// askOne returns the answer to a query, nil where there is none.
func askOne(t *testing.T, client *redisx.Client, query string) (r *record.Record) {
	ids, err := client.SubmitAll(t.Context(), []redisx.Command{{ID: uuid.NewString(), Op: "query", Query: query}})
	if err == nil {
		_, err = broker.Await(t.Context(), client, ids, func(j redisx.Job, result []byte, err error) {
			var bad error
			if r, bad = record.Decode(result); err != nil || bad != nil || r.Error != nil || r.Count == nil || j.Attempt > 1 {
				t.Errorf("%s: %s, %v, %v, %+v", query, j.State, err, bad, r)
				r = nil
			}
		})
	}
	if err != nil {
		t.Error(err)
		return nil
	}
	return r
}
