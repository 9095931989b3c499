//go:build unix

package main

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/segq/segq/cmd/segq/internal/exit"
)

// underShell makes a session the job of a shell, which tells its process and how the terminal is when it has it again,
// and then lets the session go on.
func underShell(t *testing.T, c *exec.Cmd) *screen {
	t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash to control jobs")
	}
	const script = `set -m
sh -c 'echo process $$ is; exec "$0" "$@"' "$0" "$@"
while [ -n "$(jobs -s)" ]; do
	if stty -a | grep -q -e -icanon; then echo raw; else echo cooked; fi
	echo stopped; read -r line; fg
done
if stty -a | grep -q -e -icanon; then echo raw at last; else echo cooked at last; fi`
	c.Path, c.Args = bash, append([]string{bash, "-c", script}, c.Args...)
	return newScreen(t, c, 80, 24)
}

// process returns the process of a session under a shell.
func (s *screen) process() int {
	s.Helper()
	told := regexp.MustCompile(`process (\d+) is`).FindStringSubmatch(s.until(" is"))
	pid, err := strconv.Atoi(told[1])
	if err != nil {
		s.Fatal(err)
	}
	return pid
}

// TestStopped stops sessions with Ctrl-Z, and from elsewhere with signals, and continues them: the shell has a terminal
// that works, and after it the session has its own again, with what was typed.
func TestStopped(t *testing.T) {
	t.Parallel()
	for name, sent := range map[string]syscall.Signal{"Ctrl-Z": 0, "TSTP": syscall.SIGTSTP, "STOP": syscall.SIGSTOP} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := underShell(t, sessionCommand(t))
			pid := s.process()
			s.until("2,000 profiles")
			s.keys(`loyalty.tier = "gold"`)
			s.until(`segq> loyalty.tier = "gold"`)
			for round := 1; round <= 2; round++ {
				if sent == 0 {
					s.keys("\x1a")
				} else if err := syscall.Kill(pid, sent); err != nil {
					t.Fatal(err)
				}
				all := s.wait("stopped", func(all string) bool { return strings.Count(all, "stopped") == round })
				if sent != syscall.SIGSTOP && (strings.Contains(all, "raw\n") || s.mode("?2004")) {
					t.Errorf("not a shell's:\n%s", all)
				}
				if sent == syscall.SIGSTOP { // which leaves no time for it: shells do that for themselves when they read a line
					stty := exec.Command("stty", "sane")
					stty.Stdin = s.terminal
					if out, err := stty.CombinedOutput(); err != nil {
						t.Fatalf("%v: %s", err, out)
					}
				}
				s.keys("\n")
				s.wait("the prompt again", func(all string) bool {
					return strings.Contains(all[strings.LastIndex(all, "stopped"):], `segq> loyalty.tier = "gold"`) && s.written() != ""
				})
			}
			s.keys("\r")
			s.until("262 of 2,000")
			s.keys("\x04")
			s.until("cooked at last")
			if status := s.end(); status != exit.OK {
				t.Errorf("status %d", status)
			}
			s.restored()
		})
	}
}

// TestDump: the traceback that SIGQUIT asks for comes to a terminal that is as before.
func TestDump(t *testing.T) {
	t.Parallel()
	s := underShell(t, sessionCommand(t))
	pid := s.process()
	s.until("2,000 profiles")
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	all := s.until("cooked at last")
	if !strings.Contains(all, "SIGQUIT: quit") {
		t.Errorf("no traceback:\n%s", all)
	}
	s.end()
	s.restored()
}

// TestEditorsThatEndBadly: one that leaves the terminal raw, and one that is open when the session is told to end.
func TestEditorsThatEndBadly(t *testing.T) {
	t.Parallel()
	raw := writeFile(t, "raw.sh", "#!/bin/sh\nstty raw -echo\n")
	waits := writeFile(t, "waits.sh", "#!/bin/sh\necho editor of $1 is\nexec sleep 1000\n")
	for _, script := range []string{raw, waits} {
		if err := os.Chmod(script, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	c := sessionCommand(t)
	c.Env = append(c.Env, "EDITOR="+raw)
	s := underShell(t, c)
	s.until("2,000 profiles")
	s.keys("loyalty \x18\x05")
	s.until("\nsegq> loyalty")
	s.keys("x")
	s.until("segq> loyalty x")
	s.keys("\x03\x04")
	s.until("cooked at last")
	for sent, want := range map[syscall.Signal]int{syscall.SIGTERM: exit.Terminated, syscall.SIGHUP: exit.HungUp} {
		if signal.Ignored(sent) { // as under nohup, and so by segq
			continue
		}
		folder := t.TempDir()
		c := sessionCommand(t)
		c.Env = append(c.Env, "EDITOR="+waits, "TMPDIR="+folder)
		s := newScreen(t, c, 80, 24)
		s.until("2,000 profiles")
		s.keys("loyalty\x18\x05")
		s.until(".pql is")
		if err := s.command.Process.Signal(sent); err != nil {
			t.Fatal(err)
		}
		if status := s.end(); status != want {
			t.Errorf("%v: status %d", sent, status)
		}
		if left, _ := filepath.Glob(filepath.Join(folder, "*")); len(left) > 0 {
			t.Errorf("%v: left behind: %v", sent, left)
		}
	}
}

// TestTerminalThatIsStuck: a session whose terminal takes no more ends when it is told to.
func TestTerminalThatIsStuck(t *testing.T) {
	t.Parallel()
	s := newScreen(t, sessionCommand(t), 80, 24)
	s.until("2,000 profiles")
	s.mu.Lock() // nobody reads
	for range 40 {
		if _, err := s.terminal.WriteString(".help\r"); err != nil {
			t.Fatal(err)
		}
	}
	full := time.After(500 * time.Millisecond)
	<-full
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.command.Wait() }()
	select {
	case <-ended:
	case <-time.After(15 * time.Second):
		t.Error("it does not end")
	}
	s.mu.Unlock()
}
