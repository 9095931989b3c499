package eval

import (
	"errors"
	"fmt"
	"time"

	"github.com/segq/segq/lang/check"
)

// ErrStopped is what an evaluation ends with when Stop has said so.
var ErrStopped = errors.New("evaluation stopped")

// DefaultLimit is how many list elements a query may hold for one profile at a
// time of evaluation, where [Evaluator.Limit] does not say otherwise: a million,
// some 64 MB. Three declarations over 5,000 events make 125,000,000,000 tuples.
const DefaultLimit = 1 << 20

// pollMask makes the evaluator ask Stop every 4,096 steps.
const pollMask = 4096 - 1

// Evaluator runs a [Program]. It belongs to one goroutine. Stop and Limit may be
// set before a call and not during one.
type Evaluator struct {
	// Stop is asked every few thousand steps, tens of microseconds, whether to
	// give up; nil means never. A step is a node evaluated or an element visited.
	Stop func() bool
	// Limit is how many list elements may be made for one profile; 0 means
	// DefaultLimit. Elements that stay in their columns do not count.
	Limit int

	p     *Program
	now   int64
	slots []Value
	// segments holds what is known of the definitions of segments.
	segments   map[*check.Query]*membership
	runs       uint64 // of the evaluator, each on one profile
	windows    map[*check.Occurs]*window
	steps      uint
	made       int
	err        error
	overflowed bool
}

// Evaluator returns an evaluator of p for one goroutine.
func (p *Program) Evaluator() *Evaluator {
	return &Evaluator{p: p, now: p.now, slots: make([]Value, p.slots)}
}

// SetNow makes now another moment than that of the program, from the next call on.
func (e *Evaluator) SetNow(now time.Time) { e.now = now.UnixMilli() }

// Cond says whether the query's condition holds for the profile in this row. The
// error is [ErrStopped], or says that the query makes too much of this profile.
func (e *Evaluator) Cond(row int) (bool, error) {
	v, err := e.run(e.p.cond, row)
	return v.Bool(), err
}

// Value returns the value of the query for the profile in this row. It is valid as
// long as the snapshot. Errors are those of Cond.
func (e *Evaluator) Value(row int) (Value, error) { return e.run(e.p.root, row) }

// Overflowed says whether any number was too large for its type so far, and
// became null.
func (e *Evaluator) Overflowed() bool { return e.overflowed }

func (e *Evaluator) run(n check.Node, row int) (Value, error) {
	e.made, e.err = 0, nil
	e.runs++
	e.slots[0] = Value{t: e.p.snap.Schema, a: int64(row), r: e.p.snap.Root}
	v := e.eval(n)
	if e.err != nil {
		return Value{}, fmt.Errorf("profile in row %d: %w", row, e.err)
	}
	return v, nil
}

// step counts one step, and says whether to go on. Loops end when it says no;
// what they return then is never seen.
func (e *Evaluator) step() bool {
	e.steps++
	if e.steps&pollMask == 0 && e.err == nil && e.Stop != nil && e.Stop() {
		e.err = ErrStopped
	}
	return e.err == nil
}

// charge counts one list element that the expression holds in memory, and the variables
// of a tuple that it is, and says whether there is room for it.
func (e *Evaluator) charge(v Value) bool {
	limit := e.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	if m, ok := v.r.(members); ok {
		e.made += len(m)
	}
	if e.made++; e.made > limit {
		e.err = fmt.Errorf("the query makes more than %d list elements for one profile; "+
			"narrow its conditions, or count instead of listing", limit)
		return false
	}
	return e.step()
}

// collect appends an element to a list that the expression makes, and says
// whether to go on.
func (e *Evaluator) collect(list *[]Value, v Value) bool {
	if !e.charge(v) {
		return false
	}
	*list = append(*list, v)
	return true
}
