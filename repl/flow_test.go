package repl_test

import (
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"github.com/segq/segq/repl"
)

// flow plays a session on an ordinary screen without comparing pictures.
func flow(t *testing.T, test func(*session)) {
	t.Helper()
	play(t, 80, 24, repl.Options{Peek: true}, func(s *session) {
		test(s)
		s.finishAll()
	})
}

func (s *session) wants(text string) {
	s.t.Helper()
	if !strings.Contains(ansi.Strip(s.screen()), text) {
		s.t.Errorf("%q is not on the screen:\n%s", text, s.screen())
	}
}

func TestPasteDoesNotRun(t *testing.T) {
	flow(t, func(s *session) {
		s.send(tea.KeyMsg{Type: tea.KeyRunes, Paste: true, Runes: []rune("a = 1\r\nenter\n")})
		if len(s.backend.submitted) > 0 {
			s.t.Error("pasted text ran by itself")
		}
		s.wants(" ...> enter")
		s.keys("enter")
		if got := s.backend.submitted; len(got) != 2 || got[0].Text != "a = 1" || got[1].Text != "enter" {
			s.t.Errorf("submitted %v", got)
		}
	})
}

// Letters that arrive at once are text, also where they are the name of a key.
func TestTextIsNoKey(t *testing.T) {
	flow(t, func(s *session) {
		for _, word := range []string{"a", "=", "1", "enter", "up", "end", "home"} {
			s.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(word)})
		}
		s.wants("segq> a=1enterupendhome")
	})
}

func TestUndoAndRedo(t *testing.T) {
	flow(t, func(s *session) {
		s.keys(`tier = "gold" and`, "ctrl+_")
		s.wants("segq> tier = \"gold\"  \n")
		s.keys("ctrl+x", "ctrl+u")
		s.wants("segq> tier = \" \n")
		s.keys("ctrl+_", "ctrl+_")
		s.wants("nothing to undo")
		s.keys("alt+/", "alt+/", "alt+/", "alt+/")
		s.wants("nothing to redo")
		s.wants(`segq> tier = "gold" and`)
		s.keys("ctrl+c", "ctrl+_") // what was cleared comes back
		s.wants(`segq> tier = "gold" and`)
		s.keys("ctrl+x", "x") // no chord
		s.wants(`segq> tier = "gold" and`)
		s.keys("ctrl+u", "a = 1", "enter", "ctrl+_")
		s.wants("nothing to undo")
	})
}

func TestStatementsRunTogetherOrNotAtAll(t *testing.T) {
	flow(t, func(s *session) {
		s.keys(`one: a = 1; homeAdress.city = "Oslo"`, "enter")
		if len(s.backend.submitted) > 0 {
			s.t.Errorf("submitted %v beside an error", s.backend.submitted)
		}
		s.wants("1:13:")                                         // the place in the whole input, not in the statement
		s.wants("-- live --\nsegq> one: a = 1; homeAdress.city") // the input is kept
		s.keys("ctrl+c", `one: a = 1; (b = 2)`, "enter")
		got := s.backend.submitted
		if len(got) != 2 || got[0] != (repl.Query{Name: "one", Text: "a = 1"}) || got[1] != (repl.Query{Text: "(b = 2)"}) {
			s.t.Errorf("submitted %+v", got)
		}
	})
}

func TestAltEnterRunsUnfinishedInput(t *testing.T) {
	flow(t, func(s *session) {
		banner := len(s.printed)
		s.keys("a = (", "enter")
		if len(s.printed) > banner {
			s.t.Error("unfinished input ran")
		}
		s.keys("alt+enter")
		s.wants("error")
		if len(s.printed) == banner {
			s.t.Error("Alt-Enter did not run")
		}
	})
}

func TestProgressNeverGoesBack(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter")
		s.backend.job(1, func(j *repl.Job) { j.State, j.Partitions = repl.Running, parts(10, 10, 0.5) })
		s.wait(100 * time.Millisecond)
		s.wants(" 50 %")
		// Another worker starts the job over.
		s.backend.job(1, func(j *repl.Job) { j.Partitions = parts(10, 2, 0.5) })
		s.wait(100 * time.Millisecond)
		s.wants(" 50 %")
		s.backend.job(1, func(j *repl.Job) { j.Partitions = nil })
		s.wait(100 * time.Millisecond)
		s.wants(" 50 %")
		s.backend.job(1, func(j *repl.Job) { j.Partitions = parts(10, 10, 0.75) })
		s.wait(100 * time.Millisecond)
		s.wants(" 75 %")
	})
}

