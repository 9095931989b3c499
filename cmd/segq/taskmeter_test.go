//go:build linux

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/redistest"
)

// Tasks tell a Redis how far each attempt at a part is, in the numbers that they answer; and answer the same where there is none,
// or no more.
func TestTaskMeter(t *testing.T) {
	t.Parallel()
	addr, stopRedis, err := redistest.Start()
	redistest.Need(t, err)
	defer stopRedis()
	client, err := redisx.Open(t.Context(), redisx.Options{URL: "redis://" + addr, Namespace: "tasks"})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	m, err := client.Meter("one")
	if err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("redis://"+addr+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	table := newTaskTable(t)
	asked := table.queries(t, 3, 40)
	b, err := executor.NewBatch(asked, table.snap.Schema)
	if err != nil {
		t.Fatal(err)
	}
	var counts [2][]int
	ask := func(environment string) {
		t.Helper()
		for i, s := range table.splits(t) {
			line, digest := taskLine(t, s, b)
			c := shellOf(segqCommand(t, "", "task"), `exec "$SEGQ" task --meter `+m.Name())
			c.Env, c.Stdin = append(c.Env, environment), strings.NewReader(line)
			out, err := c.Output()
			if err != nil {
				t.Fatal(err)
			}
			a := answerOf(t, string(out), i, digest, len(asked.Queries))
			own := []int{a.Rows}
			for _, o := range a.Outcomes {
				own = append(own, o.Count)
			}
			if counts[i] == nil {
				counts[i] = own
			} else if !slices.Equal(own, counts[i]) {
				t.Errorf("%s: part %d counts %v, and not %v", environment, i, own, counts[i])
			}
		}
	}
	ask("SEGQ_REDIS_SECRET=redis://" + addr)
	ask("SEGQ_REDIS_SECRET_FILE=" + secret)
	told, err := m.Read(t.Context())
	if err != nil || len(told) != 4 {
		t.Fatalf("%d attempts have told how far they are: %v", len(told), err)
	}
	for name, text := range told {
		p, err := executor.ParseProgress(name, text, len(asked.Queries))
		if err != nil {
			t.Fatal(err)
		}
		want := counts[p.Part]
		for i := range p.Rows {
			if p.Rows[i] != want[0] || p.Matched[i] != want[1+i] || p.Total != want[0] {
				t.Errorf("part %d: %d of %d rows match query %d, and not %d of %d", p.Part, p.Matched[i], p.Rows[i], i, want[1+i], want[0])
			}
		}
	}
	stopRedis()
	for _, environment := range []string{"SEGQ_REDIS_SECRET=redis://" + addr, "SEGQ_REDIS_SECRET=nonsense", "SEGQ_REDIS_SECRET_FILE=" + secret + "x", "SEGQ_REDIS_SECRET="} {
		ask(environment)
	}
}

// A task whose batch is over in Redis ends, and says so by its status.
func TestTaskIsOver(t *testing.T) {
	t.Parallel()
	addr, stopRedis, err := redistest.Start()
	redistest.Need(t, err)
	defer stopRedis()
	client, err := redisx.Open(t.Context(), redisx.Options{URL: "redis://" + addr, Namespace: "over"})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	m, err := client.Meter("one")
	if err != nil {
		t.Fatal(err)
	}
	line, dir := slowTask(t)
	c := shellOf(segqCommand(t, "", "task"), `exec "$SEGQ" task --cache ./cache --meter `+m.Name())
	var said strings.Builder
	c.Env, c.Dir, c.Stdin, c.Stderr = append(c.Env, "SEGQ_REDIS_SECRET=redis://"+addr), dir, strings.NewReader(line), &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Process.Kill() }()
	for told := map[string]string{}; len(told) == 0; {
		if told, err = m.Read(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.End(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := c.Wait(); c.ProcessState.ExitCode() != taskOver || strings.Count(said.String(), "\n") != 1 {
		t.Errorf("it ends with status %d: %v: %s", c.ProcessState.ExitCode(), err, said.String())
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
}
