package repl_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
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