func TestOnePollForAllAndAtMostTenASecond(t *testing.T) {
	flow(t, func(s *session) {
		for range 20 {
			s.keys("a = 1", "enter")
		}
		s.wait(5 * time.Second)
		if s.backend.polls < 45 || s.backend.polls > 51 {
			s.t.Errorf("%d polls in 5 s", s.backend.polls)
		}
		s.finishAll()
		idle := s.backend.polls
		s.wait(5 * time.Second)
		if s.backend.polls != idle {
			s.t.Error("polled with nothing running")
		}
	})
}

func TestQueueOutOfReach(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter")
		s.backend.silent = errBroken
		s.wait(20 * time.Second)
		s.wants("trying again: connection refused")
		if s.backend.polls > 20 {
			s.t.Errorf("%d polls of a queue that is out of reach", s.backend.polls)
		}
		s.backend.silent = nil
		s.backend.job(1, answer(1, 2, time.Second))
		s.wait(3 * time.Second)
		s.wants("1 of 2 (50.00 %)")
		if strings.Contains(s.model.View(), "trying again") {
			s.t.Error("still complains")
		}
		s.backend.refuse = errBroken
		s.keys("b = 2", "enter")
		s.wants("failed: not submitted: connection refused")
	})
}

func TestCancelIsRefused(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter")
		s.backend.unchecked = errBroken
		s.keys("ctrl+c")
		s.wants("#1  could not be cancelled, it goes on: connection refused")
		if strings.Contains(s.model.View(), "cancelling") {
			s.t.Error("still shown as being cancelled")
		}
	})
}

func TestCancelCommand(t *testing.T) {
	flow(t, func(s *session) {
		s.keys(".cancel", "enter")
		s.wants("no query is running")
		s.keys(".cancel #99", "enter")
		s.wants("error: no running query is called #99; nothing was cancelled")
		s.keys("a = 1", "enter", "b = 2", "enter", "c = 3", "enter", ".cancel #1 #9", "enter")
		s.wants("no running query is called #9; nothing was cancelled")
		s.keys(".cancel 1", "enter", ".cancel all", "enter", ".cancel all", "enter")
		if got := strings.Join(s.backend.cancelled, " "); got != "job-1 job-2 job-3" && got != "job-1 job-3 job-2" {
			s.t.Errorf("cancelled %s", got)
		}
	})
}

func TestLeave(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("ctrl+c", "ctrl+c", "ctrl+c")
		if s.quit {
			s.t.Fatal("Ctrl-C ended the session")
		}
		s.keys("a = 1", "enter", "ctrl+d", "x", "backspace", "ctrl+d")
		if s.quit {
			s.t.Fatal("left without asking twice in a row")
		}
		s.keys("ctrl+d")
		if !s.quit || strings.Join(s.backend.cancelled, " ") != "job-1" {
			s.t.Errorf("left: %v, cancelled %v", s.quit, s.backend.cancelled)
		}
	})
	flow(t, func(s *session) {
		s.keys(".exit", "enter")
		if !s.quit {
			s.t.Error(".exit did not leave")
		}
	})
}

func TestClearedInputComesBack(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a long thought", "ctrl+c")
		if strings.Contains(s.model.View(), "thought") {
			s.t.Error("not cleared")
		}
		s.keys("ctrl+y")
		s.wants("segq> a long thought")
	})
}

func TestHistoryKeepsEdits(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter", "a = 2", "enter", "a", "up", "up", "X", "down", "down")
		s.lives("segq> a")
		s.keys("up", "up")
		s.lives("segq> a = 1X")
	})
}

func TestSearchFlow(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("first = 1", "enter", "second = 2", "enter", "third = 1", "enter", "mine", "ctrl+r")
		s.lives("segq> mine")
		s.keys("= 1")
		s.lives("segq> third = 1")
		s.keys("ctrl+r")
		s.lives("segq> first = 1")
		s.keys("ctrl+r", "ctrl+r")
		s.lives("segq> first = 1")
		s.keys("ctrl+s")
		s.lives("segq> third = 1")
		for _, back := range []string{"esc", "ctrl+c"} {
			s.keys("zzz")
			s.lives("no match")
			s.lives("segq> mine")
			s.keys(back)
			s.lives("segq> mine")
			s.keys("ctrl+r", "= 1")
		}
		s.keys("ctrl+u", "SECOND", "enter")
		s.lives("segq> second = 2")
		if got := s.backend.submitted; len(got) != 3 {
			s.t.Errorf("Enter ran what was found: %v", got)
		}
		s.keys("enter")
		if got := s.backend.submitted; len(got) != 4 || got[3].Text != "second = 2" {
			s.t.Errorf("submitted %v", got)
		}
		s.keys("ctrl+r")
		for _, typed := range []tea.Key{{Type: tea.KeyRunes, Runes: []rune("up")}, {Type: tea.KeyRunes, Paste: true, Runes: []rune("a\r\nb\x1b")}} {
			s.send(tea.KeyMsg(typed)) // text, whatever it is called
		}
		s.lives("search: upa b\\u001b  no match in the history")
		s.keys("esc", "ctrl+c", "ctrl+r", "frst", "left", "2") // letters alone; any other key takes the match, and does its own
		s.lives("segq> first = 21")
	})
}

