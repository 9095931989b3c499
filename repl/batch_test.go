package repl_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

func (s *session) paste(text string) {
	s.send(tea.KeyMsg{Type: tea.KeyRunes, Paste: true, Runes: []rune(text)})
}

func (s *session) lacks(text string) {
	s.t.Helper()
	if strings.Contains(s.screen(), text) {
		s.t.Errorf("%q is on the screen:\n%s", text, s.screen())
	}
}

// Of what is pasted, every wrong line is told, none runs, and all of it is there to be mended.
func TestWrongBatch(t *testing.T) {
	sizes(t, func(s *session) {
		s.paste("a = 1\nb = = 2\nhomeAdress.city = \"Oslo\"\nc = 3\nd in [1, 2\ne: (f = 1; homeAdress.city = \"Bergen\"\ng = 7\n")
		s.keys("enter")
		if len(s.backend.submitted) > 0 {
			s.t.Errorf("submitted %v", s.backend.submitted)
		}
	})
}

func TestWrongBatchIsMended(t *testing.T) {
	flow(t, func(s *session) {
		s.paste("a = 1\nhomeAdress.city = \"Oslo\"\nb = = 2")
		s.keys("enter")
		s.wants("2:1: error: there is no field homeAdress in a profile")
		s.wants("3:5: error: ")
		s.wants("2 of 3 statements are wrong, so none ran; they are in the prompt again")
		s.wants("-- live --\nsegq> a = 1\n ...> homeAdress.city = \"Oslo\"\n ...> b = = 2")
		s.keys("x", "x", "x") // at the first error
		s.wants(" ...> xxxhomeAdress")
		s.keys("ctrl+_")
		s.keys("ctrl+k", "other = 2", "down", "ctrl+u", "b = 2", "ctrl+k", "enter")
		var ran []string
		for _, q := range s.backend.submitted {
			ran = append(ran, q.Text)
		}
		if want := []string{"a = 1", "other = 2", "b = 2"}; !slices.Equal(ran, want) {
			s.t.Errorf("ran %q, want %q", ran, want)
		}
	})
}

// Commands among the lines have a line of their own, and run where they stand.
func TestCommandsInABatch(t *testing.T) {
	flow(t, func(s *session) {
		s.paste(".schema homeAddress\na = 1\n.jobs\nb = 2 and\n  c = 3\n.help cancel")
		s.keys("enter")
		want := []string{"homeAddress.countryCode  text", "submitting  a = 1", "cancel queries"}
		at := 0
		for _, w := range want {
			i := strings.Index(s.screen()[at:], w)
			if i < 0 {
				s.t.Fatalf("%q is not where it should be:\n%s", w, s.screen())
			}
			at += i
		}
		if got := s.backend.submitted; len(got) != 2 {
			s.t.Errorf("submitted %v", got)
		}
	})
	flow(t, func(s *session) {
		s.paste(".feilds code\na = 1\n.load now\nxEvent\n  .count() > 3")
		s.keys("enter")
		s.wants("1:1: error: there is no command .feilds")
		s.wants("hint: did you mean .fields?")
		s.wants("3:1: error: .load takes no arguments")
		s.wants("2 of 4 statements are wrong, so none ran")
		s.lacks("no query is running")
		if len(s.backend.submitted) > 0 {
			s.t.Errorf("submitted %v", s.backend.submitted)
		}
	})
}

// While a batch is in the prompt, its commands are not called wrong queries.
func TestCommandsAreNoFindings(t *testing.T) {
	flow(t, func(s *session) {
		s.paste("a = 1\n.fields code\nhomeAdress.city = 2 and b = 1\n")
		s.wait(time.Second)
		s.wants("did you mean homeAddress?")
		s.lacks("unexpected")
	})
}

// A line that goes on with a query is no command, whatever its name.
func TestDotGoesOn(t *testing.T) {
	flow(t, func(s *session) {
		s.paste("orders.sum(\n.5)\nxEvent\n.count() > 1 and homeAddress\n.fields = 2")
		s.keys("enter")
		if got := s.backend.submitted; len(got) != 2 || got[1].Text != "xEvent\n.count() > 1 and homeAddress\n.fields = 2" {
			s.t.Errorf("ran %+v", got)
		}
	})
}

// A command that is misspelt is one all the same, behind a query too; one on the line of a query is not.
func TestMisspeltCommandsInABatch(t *testing.T) {
	flow(t, func(s *session) {
		s.paste("a = 1\n.feilds country\nb = 2\nhomeAdress = 1\n.jbos")
		s.keys("enter")
		s.wants("2:1: error: there is no command .feilds")
		s.wants("hint: did you mean .fields?")
		s.wants("5:1: error: there is no command .jbos")
		s.wants("3 of 5 statements are wrong, so none ran")
	})
	flow(t, func(s *session) {
		s.paste("a = 1; .fields country; b = 2")
		s.keys("enter")
		s.wants("1:8: error: a command has a line of its own")
		s.wants("1 of 3 statements is wrong")
	})
	flow(t, func(s *session) {
		s.paste("xEvent\n.edits = 2\nhomeAddress\n.jobz and b = 1\nxEvent\n.counts() > 1")
		s.keys("enter")
		s.lacks("no command")
	})
}
