package repl_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"github.com/segq/segq/repl"
	"github.com/segq/segq/repl/history"
)

// lives wants a line of the live view to be this text, without colours and spaces behind it.
func (s *session) lives(text string) {
	s.t.Helper()
	for l := range strings.SplitSeq(ansi.Strip(s.model.View()), "\n") {
		if strings.TrimRight(l, " ") == text || text == "no match" && strings.Contains(l, text) {
			return
		}
	}
	s.t.Errorf("no line %q in\n%s", text, s.model.View())
}

func TestUpFindsWhatBeginsSo(t *testing.T) {
	flow(t, func(s *session) {
		for _, text := range []string{"one.a = 1", ".jobs", "two.b = 2", "ONE.c = 3", ".fields city", "two.b=2"} {
			s.keys(text, "enter")
		}
		s.keys("up")
		s.lives("segq> two.b=2")
		s.keys("up")
		s.lives("segq> ONE.c = 3") // two.b = 2 is the same as two.b=2
		s.keys("up", "up", "up")
		s.lives("segq> one.a = 1")
		s.keys("down", "down", "down", "one", "up")
		s.lives("segq> ONE.c = 3")
		s.keys("up", "up")
		s.lives("segq> one.a = 1")
		s.keys("ctrl+u", ".", "up")
		s.lives("segq> .") // changes on the way stay where they were made
		s.keys("ctrl+c", "ctrl+c", ".", "up")
		s.lives("segq> .fields city")
		s.keys("up")
		s.lives("segq> .jobs")
		s.keys("up", "down", "down")
		s.lives("segq> .")
		s.keys("ctrl+u", "nothing", "up")
		s.lives("segq> nothing")
		s.wants("no earlier input begins so; Ctrl-R searches")
	})
}

func TestClearedInputIsFirst(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter", "b = 2 and", "enter", "c", "ctrl+c")
		s.lives("segq>")
		s.keys("up")
		s.lives("segq> b = 2 and")
		s.lives(" ...> c")
		s.keys("up", "up") // a line up, and an input back
		s.lives("segq> a = 1")
		s.keys("ctrl+c", "ctrl+y")
		s.lives("segq> a = 1")
	})
}

func TestSpaceKeepsOut(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter", " b = 2", "enter")
		s.wants("not kept in the history")
		if len(s.backend.submitted) != 2 {
			s.t.Error("did not run")
		}
		s.keys("up")
		s.lives("segq> a = 1")
	})
}

// TestSuggestion: the newest query that begins so stands behind the cursor, and is taken by what moves there.
func TestSuggestion(t *testing.T) {
	for _, by := range []string{"right", "end", "ctrl+f"} {
		play(t, 80, 24, repl.Options{Color: true}, func(s *session) {
			s.keys(`homeAddress.city = "Oslo" and`, "enter", "  a = 1", "enter", "homeAdress.city = 1", "enter", ".help keys", "enter", "homeA")
			s.lives(`segq> homeAddress.city = "Oslo" and…`)
			s.keys("left")
			s.lives("segq> homeA")
			s.keys(by)
			s.lives(`segq> homeAddress.city = "Oslo" and…`)
			s.keys("alt+f")
			s.lives(`segq> homeAddress.city = "Oslo" and…`)
			s.keys(by)
			s.lives(`segq> homeAddress.city = "Oslo" and`)
			s.lives(" ...>   a = 1")
			s.keys("ctrl+c", ".he")
			s.lives("segq> .help keys")
			s.keys("ctrl+c", "home", "ctrl+r", "os") // not while something else stands there
			s.lives(`segq> homeAddress.city = "Oslo" and`)
			s.finishAll()
		})
	}
	flow(t, func(s *session) { // in no colour it could not be told from what was typed
		s.keys("a = 1", "enter", "a")
		s.lives("segq> a")
	})
}

