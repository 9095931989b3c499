package explanation

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/segq/segq/exec"
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

// bounds returns the smallest and the largest number at a place.
func (p place) bounds() (least, most number, ok bool) {
	for i := range p.each() {
		n, is := numberAt(p.col, i)
		if !is {
			continue
		}
		if !ok || n.f < least.f {
			least = n
		}
		if !ok || n.f > most.f {
			most = n
		}
		ok = true
	}
	return least, most, ok
}

// value returns a constant as a number.
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
	case Personal(t.p.path):
		l.note("no " + t.sc.unit() + " has such a " + t.p.path)
	case t.Op == check.Eq && v >= least.f && v <= most.f:
		l.note(fmt.Sprintf("no %s is exactly %s; for a day or a time about it there is occurs", t.p.path, text(t.values[0].v, t.p.t)))
	case t.upwards(), t.Op == check.Eq && v > most.f:
		l.note(fmt.Sprintf("%s is at most %s", t.p.path, text(most.v, t.p.t)))
	default:
		l.note(fmt.Sprintf("%s is at least %s", t.p.path, text(least.v, t.p.t)))
	}
}

// inRange explains a comparison that all numbers meet.
func (l *look) inRange(t *test) {
	least, most, ok := t.p.bounds()
	switch {
	case !ok || t.list || Personal(t.p.path):
	case t.upwards():
		l.note(fmt.Sprintf("%s is at least %s in every profile", t.p.path, text(least.v, t.p.t)))
	default:
		l.note(fmt.Sprintf("%s is at most %s in every profile", t.p.path, text(most.v, t.p.t)))
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
	case Personal(t.p.path):
		l.note(said)
	case below.v == nil && above.v == nil:
	case below.v == nil:
		l.note(fmt.Sprintf("%s is at least %s", t.p.path, text(above.v, t.p.t)))
	case above.v == nil:
		l.note(fmt.Sprintf("%s is at most %s", t.p.path, text(below.v, t.p.t)))
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
	if !Personal(t.p.path) {
		said += fmt.Sprintf("; %s is from %s to %s", t.p.path, text(least.v, t.p.t), text(most.v, t.p.t))
	}
	l.note(said)
}

// figure returns the least and the largest number that an expression is for a profile.
func (l *look) figure(n check.Node, sc *scope) (least, most float64, ok bool) {
	if least, most, ok = l.sizes(n, sc); ok {
		return least, most, true
	}
	if k := n.Type().Kind; k != check.Int && k != check.Float {
		return 0, 0, false
	}
	cond := &check.Call{Info: check.Info{T: check.BoolType, At: n.Span()}, Op: check.IsNotNull, Args: []check.Node{n}}
	results, err := l.engine.Run(l.ctx, exec.Batch{Now: l.answer.Now, Class: l.answer.Class, Tenant: l.answer.Tenant, Queries: []exec.Query{
		{ID: "figure", Typed: &check.Query{Root: n, Cond: cond, Slots: l.query.Slots}, Values: true},
	}})
	if err != nil || results[0].Err != nil || results[0].Values == nil || results[0].Values.Present == 0 || !results[0].Values.Numeric {
		return 0, 0, false
	}
	return results[0].Values.Min, results[0].Values.Max, true
}

// sizes is figure of the number of elements of a list.
func (l *look) sizes(n check.Node, sc *scope) (least, most float64, ok bool) {
	call, is := n.(*check.Call)
	if !is || call.Op != check.Count {
		return 0, 0, false
	}
	p, ok := l.place(call.Args[0], sc)
	c, is := p.col.(*column.List)
	if !ok || !is || p.rows != nil || c.Len() == 0 {
		return 0, 0, false
	}
	few, many := c.Offsets[1]-c.Offsets[0], uint32(0)
	for i := range c.Len() {
		size := c.Offsets[i+1] - c.Offsets[i]
		few, many = min(few, size), max(many, size)
	}
	return float64(few), float64(many), true
}

// comparison takes apart a comparison of an expression with a constant.
func comparison(n *check.Call) (x check.Node, upwards, ok bool) {
	op, x, k := n.Op, check.Node(nil), check.Node(nil)
	if len(n.Args) == 2 {
		x, k = n.Args[0], n.Args[1]
	}
	if _, is := x.(*check.Const); is {
		x, k, op = k, x, flipped[op]
	}
	if _, is := k.(*check.Const); !is || x == nil {
		return nil, false, false
	}
	switch op {
	case check.Lt, check.Le, check.Gt, check.Ge, check.Eq:
		return x, op == check.Gt || op == check.Ge, true
	}
	return nil, false, false
}

// counted returns the filter whose elements an expression counts, nil for none.
func counted(n check.Node) *check.Iterate {
	for {
		call, ok := n.(*check.Call)
		if !ok || call.Op != check.Count && call.Op != check.IntToFloat {
			break
		}
		n = call.Args[0]
	}
	filter, _ := n.(*check.Iterate)
	if filter == nil || filter.Op != check.Filter {
		return nil
	}
	return filter
}

// noFigure explains why a computed number is never what it is compared with.
func (l *look) noFigure(n *check.Call, sc *scope) {
	x, upwards, ok := comparison(n)
	if !ok || sc.list != "" {
		return
	}
	if filter := counted(x); filter != nil && l.count(l.inside(sc, filter.X, filter.Slot).wrap(filter.Body)) == 0 {
		l.noElement(filter, sc)
		return
	}
	least, most, ok := l.figure(x, sc)
	said := l.written(x)
	switch {
	case !ok || said == "":
	case n.Op == check.Eq:
		l.note(fmt.Sprintf("%s is from %s to %s", said, plain(least), plain(most)))
	case upwards:
		l.note(fmt.Sprintf("%s is at most %s", said, plain(most)))
	default:
		l.note(fmt.Sprintf("%s is at least %s", said, plain(least)))
	}
}

// everyFigure explains why a computed number is always what it is compared with.
func (l *look) everyFigure(n *check.Call, sc *scope) {
	x, upwards, ok := comparison(n)
	if !ok {
		return
	}
	if filter := counted(x); filter != nil && !upwards && l.count(l.inside(sc, filter.X, filter.Slot).wrap(filter.Body)) == 0 {
		l.noElement(filter, sc)
		return
	}
	least, most, ok := l.figure(x, sc)
	said := l.written(x)
	switch {
	case !ok || said == "":
	case upwards:
		l.note(fmt.Sprintf("%s is at least %s in every profile", said, plain(least)))
	default:
		l.note(fmt.Sprintf("%s is at most %s in every profile", said, plain(most)))
	}
}

// plain writes a number without an exponent where it has few digits.
func plain(f float64) string {
	return strings.TrimSuffix(string(column.AppendJSONFloat(nil, f)), ".0")
}
