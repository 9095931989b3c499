package vector

import (
	"errors"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/search"
	"github.com/segq/segq/lang/check"
)

// ErrStopped is what an evaluation ends with when Stop has said so.
var ErrStopped = errors.New("evaluation stopped")

// ErrCrowded is what an evaluation ends with whose lists have too many elements, or
// whose parts are too many, for the rows of the block: it may fit for fewer.
var ErrCrowded = errors.New("the values of the block are too many")

// Evaluator evaluates the conditions of a [Program] block by block. It belongs to
// one goroutine.
type Evaluator struct {
	// Stop is asked between operations, and every few thousand elements of the long
	// ones, whether to give up; nil means never.
	Stop func() bool

	p *Program

	// Of the block: the frame of its rows, what has been evaluated, the lists that were
	// found, and the memory of all that.
	root  *frame
	known map[int]result
	lists map[listKey]*list
	pools pools

	// Of all blocks: what was asked of the strings of dictionaries, how texts are searched, what constant lists
	// hold, what equal strings are found by, and constants.
	tests     map[testKey]*answers
	searches  map[searchKey]*search.Test
	sets      map[testKey]*constantSet
	stamps    map[*column.Dict]*stamps
	constants constants
	// texts is room for the texts of columns that Value returns, for so many of which it is used.
	texts [][]byte
	used  int

	// Of the condition that is evaluated: what is bound, whether a number was lost, whether
	// to give up, and whether that is for too many values. See restore.go.
	slots      []binding
	overflowed bool
	stopped    bool
	crowded    bool
}

// Evaluator returns an evaluator for one goroutine.
func (p *Program) Evaluator() *Evaluator {
	return &Evaluator{
		p: p, slots: make([]binding, p.slots), known: map[int]result{}, lists: map[listKey]*list{}, tests: map[testKey]*answers{},
		searches: map[searchKey]*search.Test{},
		sets:     map[testKey]*constantSet{}, stamps: map[*column.Dict]*stamps{}, constants: constants{numbers: map[*check.Const]*numbers{}},
	}
}

// Block turns to a block of rows.
func (e *Evaluator) Block(rows column.Range) {
	e.turn(rows.Rows()).start = rows.Start
}

// turn turns to n rows, and returns the vector of them.
func (e *Evaluator) turn(n int) *vector {
	e.pools.reset()
	e.used = 0
	clear(e.known)
	clear(e.lists)
	e.root = &frame{n: n}
	v := e.vector(check.Object)
	v.object = e.p.snap.Root
	e.bind(0, v, e.root)
	return v
}

// Cond sets the bits of the rows of the block for which a condition that was added
// holds. Only those in need, of which nil is all, have to be right; the others are
// not set. The errors are [ErrStopped] and [ErrCrowded].
func (e *Evaluator) Cond(dst []uint64, cond check.Node, need []uint64) error {
	e.stopped, e.crowded, e.overflowed = false, false, false
	var own []uint64
	if need != nil {
		// What is remembered for the block is right where it was needed: the caller's
		// bitmap may have changed by then.
		own = e.bitmap(e.root.n)
		copy(own, need)
	}
	v := e.needing(own, cond, e.root)
	if e.stopped {
		return e.givenUp()
	}
	copy(dst, v.bits[:len(dst)])
	for i := range need {
		dst[i] &= need[i]
	}
	return nil
}

// givenUp forgets what an evaluation that was stopped has left half done, and says why it was.
func (e *Evaluator) givenUp() error {
	clear(e.known)
	clear(e.lists)
	if e.crowded {
		e.constants.drop()
		return ErrCrowded
	}
	return ErrStopped
}

// Overflowed says whether, for the condition that was asked last, any number that
// mattered was too large for its type, and became null.
func (e *Evaluator) Overflowed() bool { return e.overflowed }

// halted is stop, asked for every few hundredth position.
func (e *Evaluator) halted(i int) bool {
	if i&255 == 0 {
		e.stop()
	}
	return e.stopped
}

// stop says whether to give up.
func (e *Evaluator) stop() bool {
	if !e.stopped && e.Stop != nil && e.Stop() {
		e.stopped = true
	}
	return e.stopped
}

// eval returns the value of n over f.
func (e *Evaluator) eval(n check.Node, f *frame) *vector { return e.force(e.lazy(n, f), f.n) }

// lazy returns the value of n over f, which may not have been read yet.
func (e *Evaluator) lazy(n check.Node, f *frame) *vector {
	home := e.home(n, f)
	number := e.p.same[n]
	if r, ok := e.known[number]; ok && number > 0 && r.f == home && r.covers(home.need) {
		e.overflowed = e.overflowed || r.overflowed
		return e.spread(r.v, home, f)
	}
	v, overflowed := e.noting(n, home)
	if number > 0 {
		e.known[number] = result{v, home, home.need, overflowed}
	}
	return e.spread(v, home, f)
}

// compute returns the value of n over f, the frame that it mentions. When the
// evaluator was stopped the value is of no interest, but has the right shape.
func (e *Evaluator) compute(n check.Node, f *frame) *vector {
	e.crowd(0)
	e.stop()
	switch n := n.(type) {
	case *check.Const:
		return e.repeated(n, f)
	case *check.Slot:
		b := e.slots[n.N]
		return e.spread(b.v, b.f, f)
	case *check.Member:
		return e.path(n, f)
	case *check.Call:
		return e.call(n, f)
	case *check.Let:
		e.bind(n.Slot, e.eval(n.Value, f), f)
		return e.eval(n.Body, f)
	case *check.Gather:
		return e.gather(n, f)
	case *check.Iterate:
		return e.iterate(n, f)
	case *check.Comprehend:
		return e.comprehend(n, f)
	case *check.Chain:
		return e.chain(n, f)
	case *check.Occurs:
		return e.occurs(n, f)
	case *check.Calendar:
		s := check.CalendarUnit(e.p.now, int64(n.Offset), n.Unit)
		return e.interval(s.Start, s.End, f.n)
	case *check.Segment:
		return e.segment(n, f)
	}
	panic("vector: a node of a kind that is not supported")
}
