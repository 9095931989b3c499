package eval

import (
	"slices"

	"github.com/segq/segq/lang/check"
)

// occurs says whether an instant lies in a window: false where an operand is
// null.
func (e *Evaluator) occurs(n *check.Occurs) bool {
	x, ref := e.eval(n.X), e.eval(n.Window.Ref)
	if x.IsNull() || ref.IsNull() {
		return false
	}
	var to check.Stretch
	if n.Window.To != nil {
		v := e.eval(n.Window.To)
		if v.IsNull() {
			return false
		}
		to = v.stretch()
	}
	return slices.ContainsFunc(e.stretches(n, ref.stretch(), to), func(s check.Stretch) bool {
		return s.Start <= x.a && x.a < s.End
	})
}

// window is what a window accepts for its last operands.
type window struct {
	ref, to   check.Stretch
	stretches []check.Stretch
}

// stretches returns what a window accepts. Most windows hang on now or on a
// constant, so that the outcome of the last time is kept.
func (e *Evaluator) stretches(n *check.Occurs, ref, to check.Stretch) []check.Stretch {
	w := e.windows[n]
	if w == nil {
		w = &window{}
		if e.windows == nil {
			e.windows = map[*check.Occurs]*window{}
		}
		e.windows[n] = w
	} else if w.ref == ref && w.to == to {
		return w.stretches
	}
	*w = window{ref, to, n.Window.Stretches(ref, to)}
	return w.stretches
}

// stretch is an Interval, or a Timestamp in the form that a window takes.
func (v Value) stretch() check.Stretch {
	if v.Kind() == check.Interval {
		return check.Stretch{Start: v.a, End: v.b}
	}
	return check.Stretch{Start: v.a, End: v.a}
}

func intervalValue(s check.Stretch) Value {
	return Value{t: check.IntervalType, a: s.Start, b: s.End}
}
