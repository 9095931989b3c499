package repl_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/repl"
)

// steady makes a job run and see a share of its rows, one in four of which match wherever one looks.
func steady(begun int, share float64) func(*repl.Job) {
	return func(j *repl.Job) {
		underway(begun, share)(j)
		for i := range j.Partitions {
			j.Partitions[i].Matched = j.Partitions[i].Rows / 4
		}
	}
}

// TestUntil: a query stops as soon as its estimate is good enough, and says so in the form of one that was cancelled.
func TestUntil(t *testing.T) {
	sizes(t, func(s *session) {
		s.keys(".until", "enter", "a = 1", "enter", "b = 2", "enter", ".until ±5 %", "enter", "c = 3", "enter", ".until off #2", "enter")
		for at := 0.01; at < 0.3; at += 0.01 {
			for n := 1; n <= 3; n++ {
				s.backend.job(n, steady(20, at))
			}
			s.wait(100 * time.Millisecond)
			if at < 0.09 && len(s.backend.cancelled) > 0 {
				s.t.Fatalf("stopped at %g", at)
			}
		}
		if got := slices.Sorted(slices.Values(s.backend.cancelled)); strings.Join(got, " ") != "job-1 job-3" {
			s.t.Errorf("cancelled %v, want job-1 and job-3, once each", got)
		}
		s.backend.job(1, func(j *repl.Job) { j.State = repl.Cancelled })
		s.backend.job(3, answer(251_000, 1_000_000, time.Second)) // the answer came first
		s.wait(100 * time.Millisecond)
		s.keys(".until 0 %", "enter", ".until 1 % #9", "enter", ".until soon", "enter")
	})
}

// TestUntilWaits: what is not sure does not stop: partitions that nobody has looked into, and halves that differ.
func TestUntilWaits(t *testing.T) {
	flow(t, func(s *session) {
		s.keys(".until 20%", "enter", "a = 1", "enter", "b = 2", "enter", "c = 3", "enter")
		for at := 0.01; at < 0.5; at += 0.01 {
			s.backend.job(1, steady(19, at))
			s.backend.job(2, underway(20, at))
			s.backend.job(2, func(j *repl.Job) {
				for i := range j.Partitions { // they come more and more often
					j.Partitions[i].Matched = int64(float64(j.Partitions[i].Rows) * at)
				}
			})
			s.backend.job(3, underway(20, at))
			s.backend.job(3, func(j *repl.Job) {
				for i := range j.Partitions { // so far there is none
					j.Partitions[i].Matched = 0
				}
			})
			s.wait(100 * time.Millisecond)
		}
		if len(s.backend.cancelled) > 0 {
			t.Errorf("stopped %v", s.backend.cancelled)
		}
	})
}
