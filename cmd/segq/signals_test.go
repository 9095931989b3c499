//go:build unix

package main

import (
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/google/uuid"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
)

// endless takes longer than anybody waits.
const endless = "exists A from ev, B from ev, C from ev, D from ev, E from ev, F from ev where A.n + B.n + C.n + D.n + E.n + F.n < 0"

// TestSignals ends each command that may take long with each signal, in its midst.
func TestSignals(t *testing.T) {
	t.Parallel()
	redis, space, dir := workertest.Redis(t), "signals-"+uuid.NewString(), t.TempDir()
	list := `{"n":1}` + strings.Repeat(`,{"n":1}`, 99)
	data := filepath.Join(dir, "d.ndjson")
	if err := os.WriteFile(data, []byte(`{"_id":"a","ev":[`+list+"]}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	queued := segqCommand(t, redis, "submit", "--namespace", space, "--id", "waits", "-c", "true")
	if out, err := queued.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, c := range []struct {
		name  string
		ready string // what it says when it is at work; "" where it says nothing
		args  []string
	}{
		{"local", "elapsed", []string{"--progress", "err", "-c", endless, data}},
		{"rows", "", []string{"--ids", "-c", endless, data}},
		{"redis", "", []string{"--redis", redis, "-c", endless, data}},
		{"attach", "", []string{"--attach", "--namespace", space, "-c", "true"}},
		{"standard input", "", []string{data}},
		{"serve", "working", []string{"--serve", "--namespace", space + "-s", data}},
		{"http", "serving HTTP", []string{"--http", "127.0.0.1:0", "--namespace", space}},
		{"submit --wait", "", []string{"submit", "--wait", "--namespace", space, "-c", "true"}},
		{"submit --watch", "queued", []string{"submit", "--watch", "--namespace", space, "-c", "true"}},
		{"publish", "", []string{"publish", "x", "--namespace", space, "-c", "true"}},
		{"watch", "queued", []string{"watch", "--namespace", space, "waits"}},
		{"check", "", []string{"check", data}},
		{"explain", "", []string{"explain", "--analyze", "-c", endless, data}},
		{"fmt", "", []string{"fmt"}},
		{"gen", "", []string{"gen", "--profiles", "100000000", "-o", filepath.Join(dir, "g.ndjson.gz")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for sent, want := range map[syscall.Signal]int{
				syscall.SIGINT: exit.Interrupted, syscall.SIGTERM: exit.Terminated, syscall.SIGHUP: exit.HungUp,
			} {
				if signal.Ignored(sent) { // as under nohup, and so by segq
					continue
				}
				if c.name == "serve" && sent == syscall.SIGHUP { // it reloads
					continue
				}
				if got := endedBy(t, segqCommand(t, redis, c.args...), c.ready, sent); got != want {
					t.Errorf("%v ends it with %d, not %d", sent, got, want)
				}
			}
		})
	}
}

// segqCommand returns segq as a process of its own.
func segqCommand(t *testing.T, redis string, args ...string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(program, args...)
	c.Env = append(os.Environ(), asProgram+"=1", "SEGQ_REDIS_URL="+redis)
	return c
}

// endedBy starts a command, sends it a signal when it has said that it is ready, and returns its status, as a
// shell has it. Its standard input stays open.
func endedBy(t *testing.T, c *exec.Cmd, ready string, signal syscall.Signal) int {
	t.Helper()
	said, says, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	c.Stdout, c.Stderr = says, says
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	says.Close()
	heard, piece := "", make([]byte, 4096)
	for !strings.Contains(heard, ready) {
		n, err := said.Read(piece)
		if err != nil {
			t.Fatalf("it has ended, and said %q", heard)
		}
		heard += string(piece[:n])
	}
	if err := c.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, said)
	_ = c.Wait()
	state := c.ProcessState.Sys().(syscall.WaitStatus)
	if state.Signaled() { // before it was listening
		return 128 + int(state.Signal())
	}
	return state.ExitStatus()
}

// TestCancelledBefore: what ends a session does so several times, and takes its terminal: the system hangs up, and so does the
// shell; who logs out is told to end, and hung up. None of that must end what the first time has begun, which is to cancel.
func TestCancelledBefore(t *testing.T) {
	t.Parallel()
	redis, space, dir := workertest.Redis(t), "hungup-"+uuid.NewString(), t.TempDir()
	data := filepath.Join(dir, "d.ndjson")
	list := `{"n":1}` + strings.Repeat(`,{"n":1}`, 99)
	if err := os.WriteFile(data, []byte(`{"_id":"a","ev":[`+list+"]}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	serving := segqCommand(t, redis, "--serve", "--namespace", space, data)
	if err := serving.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = serving.Process.Kill()
		_ = serving.Wait()
	})
	jobs := func() string {
		out, err := segqCommand(t, redis, "jobs", "--json", "--namespace", space).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return string(out)
	}
	for _, c := range []struct {
		name   string
		args   []string
		closes bool // the terminal
		sent   []syscall.Signal
	}{
		{"hung up", nil, false, []syscall.Signal{syscall.SIGHUP}},
		{"logged out", nil, false, []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM, syscall.SIGINT}},
		{"closed", nil, true, []syscall.Signal{syscall.SIGHUP}},
		{"logged out in words", []string{"--accessible"}, false, []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT}},
		{"closed in words", []string{"--accessible"}, true, []syscall.Signal{syscall.SIGHUP}},
	} {
		for range 3 {
			command := segqCommand(t, redis, append(c.args, "--attach", "--no-config", "--namespace", space)...)
			command.Env = append(command.Env, "SEGQ_HISTORY=off", "TERM=xterm-256color", "XDG_STATE_HOME="+dir)
			session := newScreen(t, command, 100, 30)
			session.until("segq>")
			session.keys(endless, "\r", strings.Replace(endless, "A.n +", "A.n + 1 +", 1), "\r")
			for strings.Count(jobs(), `"running"`) < 2 {
			}
			if c.closes {
				session.terminal.Close()
			}
			gone := make(chan struct{})
			go func() {
				_ = command.Wait()
				close(gone)
			}()
			for i := 0; !closed(gone); i++ {
				_ = command.Process.Signal(c.sent[i%len(c.sent)]) // it may have ended
				runtime.Gosched()
			}
			if out := jobs(); strings.Contains(out, `"running"`) || strings.Contains(out, `"queued"`) {
				t.Fatalf("%s: %s", c.name, out)
			}
		}
	}
}

// closed says whether a channel is.
func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
