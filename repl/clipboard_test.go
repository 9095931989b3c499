package repl

import (
	"strings"
	"testing"
)

func TestClipboard(t *testing.T) {
	var told string
	env := map[string]string{"SSH_TTY": "/dev/pts/1", "TERM": "xterm"}
	c := &clipboard{getenv: func(name string) string { return env[name] }, terminal: func(s string) error { told = s; return nil }}
	for _, want := range []struct{ variable, value, begins string }{
		{"", "", "\x1b]52;c;aGk=\a"},
		{"STY", "1.pts", "\x1bP\x1b]52;c;aGk=\a\x1b\\"},
		{"TMUX", "/tmp/tmux", "\x1b]52;c;aGk=\a\x1bPtmux;\x1b\x1b]52;c;aGk=\a\x1b\\"}, // both ways
	} {
		env[want.variable] = want.value
		if err := c.copy("hi"); err != nil || told != want.begins {
			t.Errorf("%s: %v, %q", want.variable, err, told)
		}
	}
	told = ""
	if err := c.copy(strings.Repeat("x", mostCopied+1)); err == nil || !strings.Contains(err.Error(), "74,995 bytes are too much: terminals take 74,994 at most") {
		t.Error(err)
	}
	env["TERM"] = "dumb"
	if err := c.copy("hi"); err == nil || told != "" {
		t.Errorf("%v, %q", err, told)
	}
}
