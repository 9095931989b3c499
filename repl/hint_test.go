package repl_test

import (
	"strings"
	"testing"

	"github.com/segq/segq/repl"
)

// TestHintsOfSessions: hints name the commands of a session, not those of the shell.
func TestHintsOfSessions(t *testing.T) {
	play(t, 80, 24, repl.Options{}, func(s *session) {
		s.keys("help", "enter", "Help keys", "enter", "halp", "enter")
		for _, want := range []string{"hint: commands start with a dot: .help\n", "hint: commands start with a dot: .help keys", "hint: fields are listed by .fields"} {
			if !strings.Contains(s.screen(), want) {
				t.Errorf("%q is missing:\n%s", want, s.screen())
			}
		}
		if strings.Contains(s.screen(), "segq schema") {
			t.Errorf("a command of the shell:\n%s", s.screen())
		}
	})
}
