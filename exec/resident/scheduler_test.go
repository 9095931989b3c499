package resident

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/segq/segq/exec"
)

// turns is a task that writes its name down at each of its turns.
type turns struct {
	name string
	left int
	log  *journal
	// before is called ahead of each turn; nil for nothing.
	before func()
}

// journal holds the names of the tasks that had a turn, in order.
type journal struct {
	mu    sync.Mutex
	names []string
}

func (t *turns) turn() bool {
	if t.before != nil {
		t.before()
	}
	t.log.mu.Lock()
	defer t.log.mu.Unlock()
	t.log.names = append(t.log.names, t.name)
	t.left--
	return t.left > 0
}

// add is enter for whoever has no class and no name.
func (s *scheduler) add(tasks []task) *job { return s.enter(tasks, exec.Normal, "", nil, 1) }

// Classes have the processors by their weights, and the tenants of a class evenly,
// however many jobs each of them has.
func TestSharesAreByClassAndTenant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &journal{}
		s := newScheduler(1)
		second := func() { time.Sleep(time.Second) }
		open := make(chan struct{})
		gate := s.add([]task{&turns{name: "gate", left: 1, log: log, before: func() { <-open }}})
		synctest.Wait()
		endless := func(name string, class exec.Class, who string) *job {
			return s.enter([]task{&turns{name: name, left: 1000, log: log, before: second}}, class, who, nil, 1)
		}
		jobs := []*job{endless("typed", exec.Interactive, "x"), endless("nightly", exec.Bulk, "y"), endless("one", exec.Normal, "a")}
		for range 5 {
			jobs = append(jobs, endless("many", exec.Normal, "b"))
		}
		close(open)
		<-gate.done
		time.Sleep(240 * time.Second)
		counts := map[string]int{}
		log.mu.Lock()
		for _, name := range log.names {
			counts[name]++
		}
		log.mu.Unlock()
		for name, want := range map[string]int{"typed": 160, "one": 30, "many": 30, "nightly": 20} {
			if n := counts[name]; n < want-3 || n > want+3 {
				t.Errorf("%s had %d turns, want about %d", name, n, want)
			}
		}
		for _, j := range jobs {
			s.drop(j)
			<-j.done
		}
		s.close()
		if len(s.tenants)+len(s.classes) > 0 || s.all.jobs != 0 {
			t.Error("quotas are left that nobody has")
		}
	})
}

// Jobs take turns one by one, however many tasks they have, and so do the tasks
// of a job.
func TestTurnsAreFair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &journal{}
		gate := make(chan struct{})
		s := newScheduler(1)
		// The only goroutine is held until both jobs stand in line.
		first := s.add([]task{&turns{name: "gate", left: 1, log: log, before: func() { <-gate }}})
		synctest.Wait()
		long := s.add([]task{&turns{name: "a1", left: 3, log: log}, &turns{name: "a2", left: 3, log: log}})
		short := s.add([]task{&turns{name: "b", left: 2, log: log}})
		close(gate)
		<-first.done
		<-short.done
		<-long.done
		s.close()
		want := []string{"gate", "a1", "b", "a2", "b", "a1", "a2", "a1", "a2"}
		if !slices.Equal(log.names, want) {
			t.Errorf("got %v, want %v", log.names, want)
		}
	})
}

// A job whose turns are long does not hold up one whose turns are short: time
// counts, not turns. The clock of the test stands still but for the turns' sleep.
func TestTimeIsFair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &journal{}
		s := newScheduler(1)
		slow := func() { time.Sleep(time.Second) }
		quick := func() { time.Sleep(time.Millisecond) }
		long := s.add([]task{&turns{name: "long", left: 50, log: log, before: slow}})
		time.Sleep(10*time.Second + time.Millisecond) // ten turns, and a bit of the eleventh
		short := s.add([]task{&turns{name: "short", left: 100, log: log, before: quick}})
		<-short.done
		before := 0
		log.mu.Lock()
		for _, name := range log.names {
			if name == "long" {
				before++
			}
		}
		log.mu.Unlock()
		if before > 12 {
			t.Errorf("the long job had %d turns before the short one was done", before)
		}
		<-long.done
		s.close()
	})
}

// A dropped job is done after the turn that is under way, and its other tasks
// have none.
func TestDrop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &journal{}
		gate := make(chan struct{})
		s := newScheduler(1)
		j := s.add([]task{
			&turns{name: "held", left: 1, log: log, before: func() { <-gate }},
			&turns{name: "idle", left: 1, log: log},
		})
		synctest.Wait()
		s.drop(j)
		select {
		case <-j.done:
			t.Error("done in the middle of a turn")
		default:
		}
		close(gate)
		<-j.done
		s.close()
		if !slices.Equal(log.names, []string{"held"}) {
			t.Errorf("got %v", log.names)
		}
	})
}

