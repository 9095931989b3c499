package eval

import (
	"time"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// occurs says whether an instant lies in a window.
func (e *Evaluator) occurs(n *check.Occurs) bool {
	x, w := e.eval(n.X), &n.Window
	ref := e.eval(w.Ref)
	if x.IsNull() || ref.IsNull() {
		return false
	}
	switch {
	case w.To != nil:
		to := e.eval(w.To)
		return !to.IsNull() && ref.a <= x.a && (x.a <= to.a || x.a < to.b)
	case w.Op != "" && w.Dir == "from":
		return distant(x.a, w, ref.a, -1) || distant(x.a, w, ref.a, 1)
	case w.Op != "" && w.Dir == "after":
		return distant(x.a, w, ref.a, 1)
	case w.Op != "":
		return distant(x.a, w, ref.a, -1)
	case w.Dir == "before":
		return x.a < ref.a
	case w.Dir == "after" && ref.Kind() == check.Interval:
		return x.a >= ref.b
	case w.Dir == "after":
		return x.a > ref.a
	case w.Dir == "from" || ref.Kind() == check.Interval:
		return x.a >= ref.a && (x.a < ref.b || w.Dir == "from")
	}
	return day(x.a) == day(ref.a)
}

func day(ms int64) time.Time { return truncate(time.UnixMilli(ms).UTC(), ast.Day) }

// distant says whether x meets the distance of w from ref on one side: sign is -1
// before it and 1 after it.
func distant(x int64, w *check.Window, ref int64, sign int64) bool {
	edge := add(time.UnixMilli(ref).UTC(), int(sign*w.N), w.Unit)
	at := truncate(time.UnixMilli(x).UTC(), w.Unit).Equal(truncate(edge, w.Unit))
	far := sign * (x - edge.UnixMilli()) // past the edge when positive
	near := sign*(x-ref) > 0
	switch w.Op {
	case "=":
		return at
	case "!=":
		return !at
	case "<":
		return near && far < 0
	case "<=":
		return near && far <= 0
	case ">":
		return far > 0
	}
	return far >= 0
}
