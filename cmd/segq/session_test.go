//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/exit"
)

// sessionCommand returns a session as a process of its own, of a user who had none before.
func sessionCommand(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	c := segqCommand(t, "", append([]string{"--no-config"}, args...)...)
	c.Env = append(c.Env, "TERM=xterm-256color", "XDG_STATE_HOME="+t.TempDir(), "NO_COLOR=", "ACCESSIBLE=")
	return c
}

// pipe returns the name of a pipe, and what puts data into it and ends it.
func pipe(t *testing.T, name string) (string, func(data string)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path, func(data string) {
		if err := os.WriteFile(path, []byte(data), 0); err != nil {
			t.Error(err)
		}
	}
}

// restored says that the terminal is as it was.
func (s *screen) restored() {
	s.Helper()
	if s.mode("2004") || !s.mode("25") {
		s.Errorf("not restored: pasted text marked %v, cursor %v", s.mode("2004"), s.mode("25"))
	}
}

// TestPromptBeforeData: the prompt is there before a byte of the data is; what is entered is kept.
func TestPromptBeforeData(t *testing.T) {
	t.Parallel()
	path, fill := pipe(t, "d.ndjson")
	s := newScreen(t, sessionCommand(t, path), 80, 24)
	s.until("segq  d.ndjson · opening")
	s.until("segq> ")
	s.keys("n = 1\r")
	s.until("n = 1  waits for the data")
	s.keys("nothing = 1\r", "n > 0 an")
	s.until("segq> n > 0 an")
	fill(`{"_id":"a","n":1,"tier":"gold"}` + "\n" + `{"_id":"b","n":2,"tier":"silver"}` + "\n")
	s.until("segq  d.ndjson · 2 profiles · 3 fields")
	s.until("there is no field nothing")
	all := s.until("1 of 2 (50.00 %)")
	if strings.Contains(all, "waits for") || !strings.Contains(all, "segq> n > 0 an") {
		t.Errorf("what was typed, or was kept:\n%s", all)
	}
	s.keys("\x03", ".quit\r")
	if status := s.end(); status != exit.OK {
		t.Errorf("status %d", status)
	}
	s.restored()
}

// TestDataThatIsNone: data that cannot be opened ends the session with the status of the command line, and
// says so where the user looks.
func TestDataThatIsNone(t *testing.T) {
	t.Parallel()
	path, fill := pipe(t, "d.ndjson")
	s := newScreen(t, sessionCommand(t, path), 80, 24)
	s.until("segq> ")
	s.keys("n = 1\r")
	s.until("waits for the data")
	fill("this is no JSON\n")
	if status := s.end(); status != exit.Unreachable {
		t.Errorf("status %d", status)
	}
	all := s.text()
	for _, want := range []string{"not run, since there is no data:", "n = 1", "segq: "} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing:\n%s", want, all)
		}
	}
	s.restored()
}

// TestMistakesBeforeTheScreen: a file that is missing and a flag that is wrong are told without a screen.
func TestMistakesBeforeTheScreen(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]*exec.Cmd{
		"nowhere.csv: no such file":   sessionCommand(t, "nowhere.csv"),
		"unknown --load":              sessionCommand(t, "--load", "some"),
		`there is no field "nothing"`: sessionCommand(t, "--id", "nothing"),
	} {
		s := newScreen(t, c, 80, 24)
		s.until(want)
		if status := s.end(); status != exit.Unreachable && status != exit.WrongUsage {
			t.Errorf("%s: status %d", want, status)
		}
		if strings.Contains(s.text(), "segq> ") {
			t.Errorf("a prompt:\n%s", s.text())
		}
	}
}

// TestWhatToTry: the first session says what to try, and what it says finds something; no other does.
func TestWhatToTry(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	for _, first := range []bool{true, false} {
		c := sessionCommand(t)
		c.Env = append(c.Env, "XDG_STATE_HOME="+home)
		s := newScreen(t, c, 80, 24)
		all := s.until("2,000 profiles")
		s.until("segq> ")
		if said := strings.Contains(all, `try  loyalty.tier = "`); said != first {
			t.Errorf("first %v:\n%s", first, all)
		}
		s.keys(".quit\r")
		if status := s.end(); status != exit.OK {
			t.Errorf("status %d", status)
		}
	}
}

// TestScreenWithoutSize: a terminal that does not say how large it is, also later.
func TestScreenWithoutSize(t *testing.T) {
	t.Parallel()
	s := newScreen(t, sessionCommand(t), 0, 0)
	s.until("segq> ")
	s.keys("loyalty.tier = \"gold\"\r")
	s.until("262 of 2,000")
	s.resize(0, 0)
	s.keys("loyalty.tier = \"silver\"\r")
	s.until("335 of 2,000")
}

