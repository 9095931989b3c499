//go:build linux

package main

import (
	"errors"
	"io"
	"os"
	osexec "os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// slowTask is a task that has much to do: its lines, and its process once there is one.
func slowTask(t *testing.T) (line string, dir string) {
	t.Helper()
	dir = t.TempDir()
	list := `{"n":1}` + strings.Repeat(`,{"n":1}`, 99)
	text := `{"_id":"a","ev":[` + list + "]}\n"
	snap, _, packed, _ := packRows(t, dir, text, "", "")
	q, problems := lang.Compile(endless, column.Catalog{Snapshot: snap}, check.Options{})
	if problems.Failed() {
		t.Fatal(problems)
	}
	b, err := executor.NewBatch(exec.Batch{Now: taskNow, Queries: []exec.Query{{ID: "q", Typed: q}}}, snap.Schema)
	if err != nil {
		t.Fatal(err)
	}
	line, _ = batchLine(t, packed, b)
	return line, dir
}

// A task ends when it is told to, when nobody reads its answer, and when its parent is gone.
func TestTaskEnds(t *testing.T) {
	t.Parallel()
	line, dir := slowTask(t)
	for name, end := range map[string]struct {
		script string
		how    func(t *testing.T, shell *osexec.Cmd, out io.Closer)
	}{
		"SIGTERM":            {`exec "$SEGQ" task --cache ./cache --tick 50ms`, func(_ *testing.T, c *osexec.Cmd, _ io.Closer) { _ = c.Process.Signal(syscall.SIGTERM) }},
		"nobody reads":       {`exec "$SEGQ" task --cache ./cache --tick 50ms`, func(_ *testing.T, _ *osexec.Cmd, out io.Closer) { _ = out.Close() }},
		"the parent is shot": {`"$SEGQ" task --cache ./cache --tick 50ms; true`, func(_ *testing.T, c *osexec.Cmd, _ io.Closer) { _ = c.Process.Kill() }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := shellOf(segqCommand(t, "", "task"), end.script)
			c.Dir = dir
			in, err := c.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			out, err := c.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			// Whoever has the other end of this pipe lives.
			alive, theirs, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			c.ExtraFiles = []*os.File{theirs}
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			_ = theirs.Close()
			ticking := make(chan struct{})
			go func() { // the writer of the executor: it is held up by the full pipe
				defer in.Close()
				_, err := io.WriteString(in, line)
				for i := 0; i < 10_000 && err == nil; i++ {
					_, err = io.WriteString(in, strings.Repeat(" ", 8191)+"\n")
					if i == 12 { // the pipe holds eight of them
						close(ticking)
					}
				}
			}()
			select {
			case <-ticking:
			case <-time.After(20 * time.Second):
				t.Error("it does not read")
			}
			_ = alive.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
			if _, err := alive.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatalf("it has ended by itself: %v", err)
			}
			end.how(t, c, out)
			began := time.Now()
			_ = alive.SetReadDeadline(began.Add(20 * time.Second))
			if _, err := alive.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
				_ = c.Process.Kill()
				t.Errorf("it works on: %v", err)
			}
			_ = c.Wait()
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}
