package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/creack/pty"
)

// TestStart builds segq and starts it. The plain build: this test's own binary has
// more linked in, and may carry the race detector, which takes longer to start.
func TestStart(t *testing.T) {
	name := filepath.Join(t.TempDir(), "segq.exe")
	if out, err := exec.Command("go", "build", "-o", name, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	t.Run("silent terminal", func(t *testing.T) { inSilentTerminal(t, name) })
	t.Run("rows", func(t *testing.T) { rowsInTerminal(t, name) })
	t.Run("wrong query", func(t *testing.T) { toldOnce(t, name) })
	t.Run("before main", func(t *testing.T) { beforeMain(t, name) })
}

// inSilentTerminal runs segq --version in a terminal that answers no
// question. It must not ask one: no escape byte, and no wait for a reply.
func inSilentTerminal(t *testing.T, name string) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no pseudo-terminals of this kind on Windows")
	}
	fastest := time.Hour
	for range 5 {
		out, elapsed := runInTerminal(t, name, "--version")
		if !bytes.HasPrefix(out, []byte("segq ")) {
			t.Fatalf("segq --version printed %q", out)
		}
		if bytes.ContainsRune(out, '\x1b') {
			t.Fatalf("segq --version sent escape bytes: %q", out)
		}
		fastest = min(fastest, elapsed)
	}
	// The question's own time limit is five seconds. The fastest of several
	// starts shows that nothing waits, also on a busy machine.
	if fastest > 300*time.Millisecond {
		t.Errorf("segq --version took %v at best", fastest)
	}
}

// rowsInTerminal prints ids that would tell a terminal what to do, which is shown and not done.
func rowsInTerminal(t *testing.T, name string) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no pseudo-terminals of this kind on Windows")
	}
	data := filepath.Join(t.TempDir(), "d.ndjson")
	if err := os.WriteFile(data, []byte(`{"_id":"a\u001b[31mb","n":1}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"", "csv", "json", "table"} {
		out, _ := runInTerminal(t, name, "-q", "--progress", "off", "-c", "true", "--ids", "--format", format, data)
		if !bytes.Contains(out, []byte(`a\u001b[31mb`)) || bytes.ContainsRune(out, '\x1b') {
			t.Errorf("%s: %q", format, out)
		}
	}
}

// toldOnce runs wrong queries on a terminal, where what is wrong is said once: with its place, and not in
// the table again. Where standard error goes elsewhere, the table says it.
func toldOnce(t *testing.T, name string) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no pseudo-terminals of this kind on Windows")
	}
	for _, args := range [][]string{{"-c", "nothing = 1"}, {"-c", "nothing = 1", "-c", "true"}, {"-c", "nothing = 1", "--funnel"}, {"-q", "-c", "nothing = 1"}} {
		for _, apart := range []bool{false, true} {
			c := exec.Command(name, append([]string{"--no-config"}, args...)...)
			if apart {
				c.Stderr = io.Discard
			}
			terminal, err := pty.Start(c)
			if err != nil {
				t.Fatal(err)
			}
			out, _ := io.ReadAll(terminal)
			terminal.Close()
			_ = c.Wait() // the status is another test's
			if n := bytes.Count(out, []byte("there is no field nothing")); n != 1 {
				t.Errorf("%q, standard error apart %v: said %d times:\n%s", args, apart, n, out)
			}
		}
	}
}

// runInTerminal runs a command on a pseudo-terminal that only listens.
func runInTerminal(t *testing.T, name string, args ...string) ([]byte, time.Duration) {
	t.Helper()
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), "TERM=xterm-256color", "CI=")
	started := time.Now()
	terminal, err := pty.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	// A pseudo-terminal whose last writer is gone reads as an error on Linux.
	out, _ := io.ReadAll(terminal)
	if err := c.Wait(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return out, time.Since(started)
}