// TestResize makes the terminal narrower and wider while a long input is typed: nothing of it is left behind.
func TestResize(t *testing.T) {
	t.Parallel()
	s := newScreen(t, sessionCommand(t), 100, 24)
	s.until("segq> ")
	s.keys("loyalty.tier = \"gold\"\r")
	s.until("262 of 2,000")
	s.keys("homeAddress.countryCode = \"CA\" and xEvent[eventType = \"commerce.purchases\"].count() >= 2 and loyalty.tier = \"gold\" or person.gender = \"last\"")
	s.until("last")
	for _, cols := range []int{60, 40, 70, 100, 50, 90, 41} {
		s.resize(cols, 24)
		all := s.wait(fmt.Sprint("a redrawing in ", cols), func(all string) bool {
			at := strings.Index(all, "segq> homeAddress")
			if at < 0 || !strings.HasSuffix(strings.Join(strings.Fields(all[at:]), ""), "person.gender=\"last\"") {
				return false
			}
			for i, l := range strings.Split(all[at:], "\n") {
				if i > 0 && !strings.HasPrefix(l, "      ") {
					return false
				}
			}
			return true
		})
		if strings.Count(all, "segq> homeAddress") != 1 || !strings.Contains(strings.ReplaceAll(all, "\n", ""), "262 of 2,000") {
			t.Errorf("%d columns:\n%s", cols, all)
		}
	}
}

// TestNarrower makes terminals of all kinds narrower, lower and wider, also in quick steps, while several things
// stand below the input: nothing of it is left behind, and nothing above it is lost.
func TestNarrower(t *testing.T) {
	t.Parallel()
	const rule = `loyalty.tier = "gold" and homeAddress.countryCode = "CA" and loyalty.points > 3`
	for name, typed := range map[string][2]string{
		"count": {rule, "1.25 %"}, "two lines": {rule + "\x0fand loyalty.points > 4", "1.25 %"},
		"search": {rule + "\x12", "search:"}, "popup": {rule + " and isHomeP", "isHomePage"},
	} {
		for _, k := range []kind{wraps, tmux, cuts} {
			t.Run(fmt.Sprint(name, k), func(t *testing.T) {
				t.Parallel()
				narrower(t, k, typed[0], typed[1])
			})
		}
	}
}

// narrower types something, waits until the screen says so, and resizes it.
func narrower(t *testing.T, k kind, typed, said string) {
	s := newScreen(t, sessionCommand(t), 80, 24)
	s.mu.Lock()
	s.kind = k
	s.mu.Unlock()
	s.until("2,000 profiles")
	for i := range 5 { // tmux takes from the top what does not fit, and nobody can have that back
		s.keys(fmt.Sprintf(".quitt %d\r", i))
	}
	s.keys(typed)
	s.until(said)
	steps := [][]int{{50, 24}, {30, 24, 80, 24}, {40, 12}}
	if k == tmux {
		steps = [][]int{{50, 24}, {45, 24, 80, 24, 50, 24}}
	}
	for _, sizes := range steps {
		for i := 0; i < len(sizes); i += 2 {
			s.resize(sizes[i], sizes[i+1])
		}
		cols := sizes[len(sizes)-2]
		all := s.wait("a view of its own width", func(all string) bool {
			_, view, there := strings.Cut(all, "segq> loyalty")
			second := strings.SplitN(view+"\n\n", "\n", 3)[1]
			return there && strings.HasPrefix(second, map[int]string{
				80: "      loyalty.points > 3", 50: `      homeAddress.countryCode = "CA" and`, 40: `      homeAddress.countryCode = "CA"`,
			}[cols])
		})
		if strings.Count(all, "segq> loyalty") != 1 || strings.Count(all, "loyalty.points > 3") != 1 || strings.Count(all, "segq> .quitt") != 5 {
			t.Errorf("%d columns:\n%s", cols, all)
		}
	}
	s.keys("\x07\x03.quit\r")
	if status := s.end(); status != exit.OK {
		t.Errorf("status %d", status)
	}
	for _, gone := range []string{"loyalty.points", "search:", "isHomePage", "CA", "25  1"} {
		if all := s.text(); strings.Contains(all, gone) {
			t.Errorf("left behind:\n%s", all)
		}
	}
}

