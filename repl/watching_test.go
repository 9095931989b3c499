package repl_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

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
			{".watch 5ms a = 1", "a query cannot be asked every 5ms"},
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

// What cannot be read again, or is being written, is not counted: the line keeps the time of the count that was made, and says why there is
// no other, on a narrow screen too; where it begins and ends is told above the prompt.
func TestWatchOfWhatCannotBeRead(t *testing.T) {
	for _, width := range []int{80, 40} {
		play(t, width, 24, repl.Options{}, func(s *session) {
			s.keys(".watch 1s a = 1", "enter")
			s.counts(1, 7)
			line := live(s, "watch of")
			s.backend.now(func() { s.backend.unread = repl.ErrWriting })
			s.wait(3 * time.Second)
			s.wants("the files are being written")
			s.lacks("cannot be read")
			s.backend.now(func() { s.backend.unread = errors.New("/data/of/many/people/profiles.parquet: no such file") })
			s.wait(3 * time.Second)
			for _, says := range []string{"the data cannot be read", "profiles.par", "such file"} {
				live(s, says)
			}
			if got := live(s, "watch of"); got != line {
				s.t.Errorf("%s, and then %s", line, got)
			}
			if n := strings.Count(strings.Join(s.printed, "\n"), "cannot be read"); n != 1 || len(s.backend.submitted) != 1 {
				s.t.Errorf("told %d times, asked %d times", n, len(s.backend.submitted))
			}
			s.backend.now(func() { s.backend.unread = nil })
			s.wait(time.Second)
			s.asked(2)
			s.backend.job(2, answer(8, 2000, time.Millisecond))
			s.backend.job(2, func(j *repl.Job) { one := 1; j.Answer.RowsSkipped = &one })
			s.wait(200 * time.Millisecond)
			s.wants("that is over")
			if !strings.Contains(strings.Join(strings.Fields(ansi.Strip(s.screen())), " "), "1 row could not be read") {
				s.t.Errorf("of rows that are lacking nothing is said:\n%s", s.screen())
			}
			s.keys("ctrl+c")
			s.finishAll()
		})
	}
}

// An answer of workers that was kept is no count of now, and what they warn of is told.
func TestWatchOfKeptAnswers(t *testing.T) {
	flow(t, func(s *session) {
		s.backend.stay = true
		s.keys(".watch 1 a = 1", "enter")
		s.counts(1, 7)
		line := live(s, "watch of")
		s.wait(3 * time.Second)
		s.backend.job(2, answer(7, 2000, time.Millisecond))
		s.backend.job(2, func(j *repl.Job) {
			j.Answer.Cached, j.Answer.Warnings = true, []string{"this is the data of yesterday: newer data could not be loaded"}
		})
		s.wait(200 * time.Millisecond)
		if got := live(s, "watch of"); got != line {
			s.t.Errorf("%s, and then %s", line, got)
		}
		live(s, "newer data could not be loaded")
		s.keys("ctrl+c")
	})
}

// live is the line of the drawn screen that has a text.
func live(s *session, text string) string {
	s.t.Helper()
	for line := range strings.Lines(ansi.Strip(s.model.View())) {
		if strings.Contains(line, text) {
			return line
		}
	}
	s.t.Errorf("%q is not drawn:\n%s", text, s.screen())
	return ""
}
