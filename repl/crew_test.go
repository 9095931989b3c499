package repl_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"github.com/segq/segq/repl"
)

// crewOf is a crew of workers with these names, of which those that begin with a bang are silent.
func crewOf(names ...string) *repl.Crew {
	c := &repl.Crew{Start: "segq --serve DATA"}
	for _, name := range names {
		w := repl.Worker{Name: name, Dataset: "profiles.parquet", Profiles: 5_000_000, Snapshot: "9f2c4ab1", Fields: 118, InMemory: 3, Quiet: time.Second}
		if strings.HasPrefix(name, "!") {
			w.Name, w.Quiet, w.Silent = name[1:], 9*time.Second, true
		} else {
			c.Alive++
		}
		c.Workers = append(c.Workers, w)
	}
	return c
}

// attached plays a session with workers elsewhere.
func attached(t *testing.T, width int, o repl.Options, test func(*session)) {
	t.Helper()
	playWith(t, width, 24, o, crewOf("a", "b"), func(s *session) {
		s.settle()
		test(s)
		s.finishAll()
		s.backend.now(func() { s.backend.crew, s.backend.unheard = nil, nil })
		s.wait(3 * time.Second)
	})
}

// TestWorkersComeAndGo: who is lost, and how that is known, is said once; that there is none, as long as it is so. The line that is
// typed stays.
func TestWorkersComeAndGo(t *testing.T) {
	attached(t, 100, repl.Options{}, func(s *session) {
		s.keys("loyalty.ti")
		s.backend.now(func() { s.backend.crew = crewOf("a", "!b") })
		s.wait(3 * time.Second)
		s.wants("note: 1 worker lost: no sign of life for 9 s; 1 is left")
		s.backend.now(func() { s.backend.crew = crewOf() })
		s.wait(3 * time.Second)
		s.wants("note: no worker is left: it has left; queries wait for one")
		s.shows("no worker answers   start one: segq --serve DATA")
		s.backend.now(func() { s.backend.crew = crewOf("c") })
		s.wait(3 * time.Second)
		s.wants("note: a worker is there: attached to 1 worker")
		s.lacks("no worker answers")
		s.backend.now(func() { s.backend.crew, s.backend.other = crewOf("c", "d", "e"), "march.parquet" })
		s.wait(3 * time.Second)
		s.wants("note: 2 workers more: attached to 3 workers")
		s.wants("note: the workers now have march.parquet, 12 profiles")
		cut := crewOf("c", "d")
		cut.Workers, cut.Doubt = crewOf("c", "d", "e").Workers, true
		s.backend.now(func() { s.backend.crew = cut })
		s.wait(3 * time.Second)
		s.wants("note: 1 worker lost: its connection has ended; 2 are left")
		s.lives("segq> loyalty.ti")
		if n := strings.Count(s.screen(), "note: "); n != 6 {
			s.t.Errorf("%d notes:\n%s", n, s.screen())
		}
	})
}

// TestQueueAway: what is typed and what runs stays while the queue cannot be reached; what is entered is kept, and runs
// when it can be.
func TestQueueAway(t *testing.T) {
	attached(t, 100, repl.Options{}, func(s *session) {
		s.keys("first = 1", "enter")
		s.backend.job(1, func(j *repl.Job) { j.State, j.Partitions = repl.Running, parts(10, 10, 0.5) })
		s.wait(time.Second)
		away := fmt.Errorf("nothing listens there; start redis-server: %w", repl.ErrAway)
		s.backend.now(func() {
			s.backend.silent, s.backend.refuse, s.backend.unheard, s.backend.unchecked = away, away, away, away
		})
		s.keys("second = 1; third = 1", "enter", "fourth = 1", "enter", "fi")
		s.wait(4 * time.Second)
		for _, want := range []string{"no answer from the queue for 4 s, trying again: nothing listens there", "segq> fi", "#1  first = 1", "#2  second = 1", "#4  fourth = 1", "kept until the queue answers"} {
			s.shows(want)
		}
		s.keys("ctrl+u", ".cancel #4", "enter", ".cancel #1", "enter", "fi")
		s.wants("#4  fourth = 1  →  cancelled")
		if n := len(s.backend.submitted); n != 1 {
			s.t.Errorf("%d queries are in the queue", n)
		}
		s.backend.now(func() {
			s.backend.silent, s.backend.refuse, s.backend.unheard, s.backend.unchecked = nil, nil, nil, nil
		})
		s.wait(3 * time.Second)
		s.wants("note: the queue answers again, after")
		s.lacks("no answer from the queue")
		if got := s.backend.submitted; len(got) != 3 || got[1].Text != "second = 1" || got[2].Text != "third = 1" {
			s.t.Errorf("submitted %+v", got)
		}
		if !slices.Contains(s.backend.cancelled, "job-1") {
			s.t.Errorf("cancelled %q", s.backend.cancelled)
		}
		s.lives("segq> fi")
	})
}

