package repl_test

import (
	"slices"
	"testing"
	"time"

	"github.com/segq/segq/repl"
)

// TestCancelByName: a name is that of a query of the session before it is the beginning of an id of others, of which it takes four
// characters; what has ended meanwhile keeps nothing from being cancelled, and is said.
func TestCancelByName(t *testing.T) {
	attached(t, 100, repl.Options{}, func(s *session) {
		e := repl.Everyone{Tenant: "default", Running: 2}
		for _, id := range []string{"ac28aa58-0f6e", "face0001-0f6e"} {
			e.Jobs = append(e.Jobs, repl.SharedJob{Job: repl.Job{ID: id, State: repl.Running}, Op: "query", Text: "x = 1"})
		}
		s.backend.now(func() { s.backend.everyone = e })
		cancels := func(command string, want ...string) {
			s.t.Helper()
			s.backend.now(func() { s.backend.cancelled = nil })
			s.keys(command, "enter")
			if got := s.backend.cancelled; !slices.Equal(got, want) {
				s.t.Errorf("%s: cancelled %q", command, got)
			}
		}
		s.keys("ac: a = 1", "enter", "face: b = 1", "enter", "c = 1", "enter", "d = 1", "enter", "e = 1", "enter")
		cancels(".cancel ac", "job-1")
		cancels(".cancel face", "job-2")
		s.backend.job(2, func(j *repl.Job) { j.State = repl.Cancelled })
		s.backend.job(3, answer(35_942, 300_000, time.Millisecond))
		s.wait(time.Second)
		cancels(".cancel face")
		s.wants("face has ended")
		cancels(".cancel be")
		s.wants("no running query is called be; nothing was cancelled")
		s.wants("hint: for a job of somebody else give 4 characters of its id")
		cancels(".cancel #3, #4", "job-4")
		s.wants("#3 has ended: 35,942")
		cancels(".cancel #5 #9")
		cancels(".cancel ac28", "ac28aa58-0f6e")
	})
	flow(t, func(s *session) { // there are no others
		s.keys("a = 1", "enter", ".cancel slow", "enter")
		s.wants("error: no running query is called slow; nothing was cancelled")
	})
}

// TestTabMeansTheNewest: on an empty line Tab takes what the newest answer means, and nothing of an error before that.
func TestTabMeansTheNewest(t *testing.T) {
	for _, next := range []string{".mode cvs", ".set personal show", ".timing of", ".jobs", ".cancel 77", "a = "} {
		flow(t, func(s *session) {
			s.keys("gold: a = 1", "enter", ".export gold x.csv", "enter")
			s.wants("write .export x.csv gold (Tab takes it)")
			s.keys(next, "enter", "ctrl+u", "tab")
			s.hides(".export x.csv gold")
		})
	}
	flow(t, func(s *session) {
		s.keys(".funell a = 1", "enter")
		s.wants("did you mean .funnel? (Tab takes it)")
		s.keys("tab")
		s.shows(".funnel a = 1")
	})
}
