package repl_test

import (
	"testing"
	"time"

	"github.com/segq/segq/repl"
)

// TestStoppedKeepsItsEstimate: what a cancelled query had found stays in the scrollback as an estimate, from the last
// counters of its job; where too little was seen it says so.
func TestStoppedKeepsItsEstimate(t *testing.T) {
	sizes(t, func(s *session) {
		s.keys("a = 1", "enter", "b = 2", "enter", "c = 3", "enter", "d = 4", "enter")
		s.backend.job(1, func(j *repl.Job) { j.State, j.Partitions = repl.Running, parts(20, 20, 0.02) })
		s.backend.job(2, func(j *repl.Job) { j.State, j.Partitions = repl.Running, parts(20, 4, 0.01) })
		s.backend.job(3, func(j *repl.Job) { j.State = repl.Running })
		s.wait(1200 * time.Millisecond)
		s.keys(".cancel all", "enter")
		s.backend.job(1, func(j *repl.Job) { j.State, j.Partitions = repl.Cancelled, parts(20, 20, 0.05) })
		s.backend.job(2, func(j *repl.Job) { j.State, j.Partitions = repl.Cancelled, nil }) // forgotten by then
		s.backend.job(3, func(j *repl.Job) { j.State = repl.Cancelled })
		s.backend.job(4, func(j *repl.Job) { j.State, j.Error = repl.Cancelled, "" })
		s.wait(100 * time.Millisecond)
	})
	play(t, 200, 24, repl.Options{Accessible: true}, func(s *session) {
		s.keys("a = 1", "enter")
		s.backend.job(1, func(j *repl.Job) { j.State, j.Partitions = repl.Cancelled, parts(20, 20, 0.05) })
		s.wait(100 * time.Millisecond)
		s.wants("query 1  a = 1  result:  stopped at 5 %, estimate: about 288,000 give or take 15,000, 28.80 %, ")
	})
}
