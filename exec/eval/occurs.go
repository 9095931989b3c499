package eval

import (
	"cmp"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// occurs says whether an instant lies in a window: false where an operand is
// null.
func (e *Evaluator) occurs(n *check.Occurs) bool {
	x, w := e.eval(n.X), &n.Window
	ref := e.eval(w.Ref)
	if x.IsNull() || ref.IsNull() {
		return false
	}
	switch {
	case w.To != nil:
		to := e.eval(w.To)
		return !to.IsNull() && between(x.a, ref, to)
	case w.Op != "":
		return rolling(x.a, w, ref.a)
	case w.Dir != "":
		return beside(x.a, w.Dir, ref)
	case ref.Kind() == check.Interval:
		return ref.a <= x.a && x.a < ref.b
	}
	return truncate(x.a, ast.Day) == truncate(ref.a, ast.Day)
}

// between is inclusive. Of an interval at the start it takes the start, of one at
// the end the end.
func between(x int64, from, to Value) bool {
	if to.Kind() == check.Interval {
		return from.a <= x && x < to.b
	}
	return from.a <= x && x <= to.a
}

// beside says whether x is before or after an instant, or all of an interval;
// from is after it or in it.
func beside(x int64, dir string, ref Value) bool {
	switch {
	case dir == "before":
		return x < ref.a
	case dir == "from":
		return x >= ref.a
	case ref.Kind() == check.Interval:
		return x >= ref.b
	}
	return x > ref.a
}

// rolling says whether x is at a distance from ref, which an interval gives its
// start for: before it, after it, or on either side.
func rolling(x int64, w *check.Window, ref int64) bool {
	before := edge{at: add(ref, -w.N, w.Unit), sign: -1}
	after := edge{at: add(ref, w.N, w.Unit), sign: 1}
	switch {
	case w.Op == "!=":
		equal := *w
		equal.Op = "="
		return !rolling(x, &equal, ref)
	case w.Dir == "before":
		return before.holds(x, w, ref)
	case w.Dir == "after":
		return after.holds(x, w, ref)
	}
	return before.holds(x, w, ref) || after.holds(x, w, ref)
}

// edge is the instant at the distance of a window from its reference, which lies
// before it (sign 1) or after it (sign -1).
type edge struct {
	at   int64
	sign int
}

// holds applies the comparison of w to x. Less than a distance means between the
// reference, which is outside, and the edge.
func (e edge) holds(x int64, w *check.Window, ref int64) bool {
	past := cmp.Compare(x, e.at) * e.sign // 1 when x is farther than the edge
	side := cmp.Compare(x, ref) * e.sign  // 1 when x is on this side of ref
	switch w.Op {
	case "=":
		return truncate(x, w.Unit) == truncate(e.at, w.Unit)
	case "<":
		return side > 0 && past < 0
	case "<=":
		return side > 0 && past <= 0
	case ">":
		return past > 0
	}
	return past >= 0
}