func TestClosedSchedulerTakesNothing(t *testing.T) {
	s := newScheduler(2)
	s.close()
	log := &journal{}
	j := s.add([]task{&turns{name: "late", left: 1, log: log}})
	<-j.done
	if len(log.names) > 0 {
		t.Errorf("got %v", log.names)
	}
}

// A job gets its turns while one that does not give way has all goroutines, and has
// tasks left. The clock of the test stands still but for the turns' sleep.
func TestStuckTurnsKeepNobodyOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &journal{}
		s := newScheduler(2)
		hour := func() { time.Sleep(time.Hour) }
		var tasks []task
		for range 4 {
			tasks = append(tasks, &turns{name: "stuck", left: 1, log: log, before: hour})
		}
		stuck := s.add(tasks)
		synctest.Wait()
		for range 3 {
			began := time.Now()
			short := s.add([]task{&turns{name: "short", left: 50, log: log}, &turns{name: "short", left: 50, log: log}})
			<-short.done
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("the short job was done after %v", took)
			}
		}
		s.drop(stuck)
		<-stuck.done
		s.close()
		if slices.Index(log.names, "stuck") != 300 || len(log.names) != 302 || s.extra != 0 || len(s.turns) != 2 || s.turns[0].job != nil || s.turns[1].job != nil {
			t.Errorf("%d turns, of which 2 are stuck; %d goroutines, %d turns left", len(log.names), s.extra, len(s.turns))
		}
	})
}

// A job of the class Idle has a turn when no other job has a task for it, however much these have
// had; a newcomer of any other class has the next one.
func TestIdleTakesWhatOthersLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &journal{}
		s := newScheduler(1)
		second := func() { time.Sleep(time.Second) }
		idle := s.enter([]task{&turns{name: "idle", left: 1000, log: log, before: second}}, exec.Idle, "", nil, 1)
		time.Sleep(10*time.Second + time.Millisecond)
		bulk := s.enter([]task{&turns{name: "bulk", left: 20, log: log, before: second}}, exec.Bulk, "", nil, 1)
		time.Sleep(5 * time.Second)
		normal := s.add([]task{&turns{name: "normal", left: 5, log: log, before: second}})
		<-bulk.done
		<-normal.done
		log.mu.Lock()
		of := slices.Clone(log.names)
		log.mu.Unlock()
		// Ten turns, the eleventh that was under way, then those of the others alone.
		if len(of) != 36 || slices.Contains(of[:11], "bulk") || slices.Contains(of[11:], "idle") {
			t.Errorf("got %v", of)
		}
		if last := of[len(of)-1]; last != "bulk" {
			t.Errorf("%s was last: bulk has the smaller part", last)
		}
		time.Sleep(10 * time.Second)
		log.mu.Lock()
		after := len(log.names) - len(of)
		log.mu.Unlock()
		if after < 9 || after > 11 {
			t.Errorf("the idle job had %d turns in ten seconds when the others were done", after)
		}
		s.drop(idle)
		<-idle.done
		s.close()
		if len(s.tenants)+len(s.classes) > 0 {
			t.Error("quotas are left that nobody has")
		}
	})
}

// What idle jobs have used is held against nobody: a newcomer starts with the time of those that had a
// turn because they had to.
func TestIdleDoesNotMoveTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &journal{}
		s := newScheduler(4)
		endless := func(name string, class exec.Class, tasks int) *job {
			var all []task
			for range tasks {
				all = append(all, &turns{name: name, left: 2000, log: log, before: func() { time.Sleep(time.Second) }})
			}
			return s.enter(all, class, "", nil, 1)
		}
		jobs := []*job{endless("bulk", exec.Bulk, 1), endless("idle", exec.Idle, 3)} // one goroutine for each task
		time.Sleep(500*time.Second + time.Millisecond)
		jobs = append(jobs, endless("typed", exec.Interactive, 4))
		log.mu.Lock()
		log.names = nil
		log.mu.Unlock()
		time.Sleep(100 * time.Second)
		counts := map[string]int{}
		log.mu.Lock()
		for _, name := range log.names {
			counts[name]++
		}
		log.mu.Unlock()
		if counts["typed"] < 340 || counts["bulk"] > 60 || counts["idle"] > 3 { // eight parts and one
			t.Errorf("got %v", counts)
		}
		for _, j := range jobs {
			s.drop(j)
			<-j.done
		}
		s.close()
	})
}

// An idle job gets no goroutine beyond the number, however long it waits.
func TestIdleIsNotRelieved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &journal{}
		s := newScheduler(1)
		stuck := s.add([]task{&turns{name: "stuck", left: 1, log: log, before: func() { time.Sleep(time.Hour) }}})
		synctest.Wait()
		idle := s.enter([]task{&turns{name: "idle", left: 1, log: log}}, exec.Idle, "", nil, 1)
		<-idle.done
		<-stuck.done
		s.close()
		if !slices.Equal(log.names, []string{"stuck", "idle"}) {
			t.Errorf("got %v", log.names)
		}
	})
}
