package main

import (
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
)

// typist types into a session and reads what its terminal is sent.
type typist struct {
	t        testing.TB
	terminal *os.File
	command  *exec.Cmd
	started  time.Duration // until there was a prompt

	mu   sync.Mutex
	sent []byte
	more chan struct{}
}

// startTypist starts a session and waits for its prompt.
func startTypist(tb testing.TB, name string, data ...string) *typist {
	c := exec.Command(name, append([]string{"--no-config"}, data...)...)
	c.Env = append(os.Environ(), "TERM=xterm-256color", "CI=", "XDG_STATE_HOME="+tb.TempDir())
	t := &typist{t: tb, command: c, more: make(chan struct{}, 1)}
	begin := time.Now()
	var err error
	if t.terminal, err = pty.StartWithSize(c, &pty.Winsize{Rows: 50, Cols: 160}); err != nil {
		tb.Fatal(err)
	}
	go t.read()
	t.await(0, "segq>")
	t.started = time.Since(begin)
	tb.Cleanup(t.close)
	if len(data) > 0 {
		t.await(0, "profiles") // the data is there
		t.quiet()
	}
	return t
}

func (t *typist) read() {
	piece := make([]byte, 1<<16)
	for {
		n, err := t.terminal.Read(piece)
		t.mu.Lock()
		t.sent = append(t.sent, piece[:n]...)
		t.mu.Unlock()
		select {
		case t.more <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// press types keys, and returns how long it took until the terminal was sent a text.
func (t *typist) press(keys, want string) time.Duration {
	t.mu.Lock()
	from := len(t.sent)
	t.mu.Unlock()
	begin := time.Now()
	if _, err := t.terminal.WriteString(keys); err != nil {
		t.t.Fatal(err)
	}
	if want == "" {
		t.quiet()
	} else {
		t.await(from, want)
	}
	return time.Since(begin)
}

// await waits until a text has been sent behind an offset.
func (t *typist) await(from int, want string) {
	limit := time.After(2 * time.Minute)
	for {
		t.mu.Lock()
		all := string(t.sent[from:])
		t.mu.Unlock()
		if strings.Contains(ansi.Strip(all), want) {
			return
		}
		select {
		case <-t.more:
		case <-limit:
			t.t.Fatalf("%q was not shown, but %q", want, ansi.Strip(all))
		}
	}
}

// quiet waits until nothing has been sent for a while.
func (t *typist) quiet() {
	for {
		select {
		case <-t.more:
		case <-time.After(250 * time.Millisecond):
			return
		}
	}
}

func (t *typist) close() {
	_ = t.command.Process.Kill() // nothing of it is kept
	_ = t.command.Wait()
	t.terminal.Close()
}