// TestPlainTerminals: a dumb terminal and --accessible get lines of words alone, NO_COLOR no colours.
func TestPlainTerminals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]*exec.Cmd{
		"dumb": sessionCommand(t), "flag": sessionCommand(t, "--accessible"), "variable": sessionCommand(t), "own variable": sessionCommand(t),
	} {
		c.Env = append(c.Env, map[string]string{"dumb": "TERM=dumb", "flag": "A=", "variable": "ACCESSIBLE=1", "own variable": "SEGQ_ACCESSIBLE=1"}[name])
		s := newScreen(t, c, 80, 24)
		s.until("segq> ")
		s.keys("loyalty.tier = \"gold\"\n")
		s.until("262 of 2,000")
		s.keys(".quit\n")
		status, all := s.end(), strings.ReplaceAll(s.written(), "\r\n", "\n")
		if name != "dumb" { // which has no colours either
			all = regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(all, "")
		}
		if status != exit.OK || strings.ContainsAny(all, "\x1b\r█→≈·") {
			t.Errorf("%s: status %d, %q", name, status, s.written())
		}
	}
	for _, no := range []string{"0", "false", "No"} {
		c := sessionCommand(t)
		c.Env = append(c.Env, "ACCESSIBLE="+no)
		s := newScreen(t, c, 80, 24)
		s.until("segq> ")
		if !strings.Contains(s.written(), "\x1b[?2004h") {
			t.Errorf("ACCESSIBLE=%s: %q", no, s.written())
		}
	}
	c := sessionCommand(t)
	c.Env = append(c.Env, "NO_COLOR=1")
	s := newScreen(t, c, 80, 24)
	s.until("segq> ")
	s.keys("loyalty.tier = \"gold\"\r")
	s.until("262 of 2,000")
	if colours := regexp.MustCompile(`\x1b\[[0-9;]*[349][0-9][0-9;]*m`).FindString(s.written()); colours != "" {
		t.Errorf("a colour: %q", colours)
	}
}

// TestSessionEnds ends sessions from outside while a query runs: with signals, and by closing the terminal.
func TestSessionEnds(t *testing.T) {
	t.Parallel()
	data := writeFile(t, "d.ndjson", `{"_id":"a","ev":[{"n":1}`+strings.Repeat(`,{"n":1}`, 99)+"]}\n")
	for sent, want := range map[syscall.Signal]int{syscall.SIGTERM: exit.Terminated, syscall.SIGHUP: exit.HungUp} {
		if signal.Ignored(sent) { // as under nohup, and so by segq
			continue
		}
		s := newScreen(t, sessionCommand(t, data), 80, 24)
		s.until("segq> ")
		s.keys(endless + "\r")
		s.until("#1 ")
		if err := s.command.Process.Signal(sent); err != nil {
			t.Fatal(err)
		}
		if status := s.end(); status != want {
			t.Errorf("%v: status %d", sent, status)
		}
		s.restored()
	}
	plain, deaf := sessionCommand(t, data), sessionCommand(t, data)
	deaf.Args = append([]string{"sh", "-c", `trap "" HUP; exec "$0" "$@"`}, deaf.Args...)
	deaf.Path = "/bin/sh"
	for want, c := range map[int]*exec.Cmd{exit.HungUp: plain, exit.OK: deaf} {
		if c == plain && signal.Ignored(syscall.SIGHUP) {
			continue
		}
		s := newScreen(t, c, 80, 24)
		s.until("segq> ")
		s.keys(endless + "\r")
		s.until("#1 ")
		s.terminal.Close()
		_ = c.Wait() // the status is looked at
		if status := c.ProcessState.ExitCode(); status != want {
			t.Errorf("the terminal is gone: status %d, not %d", status, want)
		}
	}
}

// TestHeadlessOnATerminal: queries that come from a file are no session, also where the answers go to a terminal.
func TestHeadlessOnATerminal(t *testing.T) {
	t.Parallel()
	queries, err := os.Open(writeFile(t, "q.pql", "loyalty.tier = \"gold\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	defer queries.Close()
	c := sessionCommand(t)
	c.Stdin = queries
	s := newScreen(t, c, 80, 24)
	s.until("262  2,000")
	if status := s.end(); status != exit.OK || strings.Contains(s.written(), "segq> ") || strings.Contains(s.written(), "\x1b[?") {
		t.Errorf("status %d, %q", status, s.written())
	}
}

// writeFile makes a file in a folder of its own.
func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestInterruptsFromElsewhere: SIGINT means what Ctrl-C means, however often it comes.
func TestInterruptsFromElsewhere(t *testing.T) {
	t.Parallel()
	s := newScreen(t, sessionCommand(t), 80, 24)
	for _, text := range []string{"first", "second", "third"} {
		s.until("segq> ")
		s.keys(text)
		s.until("segq> " + text)
		if err := s.command.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		s.without("segq> " + text)
	}
	s.keys(".quit\r")
	if status := s.end(); status != exit.OK {
		t.Errorf("status %d", status)
	}
}
