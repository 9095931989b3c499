package eval

import (
	"slices"

	"github.com/segq/segq/lang/check"
)

// chain says whether the elements of a list hold the steps in order.
//
// Each step takes, of the elements after the last one taken, the Count earliest
// that meet its condition. Taking the earliest is right: whether an element meets
// a step does not depend on what was taken before, so that of all ways to satisfy
// the first k steps the greedy one ends earliest (by induction: it starts step k
// no later than any other way does, so its Count-th match is no later either).
// The elements it leaves to the steps that follow include those that any other way
// would leave. Where greed fails, everything fails.
func (e *Evaluator) chain(n *check.Chain) bool {
	events, ok := e.ordered(n)
	if !ok {
		return false
	}
	next := 0
	for _, step := range n.Steps {
		taken := int64(0)
		for ; taken < step.Count && next < len(events); next++ {
			e.slots[n.Slot] = events[next].v
			if e.cond(step.Cond) {
				taken++
			}
			if !e.step() {
				return false
			}
		}
		if taken < step.Count {
			return false
		}
	}
	return true
}

// event is an element of a chain's list, with its place in the order.
type event struct {
	order, v Value
}

// ordered returns the elements by order and then by place. Those without an order
// are left out.
func (e *Evaluator) ordered(n *check.Chain) (events []event, present bool) {
	present = e.each(n.X, func(v Value) bool {
		e.slots[n.Slot] = v
		if at := e.eval(n.Order); !at.IsNull() {
			events = append(events, event{at, v})
			return e.charge(v)
		}
		return true
	})
	slices.SortStableFunc(events, func(x, y event) int { return order(x.order, y.order) })
	return events, present
}
