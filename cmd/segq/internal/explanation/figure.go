package explanation

import (
	"fmt"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/personal"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

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

// filterOf returns the filter of whose elements an expression is made, by counting them or by one of
// their values; nil for none.
func filterOf(n check.Node) *check.Iterate {
	for {
		switch x := n.(type) {
		case *check.Call:
			if len(x.Args) != 1 {
				return nil
			}
			n = x.Args[0]
		case *check.Gather:
			n = x.X
		case *check.Iterate:
			if x.Op == check.Filter {
				return x
			}
			n = x.X
		default:
			return nil
		}
	}
}

// noFigure explains why a computed number is never what it is compared with.
func (l *look) noFigure(n *check.Call, sc *scope) {
	x, upwards, ok := comparison(n)
	if !ok || sc.list != "" {
		return
	}
	if filter := filterOf(x); filter != nil && l.count(l.inside(sc, filter.X, filter.Slot).wrap(filter.Body)) == 0 {
		l.noElement(filter, sc)
		return
	}
	said := l.written(x)
	if l.personal(x, sc) {
		l.note("no profile has such a " + said)
		return
	}
	least, most, ok := l.figure(x, sc)
	from, to := l.ends(x, least, most)
	switch {
	case !ok || said == "":
	case least == most:
		every := " in every profile that has it"
		if counts(x) {
			every = " in every profile"
		}
		l.note(said + " is " + from + every)
	case n.Op == check.Eq:
		l.note(fmt.Sprintf("%s is from %s to %s", said, from, to))
	case upwards:
		l.note(fmt.Sprintf("%s is at most %s", said, to))
	default:
		l.note(fmt.Sprintf("%s is at least %s", said, from))
	}
}

// everyFigure explains why a computed number is always what it is compared with.
func (l *look) everyFigure(n *check.Call, sc *scope) {
	x, upwards, ok := comparison(n)
	if !ok {
		return
	}
	if filter := filterOf(x); filter != nil && !upwards && l.count(l.inside(sc, filter.X, filter.Slot).wrap(filter.Body)) == 0 {
		l.noElement(filter, sc)
		return
	}
	least, most, ok := l.figure(x, sc)
	from, to := l.ends(x, least, most)
	said := l.written(x)
	switch {
	case !ok || said == "" || l.personal(x, sc):
	case least == most:
		l.note(fmt.Sprintf("%s is %s in every profile", said, from))
	case upwards:
		l.note(fmt.Sprintf("%s is at least %s in every profile", said, from))
	default:
		l.note(fmt.Sprintf("%s is at most %s in every profile", said, to))
	}
}

// plain writes a number without an exponent where it has few digits.
func plain(f float64) string {
	return strings.TrimSuffix(string(column.AppendFloat(nil, f)), ".0")
}

// ends writes the least and the largest number that an expression is: roughly, where they may be those
// of few profiles, unless it only counts something.
func (l *look) ends(x check.Node, least, most float64) (from, to string) {
	if l.answer.Total <= personal.SmallTable || least == most || counts(x) {
		return plain(least), plain(most)
	}
	return plain(rough(least, -1)), plain(rough(most, 1))
}

// counts says whether an expression is how many elements a list has.
func counts(x check.Node) bool {
	call, ok := x.(*check.Call)
	return ok && call.Op == check.Count
}

// personal says whether an expression reads a field that says who somebody is.
func (l *look) personal(n check.Node, sc *scope) bool {
	switch n := n.(type) {
	case *check.Member:
		if p, ok := l.place(n, sc); ok && l.private(p.path) || !ok && l.private(n.F.Name) {
			return true
		}
	case *check.Gather:
		if p, ok := l.elements(n, sc); ok && l.private(p.path) || !ok && l.private(n.F.Name) {
			return true
		}
	}
	for x := range check.Children(n) {
		if l.personal(x, sc) {
			return true
		}
	}
	return false
}
