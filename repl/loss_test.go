package repl_test

import (
	"testing"
	"time"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/repl"
)

// TestLostAgain: of a query that loses one worker after another it is said how far the last one was, and what is known of its count
// stays the best of all.
func TestLostAgain(t *testing.T) {
	attached(t, 100, repl.Options{}, func(s *session) {
		s.keys(`a = 1`, "enter")
		run := func(attempt int, share float64) {
			s.backend.job(1, underway(20, share))
			s.backend.job(1, func(j *repl.Job) { j.Attempt = attempt })
			s.wait(300 * time.Millisecond)
		}
		lose := func() {
			s.backend.job(1, func(j *repl.Job) { j.State, j.Partitions = repl.Suspect, nil })
			s.wait(300 * time.Millisecond)
		}
		run(1, 0.004)
		s.shows("<1 %")
		run(1, 0.04)
		lose()
		s.shows("worker lost at 4 %, waits to run alone")
		run(2, 0.17)
		lose()
		s.shows("worker lost at 17 %, waits to run alone")
		run(3, 0.02)
		s.shows("worker lost at 17 %, another is at 2 %  ≈ ")
		s.backend.job(1, func(j *repl.Job) { j.State, j.Partitions, j.Place = repl.Queued, nil, 2 })
		s.wait(300 * time.Millisecond)
		s.shows("worker left at 2 %, 2nd in the queue  ≈ ")
	})
}

// TestInterrupted: what the queue takes for lost after it was away was perhaps not lost by its worker.
func TestInterrupted(t *testing.T) {
	attached(t, 100, repl.Options{}, func(s *session) {
		s.keys(`a = 1`, "enter")
		s.backend.job(1, underway(20, 0.04))
		s.wait(300 * time.Millisecond)
		s.backend.now(func() { s.backend.silent, s.backend.unheard = repl.ErrAway, repl.ErrAway })
		s.wait(12 * time.Second)
		s.backend.now(func() { s.backend.silent, s.backend.unheard = nil, nil })
		s.wait(3 * time.Second)
		s.backend.job(1, func(j *repl.Job) { j.State, j.Partitions = repl.Suspect, nil })
		s.wait(300 * time.Millisecond)
		s.shows("interrupted at 4 %, waits to run alone")
	})
}

// TestPutThereAgain: a query that was put in the queue again after that has not been left by its worker.
func TestPutThereAgain(t *testing.T) {
	attached(t, 100, repl.Options{}, func(s *session) {
		s.keys(`a = 1`, "enter")
		s.backend.job(1, underway(20, 0.04))
		s.wait(300 * time.Millisecond)
		s.backend.now(func() { s.backend.silent, s.backend.unheard = repl.ErrAway, repl.ErrAway })
		s.wait(12 * time.Second)
		s.backend.now(func() { s.backend.silent, s.backend.unheard = nil, nil })
		s.backend.job(1, func(j *repl.Job) { j.State, j.Place, j.Partitions = repl.Queued, 2, nil })
		s.wait(3 * time.Second)
		s.shows("interrupted at 4 %, 2nd in the queue")
		s.backend.job(1, underway(20, 0.02))
		s.wait(300 * time.Millisecond)
		s.shows("interrupted at 4 %, counts again, at 2 %")
	})
}

// TestWorkerGoneUnderway: that no worker is left does not hide how far a query was.
func TestWorkerGoneUnderway(t *testing.T) {
	attached(t, 100, repl.Options{}, func(s *session) {
		s.keys(`a = 1`, "enter")
		s.backend.job(1, underway(20, 0.41))
		s.wait(300 * time.Millisecond)
		s.backend.job(1, func(j *repl.Job) { j.Unserved = "segq --serve DATA" })
		s.wait(300 * time.Millisecond)
		s.shows("at 41 %, no worker serves this data any more")
	})
}

// TestNewDataWhileTyping: what is offered at the cursor is that of the data which the workers have by now, without another key.
func TestNewDataWhileTyping(t *testing.T) {
	attached(t, 100, repl.Options{}, func(s *session) {
		h := &helper{words: []lang.Item{{Text: "loyalty", Kind: lang.FieldItem, Type: "object"}, {Text: "loyal", Kind: lang.FieldItem, Type: "bool"}}}
		s.backend.now(func() { s.backend.helps = h })
		s.keys("l", "o")
		s.wait(time.Second)
		s.shows("loyalty")
		h.mu.Lock()
		h.words = []lang.Item{{Text: "locale", Kind: lang.FieldItem, Type: "string"}, {Text: "located", Kind: lang.FieldItem, Type: "bool"}}
		h.mu.Unlock()
		s.backend.now(func() { s.backend.crew, s.backend.other = crewOf("c"), "march.parquet" })
		s.wait(4 * time.Second)
		s.shows("locale")
		s.lacks("loyalty")
	})
}

// TestNotSaved: that an audience is not saved is said where it cannot be counted.
func TestNotSaved(t *testing.T) {
	flow(t, func(s *session) {
		s.keys(".save vip a = 1", "enter")
		s.backend.job(1, func(j *repl.Job) { j.State, j.Error = repl.Failed, "there is no field a" })
		s.wait(300 * time.Millisecond)
		s.wants("there is no field a")
		s.wants("note: vip is not saved")
	})
}
