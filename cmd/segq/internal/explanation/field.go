package explanation

import (
	"fmt"
	"slices"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
)

// test is a condition that compares a field, or the elements of a list, with constants.
type test struct {
	*check.Call
	sc *scope
	p  place
	// x is what has the values at p: a value, or a list of them.
	x      check.Node
	list   bool
	values []constantValue
	// swapped says that the constant stands first.
	swapped bool
}

// constantValue is a constant and where it is written; within says that it is one of a list there.
type constantValue struct {
	v      any
	at     ast.Span
	within bool
}

// testOf returns the test that a condition is, if it is one.
func (l *look) testOf(n *check.Call, sc *scope) (*test, bool) {
	if len(n.Args) < 2 {
		return nil, false
	}
	t := &test{Call: n, sc: sc}
	x, rest := n.Args[0], n.Args[1:]
	if _, ok := x.(*check.Const); ok && len(rest) == 1 {
		x, rest, t.swapped = rest[0], n.Args[:1], true
	}
	for _, r := range rest {
		c, ok := r.(*check.Const)
		if !ok {
			return nil, false
		}
		if list, ok := c.V.([]any); ok {
			for _, v := range list {
				t.values = append(t.values, constantValue{v, c.At, true})
			}
			continue
		}
		t.values = append(t.values, constantValue{c.V, c.At, false})
	}
	t.x = x
	if x.Type().Kind == check.List {
		t.list = true
		p, ok := l.elements(x, sc)
		t.p = p
		return t, ok
	}
	p, ok := l.place(x, sc)
	t.p = p
	return t, ok && p.path != ""
}

// noValue explains why a comparison holds for nothing.
func (l *look) noValue(n *check.Call, sc *scope) {
	t, ok := l.testOf(n, sc)
	if !ok {
		l.noFigure(n, sc)
		return
	}
	if l.missing(t.x, sc) {
		return
	}
	switch n.Op {
	case check.Eq, check.Equals, check.In, check.Intersects, check.SupersetOf:
		l.noEqual(t)
	case check.Lt, check.Le, check.Gt, check.Ge:
		l.outOfRange(t)
	case check.Ne, check.NotEquals, check.NotIn:
		if !l.private(t.p.path) && len(t.values) == 1 {
			l.note(fmt.Sprintf("%s is %s in every %s that has it", t.p.path, text(t.values[0].v, t.p.t), sc.unit()))
		}
	case check.StartsWith, check.EndsWith, check.Contains, check.Like, check.Matches:
		l.noText(t)
	}
}

// positives are the operations of which others are the opposite, for what has a value.
var positives = map[check.Op]check.Op{
	check.Ne: check.Eq, check.NotEquals: check.Equals, check.NotIn: check.In,
	check.NotContains: check.Contains, check.NotStartsWith: check.StartsWith, check.NotEndsWith: check.EndsWith,
}

// everyValue explains why a comparison holds for everything.
func (l *look) everyValue(n *check.Call, sc *scope) {
	t, ok := l.testOf(n, sc)
	if !ok {
		l.everyFigure(n, sc)
		return
	}
	switch n.Op {
	case check.Ne, check.NotEquals, check.NotIn:
		l.noEqual(t)
	case check.NotContains, check.NotStartsWith, check.NotEndsWith:
		positive := *n
		positive.Op = positives[n.Op]
		t.Call = &positive
		l.noText(t)
	case check.Lt, check.Le, check.Gt, check.Ge:
		l.inRange(t)
	case check.Eq, check.Equals:
		if !l.private(t.p.path) && len(t.values) == 1 && !t.list {
			l.note(fmt.Sprintf("%s is %s in every profile", t.p.path, text(t.values[0].v, t.p.t)))
		}
	}
}

// equals is the condition that x is, or has, another value.
func (t *test) equals(v any) check.Node {
	c := &check.Const{Info: check.Info{T: t.p.t, At: t.At}, V: v}
	call := &check.Call{Info: t.Info, Op: check.Eq, Args: []check.Node{t.x, c}}
	if t.list {
		call.Op, call.Args = check.In, []check.Node{c, t.x}
	}
	return call
}

// noEqual explains why nothing is equal to the constants.
func (l *look) noEqual(t *test) {
	switch t.p.t.Kind {
	case check.String:
		l.noString(t)
	case check.Int, check.Float:
		l.noNumber(t)
	case check.Timestamp:
		l.outOfRange(t)
	case check.Bool:
		if v, ok := t.values[0].v.(bool); ok && len(t.values) == 1 && !t.p.empty() {
			l.note(fmt.Sprintf("%s is %t in every %s that has it", t.p.path, !v, t.sc.unit()))
		}
	}
}

// nobody says that nothing has a value, which is given as it is written.
func (t *test) nobody(value string) string {
	switch {
	case t.sc.events || t.p.events && t.sc.list != "":
		return "no event has " + value
	case t.sc.list != "":
		return "no element of " + t.sc.list + " has " + value
	case t.p.events:
		return "no event has " + value
	case t.p.list != "":
		return "no profile has " + value + " in " + t.p.path
	}
	return "no profile has " + value
}

// somebody says how many profiles have another value, -1 where that is not known.
func (t *test) somebody(value string, n int) string {
	switch {
	case n < 0:
		return "there is " + value
	case t.p.list != "" || t.sc.list != "":
		return value + " is in " + profiles(n)
	}
	return value + " has " + show.Count(n)
}

// replaced is the edit that puts other values in the place of some of the constants, by index.
func (t *test) replaced(others map[int]string) []edit {
	var edits []edit
	var list []string
	for i, c := range t.values {
		s, other := others[i]
		if !other {
			if c.within {
				list = append(list, text(c.v, t.p.t))
			}
			continue
		}
		if !c.within {
			edits = append(edits, edit{c.at, s})
		}
		list = append(list, s)
	}
	if len(t.values) > 0 && t.values[0].within && len(others) > 0 {
		return []edit{{t.values[0].at, "[" + listOf(slices.Compact(list)) + "]"}}
	}
	return edits
}

func listOf(words []string) (out string) {
	for i, w := range words {
		if i > 0 {
			out += ", "
		}
		out += w
	}
	return out
}
