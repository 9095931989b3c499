package resident

import (
	"errors"
	"math/bits"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/plan"
	"github.com/segq/segq/exec/vector"
	"github.com/segq/segq/lang/ast"
)

// A stretch has at most so many rows, and so many rows and events unless it is one row; a small
// table is cut so that all processors have some. The values of so many matching rows are
// evaluated together, of fewer where the reference evaluator has a part.
const (
	stretchRows  = 32 << 10
	leastStretch = 4 << 10
	stretchCost  = 128 << 10
	rowsAtOnce   = 8 << 10
	slowAtOnce   = 64
)

// stretch is rows of the table that follow each other. It belongs to the lane that scans it
// until done is closed.
type stretch struct {
	index      int
	all, left  column.Range // left is still to be scanned
	limit      int          // 0 for none
	to         Stretch      // nil until there are rows
	found      int          // rows that were handed over
	pending    []uint32     // rows that match and were not
	more       bool         // others match that are not wanted
	overflowed bool
	nameless   int // rows of found that have no id
	// Of memberships: how many rows are in any rule, how many each has, and which have overflowed, some maybe more than once.
	members   int
	counts    []int
	overflows []int
	err       error
	reported  time.Time
	done      chan struct{}
}

func newStretch(index int, rows column.Range) *stretch {
	return &stretch{index: index, all: rows, left: rows, done: make(chan struct{})}
}

// whole says whether all rows were scanned.
func (s *stretch) whole() bool { return s.left.Rows() == 0 }

// through is the first row that is not through: the values of pending ones are to come.
func (s *stretch) through() int {
	if len(s.pending) > 0 {
		return int(s.pending[0])
	}
	return s.left.Start
}

// full says whether there are as many rows as are wanted.
func (s *stretch) full() bool { return s.limit > 0 && s.found+len(s.pending) >= s.limit }

// cut makes the stretches, of at most so many rows, and announces them.
func (r *rows) cut(atMost int) {
	rest := column.Range{End: r.snap.Rows()}
	most := min(stretchRows, atMost, max(leastStretch, rest.Rows()/(4*r.engine.scheduler.threads)&^63))
	var sizes []int
	for rest.Rows() > 0 {
		one := r.snap.Within(column.Range{Start: rest.Start, End: min(rest.End, rest.Start+most)}, stretchCost)
		s := newStretch(len(r.stretches), one)
		s.limit = r.Limit
		r.stretches, sizes = append(r.stretches, s), append(sizes, one.Rows())
		rest.Start = one.End
	}
	r.last.Store(int64(len(r.stretches)))
	if r.Sink != nil {
		r.Sink.Start(r.ID, sizes)
	}
}

// begin lets lanes begin the stretches of the window that starts with one: twice as many as
// there are lanes, so that one that takes long holds up no other for a while.
func (r *rows) begin(first int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	lanes := r.engine.scheduler.threads
	r.open = min(first+2*lanes, len(r.stretches))
	for n := r.open - r.next; n > 0 && r.busy < lanes; n-- {
		r.busy++
		r.enter(&lane{rows: r})
	}
}

// enter puts a lane in line. r.mu is held.
func (r *rows) enter(l *lane) {
	live := r.jobs[:0]
	for _, j := range r.jobs {
		select {
		case <-j.done:
		default:
			live = append(live, j)
		}
	}
	r.jobs = append(live, r.engine.scheduler.enter([]task{l}, r.Class, r.Tenant, r.batch, 1))
}

// lane is a task of the scheduler that scans one stretch after another, as long as there are
// some that may be begun.
type lane struct {
	rows    *rows
	stretch *stretch // nil between two
	alone   bool     // it is for this one
	worker  *rowWorker
}

// rowWorker is what a lane needs.
type rowWorker struct {
	plan      *plan.Evaluator
	vector    *vector.Evaluator
	reference []*eval.Evaluator // by value; nil where vectors do it
	matrix    *matrix           // of memberships
}

func (r *rows) newWorker() *rowWorker {
	w := &rowWorker{plan: r.plan.Evaluator(), vector: r.vector.Evaluator(), reference: make([]*eval.Evaluator, len(r.values))}
	w.plan.Stop, w.vector.Stop = r.stop.Load, r.stop.Load
	return w
}