// TestWorkersAfterOutage: the time in which the queue was away is no silence of the workers; who does not come back is missed all the same.
func TestWorkersAfterOutage(t *testing.T) {
	for _, forgot := range []bool{false, true} {
		attached(t, 100, repl.Options{}, func(s *session) {
			s.backend.now(func() { s.backend.silent, s.backend.unheard = repl.ErrAway, repl.ErrAway })
			s.wait(9 * time.Second)
			back := crewOf("!a", "!b")
			if forgot {
				back = crewOf()
			}
			s.backend.now(func() { s.backend.silent, s.backend.unheard, s.backend.crew = nil, nil, back })
			s.wait(4 * time.Second)
			s.wants("note: the queue answers again, after")
			s.lacks("no worker")
			s.backend.now(func() { s.backend.crew = crewOf("a", "b") })
			s.wait(4 * time.Second)
			s.lacks("worker is there")
			s.backend.now(func() { s.backend.crew = crewOf("a") })
			s.lacks("1 worker lost")
			s.wait(6 * time.Second)
			s.wants("note: 1 worker lost: it has not come back since the queue was away; 1 is left")
		})
	}
}

// TestSlowAnswer: so is the time that an answer takes, which waits for a queue that is away.
func TestSlowAnswer(t *testing.T) {
	attached(t, 100, repl.Options{}, func(s *session) {
		answers := make(chan struct{})
		s.backend.now(func() { s.backend.crew, s.backend.crews = crewOf("a", "!b"), answers })
		s.wait(7 * time.Second)
		close(answers)
		s.backend.now(func() { s.backend.crew, s.backend.crews = crewOf("a", "b"), nil })
		s.wait(7 * time.Second)
		s.lacks("lost")
	})
}

// TestQueueThatForgot: a query that Redis has lost is put there again with the same id, unless its worker does that before; an
// export is not.
func TestQueueThatForgot(t *testing.T) {
	attached(t, 100, repl.Options{}, func(s *session) {
		s.keys("first = 1", "enter", "second = 1", "enter")
		s.wait(time.Second)
		s.backend.job(1, func(j *repl.Job) { j.State = repl.Lost })
		s.backend.job(2, func(j *repl.Job) { j.State = repl.Lost })
		s.wait(3 * time.Second)
		s.lacks("lost")
		s.backend.job(2, func(j *repl.Job) { j.State, j.Partitions = repl.Running, parts(10, 10, 0.5) }) // its worker has put it back
		s.wait(3 * time.Second)
		s.wants("note: Redis came back without its data: 1 query is in the queue again")
		if got := s.backend.submitted; len(got) != 3 || got[2].Text != "first = 1" || got[2].ID != "job-1" {
			s.t.Errorf("submitted %+v", got)
		}
		s.backend.job(1, answer(123, 456, time.Second))
		s.wait(time.Second)
		s.wants("#1  first = 1  →  123 of 456")
	})
}