func TestOtherEnds(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1 and // why", "enter", "b = 2", "enter", "c = 3", "enter", "d = 4", "enter")
		s.backend.job(1, answer(1, 2, time.Second))
		s.backend.job(1, func(j *repl.Job) { j.Answer.Snapshot = "0ld" })
		s.backend.job(2, func(j *repl.Job) { j.State = repl.Lost })
		s.backend.job(3, answer(1, 2, time.Second))
		s.backend.job(3, func(j *repl.Job) {
			j.Answer.Cached, j.Answer.Now = true, time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		})
		s.wait(6 * time.Second) // the second one is put in the queue again
		s.backend.job(2, func(j *repl.Job) { j.State = repl.Lost })
		s.wait(100 * time.Millisecond)
		s.wants("#1  a = 1 and b = 2  →") // in one line, without the comment
		s.wants("note: counted over snapshot 0ld")
		s.wants("lost: the queue does not know it any more; run it again")
		s.wants("cached, now was 2026-03-01T12:00:00Z")
	})
}

func TestAccessibleTellsProgressInWords(t *testing.T) {
	play(t, 200, 24, repl.Options{Accessible: true}, func(s *session) {
		s.keys("mine: a = 1", "enter")
		s.backend.job(1, func(j *repl.Job) { j.State, j.Partitions = repl.Running, parts(10, 10, 0.5) })
		s.wait(29 * time.Second)
		if strings.Contains(s.screen(), "still running") {
			s.t.Error("spoke before half a minute had passed")
		}
		s.wait(2 * time.Second)
		s.wants("still running: query 1 (mine): running for 30.0 s, 50 percent, 125,900 matched of 500,000 seen")
		s.finishAll()
	})
}

// TestNoWorker: a query that nobody serves says so, and how to start a worker; that other data is served is told once.
func TestNoWorker(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter")
		s.backend.job(1, func(j *repl.Job) { j.Unserved = "segq --serve DATA" })
		s.wait(200 * time.Millisecond)
		s.wants("#1  a = 1  waiting: no worker serves this data  start one: segq --serve DATA")
		s.backend.job(1, func(j *repl.Job) { j.Unserved, j.State = "", repl.Running })
		s.backend.other = "new.parquet"
		s.wait(200 * time.Millisecond)
		s.hides("no worker")
		s.backend.job(1, answer(3, 10, time.Millisecond))
		s.backend.job(1, func(j *repl.Job) { j.Answer.Snapshot = "other" })
		s.wait(200 * time.Millisecond)
		s.wants("note: the workers now have new.parquet, 12 profiles")
		if n := strings.Count(s.screen(), "the workers now have"); n != 1 || strings.Contains(s.screen(), "over snapshot") {
			t.Errorf("told %d times:\n%s", n, s.screen())
		}
	})
}

// To say .quit again leaves, though keys are typed for it; what is entered meanwhile takes the question back.
func TestQuitTwice(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter", ".quit", "enter")
		s.wants("1 query is still running; say .quit again, or press Ctrl-D, to cancel and leave")
		s.keys("b = 1", "enter", "quit", "enter")
		s.wants("2 queries are still running; say .quit again")
		s.lacks("leaving")
		s.keys("quit", "enter")
		s.wants("leaving; asked to cancel 2 queries")
	})
	flow(t, func(s *session) {
		s.keys("a = 1", "enter", ".exit", "enter", "ctrl+d")
		s.wants("leaving; asked to cancel 1 query")
	})
}

// A line that is typed before a session has the terminal ends as the terminal ends lines, and runs as any other.
func TestLineEndRuns(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "ctrl+j")
		if got := s.backend.submitted; len(got) != 1 || got[0].Text != "a = 1" {
			s.t.Errorf("submitted %v", got)
		}
	})
}