// TestSessionsShareTheHistory has one session recall what another has run meanwhile, and with what count.
func TestSessionsShareTheHistory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "history.ndjson")
	other := history.Open(file)
	play(t, 80, 24, repl.Options{History: history.Open(file)}, func(s *session) {
		s.keys("mine = 1", "enter")
		s.backend.job(1, answer(41, 2_000_000, 250*time.Millisecond))
		s.wait(100 * time.Millisecond)
		if err := other.Sync(); err != nil {
			s.t.Fatal(err)
		}
		e := other.Entries()[0]
		if e.Text != "mine = 1" || e.Count != 41 || e.Total != 2_000_000 || !e.Exact || e.Elapsed != 250*time.Millisecond ||
			e.Dataset != "sample" || e.Snapshot != "9f2c4ab1" || e.State != history.Done {
			s.t.Errorf("%+v", e)
		}
		other.Add(history.Entry{Kind: history.Query, Text: "theirs = 1"})
		if err := other.Sync(); err != nil {
			s.t.Fatal(err)
		}
		s.wait(time.Second)
		s.keys("t", "up")
		s.lives("segq> theirs = 1")
		s.keys("ctrl+u", "up") // its own come first
		s.lives("segq> mine = 1")
		s.keys("up")
		s.lives("segq> theirs = 1")
		other.Add(history.Entry{Kind: history.Query, Text: "late = 1"})
		if err := other.Sync(); err != nil {
			s.t.Fatal(err)
		}
		s.keys("ctrl+r", "late", "enter")
		s.lives("segq> late = 1")
		s.keys("ctrl+c", ".history theirs", "enter")
		s.wants("theirs = 1\n1 input with theirs; the history is in")
	})
}

// TestUpDoesNotWaitForLong presses a key before it is known what other sessions have run.
func TestUpDoesNotWaitForLong(t *testing.T) {
	file := filepath.Join(t.TempDir(), "history.ndjson")
	play(t, 80, 24, repl.Options{History: history.Open(file)}, func(s *session) {
		s.keys("mine = 1", "enter")
		s.wait(time.Second)
		s.model.Update(tea.KeyMsg(namedKeys["up"])) // what it starts never answers
		s.model.Update(tea.KeyMsg(namedKeys["left"]))
		s.model.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("0")})
		s.lives("segq> mine = 01")
		s.finishAll()
	})
}

// TestHistoryThatCannotBeKept says so once, and the session goes on.
func TestHistoryThatCannotBeKept(t *testing.T) {
	file := t.TempDir() // a folder
	play(t, 80, 24, repl.Options{History: history.Open(file)}, func(s *session) {
		s.keys("a = 1", "enter", "b = 2", "enter", "up", "up")
		s.lives("segq> a = 1")
		if n := strings.Count(s.screen(), "note: the history cannot"); n != 1 {
			s.t.Errorf("said %d times:\n%s", n, s.screen())
		}
		s.finishAll()
	})
}

func TestHistoryList(t *testing.T) {
	var screen string
	local := time.Local
	time.Local = time.UTC
	defer func() { time.Local = local }()
	play(t, 60, 24, repl.Options{}, func(s *session) {
		s.keys("old = 1", "enter")
		s.backend.job(1, answer(1234, 2_000_000, time.Second))
		s.wait(100 * time.Millisecond)
		time.Sleep(400 * 24 * time.Hour)
		s.keys("homeAdress = 1", "enter", ".jobs", "enter")
		time.Sleep(30 * time.Hour)
		s.keys(`homeAddress.city = "Oslo" and`, "enter", "  a = 1", "enter")
		s.printed = nil
		s.keys(".history", "enter", ".history home OSLO", "enter", ".history nowhere", "enter")
		screen = strings.Join(s.printed, "\n") + "\n"
		s.finishAll()
	})
	golden.RequireEqual(t, screen)
}

// TestAccessibleKeepsHistory types into a session of lines; what came last is in the file when it has ended.
func TestAccessibleKeepsHistory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "history.ndjson")
	in := strings.NewReader("a = 1 and\nb = 2\n b = 3\nhomeAdress = 1\n.jobs\n.quit\n.quit\n")
	err := repl.Run(t.Context(), &script{}, repl.Options{In: in, Out: &strings.Builder{}, Accessible: true, History: history.Open(file)})
	if err != nil {
		t.Fatal(err)
	}
	stored := history.Open(file)
	if err := stored.Sync(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range stored.Entries() {
		got = append(got, string(e.Kind)+" "+e.Text+" "+string(e.State))
	}
	want := []string{"query a = 1 and\nb = 2 ", "query homeAdress = 1 wrong", "command .jobs ", "command .quit "}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		text, _ := os.ReadFile(file)
		t.Errorf("%q\n%s", got, text)
	}
}
