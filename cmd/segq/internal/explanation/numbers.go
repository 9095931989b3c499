package explanation

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// text writes a constant, or a value of a type, as queries do.
func text(v any, t *check.Type) string {
	switch v := v.(type) {
	case string:
		return literal(v)
	case bool:
		return strconv.FormatBool(v)
	case int64:
		if t.Kind == check.Timestamp {
			return instant(v)
		}
		return strconv.FormatInt(v, 10)
	case float64:
		if t.Kind == check.Timestamp {
			return instant(int64(v))
		}
		return string(column.AppendJSONFloat(nil, v))
	}
	return "null"
}

// constText writes a constant.
func constText(n check.Node) string {
	c, ok := n.(*check.Const)
	if !ok {
		return ""
	}
	return text(c.V, c.T)
}

// instant writes a moment: its day alone where it begins one.
func instant(ms int64) string {
	t := time.UnixMilli(ms).UTC()
	if t.Equal(t.Truncate(24 * time.Hour)) {
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02T15:04:05Z")
}

// number is a number or an instant, as a float to compare and as a text to tell.
type number struct {
	f float64
	v any
}

// numberAt returns the number in a row that has one.
func numberAt(c column.Column, i int) (number, bool) {
	c, i = column.At(c, i)
	switch c := c.(type) {
	case *column.Ints:
		v := c.At(i)
		return number{float64(v), v}, true
	case *column.Floats:
		return number{c.V[i], c.V[i]}, !math.IsNaN(c.V[i])
	case *column.Timestamps:
		return number{float64(c.V[i]), c.V[i]}, true
	}
	return number{}, false
}

// number returns a constant as a number.
func (c constantValue) number() (float64, bool) {
	switch v := c.v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// flipped is the comparison with its operands exchanged.
var flipped = map[check.Op]check.Op{check.Lt: check.Gt, check.Le: check.Ge, check.Gt: check.Lt, check.Ge: check.Le}

// upwards says whether a test asks for what is large.
func (t *test) upwards() bool {
	op := t.Op
	if t.swapped {
		op = flipped[op]
	}
	return op == check.Gt || op == check.Ge
}

// outOfRange explains a comparison that no number meets by the end that they do not pass.
func (l *look) outOfRange(t *test) {
	least, most, ok := t.p.bounds()
	v, is := t.values[0].number()
	switch {
	case !ok || !is:
	case l.private(t.p.path):
		l.note("no " + t.sc.unit() + " has such a " + t.p.path)
	case t.Op == check.Eq && v >= least.f && v <= most.f:
		l.note(fmt.Sprintf("no %s is exactly %s; for a day or a time about it there is occurs", t.p.path, text(t.values[0].v, t.p.t)))
	case t.upwards(), t.Op == check.Eq && v > most.f:
		l.note(fmt.Sprintf("%s is at most %s", t.p.path, l.highest(t, most)))
	default:
		l.note(fmt.Sprintf("%s is at least %s", t.p.path, l.lowest(t, least)))
	}
}

// inRange explains a comparison that all numbers meet.
func (l *look) inRange(t *test) {
	least, most, ok := t.p.bounds()
	switch {
	case !ok || t.list || l.private(t.p.path):
	case t.upwards():
		l.note(fmt.Sprintf("%s is at least %s in every profile", t.p.path, l.lowest(t, least)))
	default:
		l.note(fmt.Sprintf("%s is at most %s in every profile", t.p.path, l.highest(t, most)))
	}
}

// noNumber explains why no number is equal to the constants.
func (l *look) noNumber(t *test) {
	if len(t.values) > 1 {
		l.noneOfNumbers(t)
		return
	}
	v, ok := t.values[0].number()
	if !ok {
		return
	}
	said := t.nobody(text(t.values[0].v, t.p.t))
	below, above := number{f: math.Inf(-1)}, number{f: math.Inf(1)}
	for i := range t.p.each() {
		n, is := numberAt(t.p.col, i)
		switch {
		case !is:
		case n.f == v:
			return // another clause excludes it
		case n.f < v && n.f > below.f:
			below = n
		case n.f > v && n.f < above.f:
			above = n
		}
	}
	switch {
	case l.private(t.p.path):
		l.note(said)
	case below.v == nil && above.v == nil:
	case below.v == nil:
		l.note(fmt.Sprintf("%s is at least %s", t.p.path, l.lowest(t, above)))
	case above.v == nil:
		l.note(fmt.Sprintf("%s is at most %s", t.p.path, l.highest(t, below)))
	case l.fewHave(t.is(below.v)) || l.fewHave(t.is(above.v)):
		l.note(said)
	default:
		l.note(fmt.Sprintf("%s; the nearest are %s and %s", said, text(below.v, t.p.t), text(above.v, t.p.t)))
	}
}

// noneOfNumbers explains why no number is one of the constants.
func (l *look) noneOfNumbers(t *test) {
	least, most, ok := t.p.bounds()
	if !ok {
		return
	}
	said := t.nobody("any of these")
	if !l.private(t.p.path) {
		said += fmt.Sprintf("; %s is from %s to %s", t.p.path, l.lowest(t, least), l.highest(t, most))
	}
	l.note(said)
}
