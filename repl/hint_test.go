package repl_test

import (
	"strings"
	"testing"

	"github.com/segq/segq/repl"
)

// TestHintsOfSessions: hints name the commands of a session, not those of the shell.
func TestHintsOfSessions(t *testing.T) {
	play(t, 80, 24, repl.Options{}, func(s *session) {
		s.keys("history", "enter", "halp", "enter")
		for _, want := range []string{"hint: commands start with a dot: .history\n", "hint: fields are listed by .fields"} {
			if !strings.Contains(s.screen(), want) {
				t.Errorf("%q is missing:\n%s", want, s.screen())
			}
		}
		if strings.Contains(s.screen(), "segq schema") {
			t.Errorf("a command of the shell:\n%s", s.screen())
		}
		s.finishAll()
	})
}

// TestBareWords: what people type in other programs is understood, unless a field has that name.
func TestBareWords(t *testing.T) {
	for _, text := range []string{"help", "?", "Help keys", "help;", ":help", `\?`} {
		flow(t, func(s *session) {
			s.keys(text, "enter")
			if strings.Contains(s.screen(), "error:") || !strings.Contains(s.screen(), "Ctrl-D") && !strings.Contains(s.screen(), ".schema [path]") {
				t.Errorf("%s:\n%s", text, s.screen())
			}
		})
	}
	for _, text := range []string{".help)", ".help;", ".HELP keys;"} {
		flow(t, func(s *session) {
			s.keys(text, "enter")
			if strings.Contains(s.screen(), "error:") {
				t.Errorf("%s:\n%s", text, s.screen())
			}
		})
	}
	for _, text := range []string{"quit", "exit", "exit()", ":q", `\q`, "QUIT;"} {
		flow(t, func(s *session) {
			s.keys(text, "enter")
			if !s.quit {
				t.Errorf("%s does not leave:\n%s", text, s.screen())
			}
		})
	}
	flow(t, func(s *session) {
		s.backend.fields = []repl.Field{{Path: "quit", Type: "bool", Filled: -1}}
		s.keys("quit", "enter")
		if s.quit || len(s.backend.submitted) != 1 {
			t.Errorf("quit is a field:\n%s", s.screen())
		}
	})
}

// TestLongHelpSaysSo: what does not fit on the screen says that its beginning is above it.
func TestLongHelpSaysSo(t *testing.T) {
	flow(t, func(s *session) {
		s.keys(".help keys", "enter")
		s.shows(" lines: scroll back to the beginning")
		s.keys("a")
		s.hides("scroll back")
		s.keys("backspace", ".help startsWith", "enter")
		s.hides("scroll back")
	})
}

// TestHelpOfNames: help knows what the manual knows, and what was meant.
func TestHelpOfNames(t *testing.T) {
	for topic, want := range map[string]string{
		"startsWith": "case", "startsWIth(": "case", "occurs": "unit", "startWith": "did you mean startsWith?", "kees": "did you mean keys?",
		"nothing like that": "there is no help on nothing like that; topics are keys",
	} {
		flow(t, func(s *session) {
			s.keys(".help "+topic, "enter")
			s.wants(want)
			if strings.Contains(s.screen(), "`string") || strings.Contains(s.screen(), "segq help") {
				t.Errorf("%s in Markdown, or of the shell:\n%s", topic, s.screen())
			}
		})
	}
}

// TestFieldsAreWrittenAsTyped: names that need backquotes have them, wherever a field is named.
func TestFieldsAreWrittenAsTyped(t *testing.T) {
	flow(t, func(s *session) {
		s.backend.fields = []repl.Field{
			{Path: "Postal Code", Type: "string", Filled: 0.997}, {Path: "order-total", Type: "object", Filled: 0.004},
			{Path: "order-total.a.b", Type: "map<object>", Filled: -1}, {Path: "order-total.a.b{}.c-d", Type: "int", Filled: 1}, {Path: "exists", Type: "int", Filled: 0},
		}
		s.keys(".fields", "enter")
		s.settle()
		for _, want := range []string{"`Postal Code`  ", "`order-total`  ", "`order-total`.`a.b`  ", "`order-total`.`a.b`{}.`c-d`  ", " 99.70 %", " 0.40 %", "1 field without a value"} {
			s.wants(want)
		}
		s.keys(".fields all", "enter")
		s.settle()
		s.wants("`exists`  ")
		s.keys(".schema `order-total`", "enter")
		s.wants("object, 1 field")
		s.keys(".fields `c-d`", "enter")
		s.settle()
		s.wants("int   100.00 %")
		if strings.Contains(s.screen(), "no field") {
			t.Errorf("a name in backquotes is not found:\n%s", s.screen())
		}
	})
}
