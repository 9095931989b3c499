package repl_test

import (
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/repl"
)

// counts ends the n-th job with a count.
func (s *session) counts(n, count int) {
	s.t.Helper()
	s.asked(n)
	s.backend.job(n, answer(count, 2000, time.Millisecond))
	s.wait(200 * time.Millisecond)
}

// A query is asked again and again, and told where its count is another, until Ctrl-C.
func TestWatch(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter")
		s.counts(1, 262)
		s.keys(".watch 5", "enter")
		s.wants("watch of #1, every 5 s: Ctrl-C ends it")
		s.counts(2, 262)
		s.wants("262 of 2,000 (13.10 %)")
		s.wait(5 * time.Second)
		s.counts(3, 262) // nothing new
		s.wait(5 * time.Second)
		s.counts(4, 300)
		s.wants("300 of 2,000 (15.00 %)  +38")
		s.wait(5 * time.Second)
		s.counts(5, 1)
		s.wants("1 of 2,000 (0.05 %)  -299")
		if n := strings.Count(strings.Join(s.printed, "\n"), "of 2,000"); n != 4 { // with the answer to the query
			s.t.Errorf("%d lines of counts", n)
		}
		s.keys("b = 2", "enter") // goes on beside
		s.counts(6, 5)
		s.wait(5 * time.Second)
		s.counts(7, 1)
		if got := s.asked(7); got.Text != "a = 1" || got.Asks != nil {
			s.t.Errorf("asked %+v", got)
		}
		s.keys("ctrl+c")
		s.wants("the watch has ended: 1 at")
		asked := len(s.backend.submitted)
		s.wait(time.Minute)
		if len(s.backend.submitted) != asked {
			s.t.Error("it is asked behind its end")
		}
		s.keys(".funnel", "enter")
		if got := s.asked(asked + 1); got.Text != "b = 2" {
			s.t.Errorf("the last audience is %s", got.Text)
		}
	})
}

// A round that is under way is cancelled with the watch, and when the session is left.
func TestWatchIsCancelled(t *testing.T) {
	for _, keys := range [][]string{{"ctrl+c"}, {".watch off", "enter"}, {"ctrl+d"}} {
		flow(t, func(s *session) {
			s.keys(".watch a = 1", "enter")
			s.asked(1)
			s.wait(time.Second)
			s.keys(keys...)
			s.wait(5 * time.Second)
			if got := strings.Join(s.backend.cancelled, " "); got != "job-1" {
				s.t.Errorf("%v cancels %q", keys, got)
			}
		})
	}
}

// What cannot be watched is refused; a watch outlasts a queue that is away, and a query that fails, as over a file that is being written; it ends with one that is cancelled.
func TestWatchOfNothing(t *testing.T) {
	flow(t, func(s *session) {
		s.says([][2]string{
			{".watch", "there is no audience yet"},
			{".watch off", "nothing is watched"},
			{".watch 0 a = 1", "a query cannot be asked every 0 seconds"},
			{".watch -1 a = 1", "a query cannot be asked every -1 seconds"},
			{".watch xEvent.count()", "gives values (int)"},
			{".watch 2 a = 1", "watch of a = 1, every 2 s"},
		}...)
		s.counts(1, 7)
		s.backend.now(func() { s.backend.refuse = repl.ErrAway })
		s.wait(3 * time.Second)
		s.wants("the queue cannot be reached")
		s.backend.now(func() { s.backend.refuse = nil })
		s.wait(3 * time.Second)
		s.counts(2, 8)
		s.wants("8 of 2,000 (0.40 %)  +1")
		s.wait(2 * time.Second)
		s.backend.job(3, func(j *repl.Job) { j.State, j.Error = repl.Failed, "out of luck" })
		s.wait(time.Second)
		s.wants("out of luck")
		s.lacks("has ended")
		s.wait(2 * time.Second)
		s.counts(4, 9) // it is whole again
		s.wants("9 of 2,000 (0.45 %)  +1")
		s.wait(2 * time.Second)
		s.backend.job(5, func(j *repl.Job) { j.State, j.Error = repl.Cancelled, "" })
		s.wait(time.Second)
		s.wants("the watch of a = 1 has ended")
	})
}
