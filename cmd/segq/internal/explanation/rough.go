package explanation

import (
	"math"
	"time"

	"github.com/segq/segq/cmd/segq/internal/personal"
	"github.com/segq/segq/lang/check"
)

// fewHave says whether a condition holds for too few profiles for what it says to be told.
func (l *look) fewHave(cond check.Node) bool {
	return l.answer.Total > personal.SmallTable && personal.Few(l.count(cond), l.answer.Total)
}

// is is the condition, of profiles, that x is, or has, a value.
func (t *test) is(v any) check.Node { return t.sc.wrap(t.equals(v)) }

// highest writes the largest number of a field: roughly, where it is that of few profiles.
func (l *look) highest(t *test, n number) string { return l.end(t, n, 1) }

// lowest writes the smallest.
func (l *look) lowest(t *test, n number) string { return l.end(t, n, -1) }

// end writes the smallest number of a field, for a direction of -1, or the largest, for 1.
func (l *look) end(t *test, n number, direction float64) string {
	v := n.v
	if t.p.t.Kind == check.Float {
		v = n.f
	}
	if !l.fewHave(t.is(v)) {
		return text(v, t.p.t)
	}
	if t.p.t.Kind == check.Timestamp {
		return l.day(t.x, t.sc, t.list, int64(n.f), direction)
	}
	return plain(rough(n.f, direction))
}

// rough rounds a number to one digit, away from all that is beyond it in a direction.
func rough(f, direction float64) float64 {
	if f == 0 || math.IsInf(f, 0) {
		return f
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(f))))
	if direction > 0 {
		return math.Ceil(f/unit) * unit
	}
	return math.Floor(f/unit) * unit
}

// day writes the beginning of the day, month or year of a moment, or for a direction of 1 its end, of
// which more than few profiles have a moment.
func (l *look) day(x check.Node, sc *scope, list bool, ms int64, direction float64) string {
	at := time.UnixMilli(ms).UTC()
	var start, end time.Time
	for _, stretch := range [][3]int{{0, 0, 1}, {0, 1, 0}, {1, 0, 0}} {
		switch {
		case stretch[2] > 0:
			start = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
		case stretch[1] > 0:
			start = time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
		default:
			start = time.Date(at.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
		}
		end = start.AddDate(stretch[0], stretch[1], stretch[2])
		if !list && !l.fewHave(sc.wrap(within(x, start, end))) {
			break
		}
	}
	if direction > 0 {
		return instant(end.UnixMilli())
	}
	return instant(start.UnixMilli())
}

// within is the condition that a moment lies in a stretch.
func within(x check.Node, start, end time.Time) check.Node {
	compared := func(op check.Op, t time.Time) check.Node {
		k := &check.Const{Info: check.Info{T: check.TimestampType, At: x.Span()}, V: t.UnixMilli()}
		return &check.Call{Info: check.Info{T: check.BoolType, At: x.Span()}, Op: op, Args: []check.Node{x, k}}
	}
	return and(compared(check.Ge, start), compared(check.Lt, end))
}