// turn scans one block.
func (l *lane) turn() (more bool) {
	r := l.rows
	if l.stretch == nil && !l.take() {
		return false
	}
	s := l.stretch
	if r.stop.Load() || int64(s.index) > r.last.Load() {
		return l.leave()
	}
	if err := l.block(s); err != nil {
		s.err = err
	}
	ended := s.err != nil || s.whole() || s.full()
	if s.err == nil {
		l.report(s, ended)
	}
	if !ended {
		return true
	}
	l.stretch = nil
	close(s.done)
	if l.alone {
		return l.leave()
	}
	return true
}

// take takes the next stretch, and says whether there is one.
func (l *lane) take() bool {
	r := l.rows
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.next >= r.open || r.stop.Load() {
		r.busy--
		if l.worker != nil {
			r.idle = append(r.idle, l.worker)
		}
		return false
	}
	l.stretch = r.stretches[r.next]
	r.next++
	if last := len(r.idle) - 1; l.worker == nil && last >= 0 {
		l.worker, r.idle = r.idle[last], r.idle[:last]
	}
	return true
}

// leave ends the lane in the middle of its work.
func (l *lane) leave() (more bool) {
	l.rows.mu.Lock()
	defer l.rows.mu.Unlock()
	if !l.alone {
		l.rows.busy--
	}
	return false
}

// block scans the next block of a stretch, and hands over what has come together at its end. A
// fault leaves the worker in disorder.
func (l *lane) block(s *stretch) (err error) {
	r := l.rows
	defer ast.Guard(func(f *ast.Fault) { err, l.worker = r.lost(f), nil })
	if l.worker == nil {
		l.worker = r.newWorker()
	}
	if r.members != nil {
		return l.members(s)
	}
	if r.sampled {
		return l.finish(s, true)
	}
	block := r.plan.Block(s.left)
	if len(r.plan.Long(0)) > 0 {
		block = r.snap.Within(block, leastPortion)
	}
	w := l.worker
	w.plan.Block(block)
	matched, err := w.plan.Rule(0)
	if err != nil {
		return err
	}
	s.left.Start = block.End
	s.take(matched, block.Start)
	s.overflowed = s.overflowed || w.plan.Overflowed(0)
	return l.finish(s, s.whole() || s.full())
}

// finish hands over what has come together, all of it at the end.
func (l *lane) finish(s *stretch, ended bool) error {
	if err := l.handOver(s, ended); err != nil || !ended || s.to == nil {
		return err
	}
	return s.to.End()
}

// take takes the rows whose bit is set, as many as are wanted; bit 0 is row start.
func (s *stretch) take(matched column.Bitmap, start int) {
	for i, word := range matched {
		for ; word != 0; word &= word - 1 {
			if s.full() {
				s.more = true
				return
			}
			s.pending = append(s.pending, uint32(start+i<<6+bits.TrailingZeros64(word)))
		}
	}
}

// handOver hands the pending rows over, as many as make a lot, or all at the end.
func (l *lane) handOver(s *stretch, all bool) error {
	lot := l.rows.lot()
	for len(s.pending) >= lot || all && len(s.pending) > 0 {
		n := min(len(s.pending), lot)
		if s.to == nil {
			s.to = l.rows.Begin()
		}
		if err := l.add(s, s.pending[:n]); err != nil {
			return err
		}
		s.found += n
		s.pending = s.pending[:copy(s.pending, s.pending[n:])]
		l.report(s, false) // values may take long
		if l.rows.stop.Load() {
			return errStoppedRows
		}
	}
	return nil
}

// lot is how many rows are handed over together.
func (r *rows) lot() int {
	for _, v := range r.values {
		if v.reference != nil {
			return slowAtOnce
		}
	}
	return rowsAtOnce
}

// add hands over rows: in smaller lots where their values are too many.
func (l *lane) add(s *stretch, rows []uint32) error {
	columns, err := l.columns(s, rows)
	if errors.Is(err, vector.ErrCrowded) {
		half := (len(rows) + 1) / 2
		if err := l.add(s, rows[:half]); err != nil {
			return err
		}
		return l.add(s, rows[half:])
	}
	if err != nil {
		return err
	}
	return s.to.Add(len(rows), columns)
}

// report tells the sink how far the stretch is.
func (l *lane) report(s *stretch, done bool) {
	sink := l.rows.Sink
	if sink == nil || l.rows.sampled {
		return
	}
	if now := time.Now(); !done {
		if now.Sub(s.reported) < reportEvery {
			return
		}
		s.reported = now
	}
	sink.Progress(l.rows.ID, s.index, exec.Progress{Rows: s.through() - s.all.Start, Matched: s.found, Done: done})
}