// TestOthersTakeOver: where no worker has the data any more that answers come from, and others have other data, these take over: nobody
// has to start one.
func TestOthersTakeOver(t *testing.T) {
	attached(t, 110, repl.Options{}, func(s *session) {
		s.keys("first = 1", "enter")
		s.backend.job(1, func(j *repl.Job) { j.State, j.Partitions, j.Attempt = repl.Running, parts(10, 10, 0.5), 1 })
		s.wait(time.Second)
		gone := crewOf("c", "d")
		gone.Alive, gone.Others, gone.TakeOver = 0, 2, 11500*time.Millisecond
		for i := range gone.Workers {
			gone.Workers[i].Other = true
		}
		s.backend.now(func() { s.backend.crew = gone })
		s.backend.job(1, func(j *repl.Job) { j.State, j.Partitions, j.Unserved = repl.Suspect, nil, "segq --serve DATA" })
		s.wait(3 * time.Second)
		s.wants("note: no worker with this data is left: it has left; 2 workers with other data take over in some 12 s")
		s.shows("no worker has this data any more · 2 workers with other data take over in some 12 s")
		s.shows("worker lost at 50 %, no worker has this data; 2 workers with other data take over in some 12 s")
		s.lacks("start one")
		s.backend.now(func() { s.backend.crew = crewOf("c", "d") })
		s.backend.job(1, func(j *repl.Job) { j.State, j.Unserved, j.Attempt = repl.Running, "", 2 })
		s.wait(3 * time.Second)
		s.wants("note: a worker is there: attached to 2 workers")
		s.lacks("no worker has this data")
	})
}

// TestSilentWorker: a worker that hangs does not confirm a cancellation. The queue ends such a job when it is asked after the worker's
// time: the session does that, and says what it waits for.
func TestSilentWorker(t *testing.T) {
	attached(t, 110, repl.Options{}, func(s *session) {
		s.keys("first = 1", "enter")
		s.backend.job(1, func(j *repl.Job) {
			j.State, j.Partitions, j.Worker = repl.Running, parts(10, 10, 0.5), "b"
		})
		s.wait(time.Second)
		hung := crewOf("a", "!b")
		hung.Workers[1].Running, hung.Workers[1].GivenUp = 1, 6*time.Second
		s.backend.now(func() { s.backend.crew = hung })
		s.wait(3 * time.Second)
		s.shows("no sign of a worker for 9 s, which has 1 job · given up in some 6 s")
		s.keys(".cancel", "enter")
		s.wait(10 * time.Second)
		s.shows("#1  first = 1  cancelling: no sign of its worker for 9 s, given up in some 6 s")
		if n := len(s.backend.cancelled); n != 4 {
			s.t.Errorf("asked %d times in 10 s", n)
		}
		s.backend.job(1, func(j *repl.Job) { j.State = repl.Cancelled })
		s.wait(time.Second)
		s.wants("#1  first = 1  →  stopped at 50 %")
	})
}

// TestHeldByOne: what waits while a worker runs a job alone says so, by its name where it is a query of the session.
func TestHeldByOne(t *testing.T) {
	attached(t, 100, repl.Options{}, func(s *session) {
		s.keys("first = 1", "enter", "second = 1", "enter", "third = 1", "enter")
		s.backend.job(1, func(j *repl.Job) { j.State, j.Partitions, j.Alone = repl.Running, parts(10, 10, 0.5), true })
		s.backend.job(2, func(j *repl.Job) { j.Place, j.Before = 1, "job-1" })
		s.backend.job(3, func(j *repl.Job) { j.Place, j.Before = 2, "somebody's" })
		s.wait(time.Second)
		s.shows("next in the queue, waits while #1 runs alone")
		s.shows("2nd in the queue, waits while another query runs alone")
		for range 4 {
			s.keys("more = 1", "enter")
		}
		s.wait(time.Second)
		s.shows("6 waiting while #1 runs alone")
		e := repl.Everyone{Tenant: "default", Running: 1, Waiting: 2}
		e.Jobs = []repl.SharedJob{
			{Job: repl.Job{ID: "5d2f01c0-aaaa", State: repl.Running, Partitions: parts(10, 10, 0.5), Alone: true}, Text: "a = 1", Class: "normal"},
			{Job: repl.Job{ID: "job-2", State: repl.Queued, Place: 1, Before: "5d2f01c0-aaaa"}, Text: "b = 1", Class: "normal"},
		}
		s.backend.now(func() { s.backend.everyone = e })
		s.keys(".jobs all", "enter")
		s.wants("so far, alone")
		s.wants("what waits starts when 5d2f01c0 has ended, or on another worker: it runs alone, since a worker was")
	})
}

