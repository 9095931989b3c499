package resident

import (
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/segq/segq/exec"
)

// # Goals
//
//   - A short batch does not wait for a long one: whoever comes while a thousand
//     rules are scanned gets its share of the processors at once.
//   - All processors work as long as there is work, be it of one batch.
//   - What was cancelled costs nothing any more.
//   - No tuneables.
//
// # Design
//
// A job is one scan of a batch, which may have several (grouped.go); its tasks are
// the partitions. A fixed number of goroutines takes turns: a turn is one block of one task, after which the task
// goes to the end of its job's line. The next turn is for the job that has used
// the least time, and among equals for the one that has waited longest: a turn of
// a slow job may take as long as a hundred of a quick one, and a round each would
// not be fair. A newcomer starts with the time of the job that had the last turn:
// it has neither arrears nor a debt, and waits for little more than the turns that
// are under way. A task is in the hands of one goroutine at a time, so that what
// it gathers needs no lock.
//
// The same rule holds four times (quota.go): among the classes, whose time counts by
// their weights, but for [exec.Idle], which has the turns that no other class has a task
// for; among the tenants of a class, however many batches each has; among the
// batches of a tenant, however many jobs each has; and among the jobs of a batch.
//
// The tasks of a job advance side by side. What has been seen of a job at any time
// is thus spread over the whole table, which makes its counts so far a fair
// estimate of those to come.

// task is what turns are about; its owner knows what it stands for.
type task interface {
	// turn does one block, and says whether there is more.
	turn() (more bool)
}

// job is a set of tasks.
type job struct {
	quota
	// idle tasks are in nobody's hands; left counts all that are not finished.
	idle []task
	left int
	// queued says that the job stands in the line, held how many tasks have a turn.
	queued bool
	held   int
	// done is closed when no task is left.
	done chan struct{}
}

// stepAside is after how much work a goroutine of the scheduler lets others run. It may
// wait for ten milliseconds for each that is as busy, so that it does not do so after
// every turn: the scan of a short job may have a hundred, all of them together shorter.
const stepAside = time.Millisecond

// scheduler shares goroutines among jobs.
type scheduler struct {
	mu      sync.Mutex
	work    *sync.Cond // there is a job in line, or closed is set
	all     quota
	tenants map[tenant]*quota
	classes map[exec.Class]*quota
	batches map[*run]*quota
	turns   []*turn // one for each goroutine
	// threads is how many goroutines there are, extra how many beyond them (relief.go);
	// watching says that the jobs in line are looked after.
	threads, extra int
	watching       bool
	closed         bool
	workers        sync.WaitGroup
}

func newScheduler(threads int) *scheduler {
	s := &scheduler{threads: threads, tenants: map[tenant]*quota{}, classes: map[exec.Class]*quota{}, batches: map[*run]*quota{}}
	s.work = sync.NewCond(&s.mu)
	for range threads {
		s.workers.Go(s.run)
	}
	return s
}

// enter puts the tasks of a new job in line. Jobs with one batch share what one would
// have, by their weights; nil is none. After close it gives a job that is
// done without a turn.
func (s *scheduler) enter(tasks []task, class exec.Class, name string, batch *run, weight time.Duration) *job {
	j := &job{idle: tasks, left: len(tasks), done: make(chan struct{})}
	j.job, j.weight = j, weight
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		j.idle, j.left = nil, 0
	}
	if j.left == 0 {
		close(j.done)
		return j
	}
	s.place(j, class, name, batch)
	s.enqueue(j)
	return j
}

// drop takes the idle tasks of a job away. Tasks that have a turn finish it; the
// job is done after the last of them.
func (s *scheduler) drop(j *job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if j.left == 0 {
		return
	}
	j.left -= len(j.idle)
	j.idle = nil
	if j.left == 0 {
		close(j.done)
		s.leave(j)
	}
}

// close refuses new jobs and ends the goroutines when those in line have no idle
// tasks any more. It waits for them.
func (s *scheduler) close() {
	s.mu.Lock()
	s.closed = true
	s.work.Broadcast()
	s.mu.Unlock()
	s.workers.Wait()
}

// enqueue puts j in line, unless it stands there. s.mu is held.
func (s *scheduler) enqueue(j *job) {
	if j.queued || len(j.idle) == 0 {
		return
	}
	j.queued = true
	j.wait()
	s.work.Signal()
	s.watch()
}

// run is the life of one goroutine.
func (s *scheduler) run() {
	s.mu.Lock()
	defer s.mu.Unlock()
	own := s.goroutine()
	var busy time.Duration
	for {
		j, t := s.next(own)
		if t == nil {
			return
		}
		if busy += s.take(own, j, t); busy >= stepAside {
			busy = 0
			s.mu.Unlock()
			// Whoever has just come may be waiting for a processor to say so.
			runtime.Gosched()
			s.mu.Lock()
			own.charged = time.Now()
		}
	}
}

// goroutine returns the place for the turns of one goroutine. s.mu is held.
func (s *scheduler) goroutine() *turn {
	debug.SetPanicOnFault(true) // the data may lie in a file
	own := &turn{charged: time.Now()}
	s.turns = append(s.turns, own)
	return own
}

// take returns a task its turn, and says how long that was. s.mu is held, but during the turn.
func (s *scheduler) take(own *turn, j *job, t task) time.Duration {
	own.job, own.began = j, own.charged
	j.held++
	s.mu.Unlock()
	more := t.turn()
	ended := time.Now()
	s.mu.Lock()
	own.charge(ended)
	own.job = nil
	j.held--
	s.back(j, t, more)
	return own.charged.Sub(own.began)
}

// next waits for a task whose turn it is, and gives nil when there will be none.
// s.mu is held, but while it waits.
func (s *scheduler) next(own *turn) (*job, task) {
	for {
		if j, t := s.first(own.charged); t != nil {
			return j, t
		}
		if s.closed {
			return nil, nil
		}
		s.work.Wait()
		own.charged = time.Now()
	}
}

// first takes the task whose turn it is out of the line, nil when there is none. s.mu is
// held.
func (s *scheduler) first(now time.Time) (*job, task) {
	s.chargeAll(now)
	for s.all.waiting > 0 {
		j := s.all.pick()
		j.queued = false
		if len(j.idle) == 0 {
			continue // it was dropped
		}
		t := j.idle[0]
		j.idle = j.idle[1:]
		s.enqueue(j)
		return j, t
	}
	return nil, nil
}

// back takes a task back after its turn. s.mu is held.
func (s *scheduler) back(j *job, t task, more bool) {
	if more {
		j.idle = append(j.idle, t)
		s.enqueue(j)
		return
	}
	if j.left--; j.left == 0 {
		close(j.done)
		s.leave(j)
	}
}
