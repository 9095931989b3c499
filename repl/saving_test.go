package repl_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/repl"
)

// TestSaveBehindItsQuery: what is saved while it is being counted is counted once.
func TestSaveBehindItsQuery(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter", ".save vip", "enter")
		if n := len(s.backend.submitted); n != 1 {
			s.t.Errorf("%d queries, and not 1", n)
		}
		s.backend.job(1, answer(9, 2000, time.Millisecond))
		s.wait(200 * time.Millisecond)
		s.wants("saved vip: 9 of 2,000")
	})
}

// TestDiffBehindSave: what names a segment that is being kept waits for that, and commands do not wait behind it.
func TestDiffBehindSave(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter")
		s.backend.job(1, answer(9, 2000, time.Millisecond))
		s.backend.job(1, func(j *repl.Job) { j.Answer.Snapshot = "9f2c4ab1" })
		s.wait(200 * time.Millisecond)
		s.keys(".save vip --members", "enter", ".diff vip", "enter", ".jobs", "enter")
		if n := len(s.backend.submitted); n != 2 {
			s.t.Errorf("%d queries, and not 2: %v", n, s.backend.submitted)
		}
		s.wants("#2 ")
		s.backend.job(2, answer(9, 2000, time.Millisecond))
		s.backend.job(2, func(j *repl.Job) { j.Answer.Saved = s.backend.keepMembers("vip", repl.Query{Text: "a = 1"}, 9) })
		s.wait(300 * time.Millisecond)
		if got := s.asked(3); got.Asks == nil || got.Asks.Op != repl.Diff || got.Asks.Saved != "vip@1" {
			s.t.Errorf("asked %+v", got)
		}
		s.backend.job(3, func(j *repl.Job) { j.State = repl.Cancelled })
	})
}

// TestDiffBehindSaveThatFails: what waited for a segment goes on when there will be none.
func TestDiffBehindSaveThatFails(t *testing.T) {
	flow(t, func(s *session) {
		s.keys(".save vip a = 1 --members", "enter", ".diff vip", "enter")
		s.backend.job(1, func(j *repl.Job) { j.State = repl.Cancelled })
		s.wait(300 * time.Millisecond)
		s.wants("vip is not saved")
		s.wants("no query of this session is called vip")
	})
}

// TestJobsOfMany: many that run are listed a line each, with bars.
func TestJobsOfMany(t *testing.T) {
	flow(t, func(s *session) {
		for i := range 9 {
			s.keys(fmt.Sprintf("a = %d", i), "enter")
			s.backend.job(i+1, underway(20, 0.5))
		}
		s.wait(200 * time.Millisecond)
		s.printed = nil
		s.keys(".jobs", "enter")
		s.wait(200 * time.Millisecond)
		text := strings.Join(s.printed, "\n")
		for _, want := range []string{"query", "#1", "#9", "50 %", "a = 8", "█"} {
			if !strings.Contains(text, want) {
				s.t.Errorf("no %q in\n%s", want, text)
			}
		}
		if n := strings.Count(text, "\n"); n > 14 {
			s.t.Errorf("%d lines:\n%s", n, text)
		}
	})
}