// TestLeavingAQueueAway: what could not be said to a queue that does not answer is said to the user: which queries, how they are ended, and
// why, once.
func TestLeavingAQueueAway(t *testing.T) {
	for _, o := range []repl.Options{{}, {Accessible: true}} {
		attached(t, 100, o, func(s *session) {
			s.keys("first = 1", "enter", "second = 1", "enter")
			s.backend.job(1, func(j *repl.Job) { j.State, j.Partitions = repl.Running, parts(10, 10, 0.5) })
			s.wait(time.Second)
			away := fmt.Errorf("it does not answer in time; look at the server: %w", repl.ErrAway)
			s.backend.now(func() { s.backend.silent, s.backend.unheard, s.backend.unchecked = away, away, away })
			s.keys(".quit", "enter", ".quit", "enter")
			s.wait(3 * time.Second)
			s.wants("the queue has not said that these end:")
			s.wants("1  segq cancel job-1 ends it  first = 1")
			s.wants("2  segq cancel job-2 ends it  second = 1")
			s.lacks("could not be cancelled")
			if n := strings.Count(s.screen(), "it does not answer in time"); n > 2 { // the accessible session said so before
				s.t.Errorf("said %d times:\n%s", n, s.screen())
			}
			s.backend.now(func() { s.backend.silent, s.backend.unheard, s.backend.unchecked = nil, nil, nil })
		})
	}
}

func TestWorkers(t *testing.T) {
	var said []string
	for _, o := range []repl.Options{{}, {Accessible: true}} {
		attached(t, 100, o, func(s *session) {
			c := crewOf("host-1-aa", "!host-2-bb", "host-3-cc")
			c.Workers[0].Running, c.Workers[0].Loaded = 2, time.Now().Add(-3*time.Hour)
			c.Workers[2].Other, c.Workers[2].Snapshot, c.Workers[2].Dataset, c.Workers[2].Trouble = true, "0ld", "a\x1b[2Jb", "newer data could not be loaded"
			c.Note = "what answers come from may be older"
			c.Written = time.Now().Add(-50 * time.Hour)
			s.backend.now(func() { s.backend.crew = c })
			s.keys(".workers", "enter")
			said = append(said, s.screen())
		})
	}
	golden.RequireEqual(t, ansi.Strip(strings.Join(said, "\n\n")))
}

func TestEveryonesJobs(t *testing.T) {
	var said []string
	for _, o := range []repl.Options{{}, {Accessible: true}} {
		attached(t, 100, o, func(s *session) {
			s.keys("mine = 1", "enter")
			job := func(id string, state repl.State, ps []repl.Partition, place int) repl.SharedJob {
				return repl.SharedJob{Job: repl.Job{ID: id, State: state, Partitions: ps, Place: place}, Op: "query", Text: "loyalty.tier = \"gold\" and\n x = 1", Class: "normal", For: 62 * time.Second}
			}
			e := repl.Everyone{Tenant: "default", Running: 3, Waiting: 41}
			e.Jobs = []repl.SharedJob{
				job("job-1", repl.Running, parts(10, 10, 0.5), 0), job("5d2f01c0-aaaa", repl.Running, nil, 0), job("5d2f01c0-bbbb", "suspect", nil, 0),
				job("7c31", repl.Queued, nil, 1), job("8c31", repl.Queued, nil, 22),
			}
			e.Jobs[1].Op, e.Jobs[1].Text, e.Jobs[1].Name, e.Jobs[1].Class = "lift", "a = 1", "evil\u202ename", "batch"
			e.Jobs[1].Loading.Done, e.Jobs[1].Loading.Total = 1, 4
			s.backend.now(func() { s.backend.everyone = e })
			s.keys(".jobs all", "enter", ".cancel 7c31", "enter", ".cancel 5d2f", "enter", ".cancel 99", "enter", ".cancel #7", "enter", ".jobs some", "enter")
			if got := s.backend.cancelled; !slices.Equal(got, []string{"7c31"}) {
				s.t.Errorf("cancelled %q", got)
			}
			said = append(said, s.screen())
		})
	}
	golden.RequireEqual(t, ansi.Strip(strings.Join(said, "\n\n")))
}
