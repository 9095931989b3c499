package plan

import (
	"slices"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// env says what the slots stand for: the positions of a column in a scope, or
// the value of a let. The innermost binding comes first.
type env struct {
	outer *env
	slot  int
	scope int
	col   column.Column
	path  string
	// hides holds the bindings around this one of other elements of the same list: a
	// position of the scope is an element of this one, and cannot be one of theirs.
	hides []*env
	// value and where it is to be read belong to a let, else nil.
	value    check.Node
	valueEnv *env
}

// element returns the environment of what is asked of the elements of s, bound to slot.
func (c *compiler) element(e *env, slot int, s source) *env {
	x := &env{outer: e, slot: slot, scope: s.scope, col: s.elem, path: s.path}
	for y := e; y != nil; y = y.outer {
		if y.value == nil && c.within(s.scope, y.scope) && !c.within(s.base, y.scope) {
			x.hides = append(x.hides, y)
		}
	}
	return x
}

// find returns the binding of a slot, nil when it is not bound here, or hidden, or a let
// whose value may mention what is.
func (e *env) find(slot int) *env {
	var hidden []*env
	for e != nil && e.slot != slot {
		hidden = append(hidden, e.hides...)
		e = e.outer
	}
	if e == nil || slices.Contains(hidden, e) {
		return nil
	}
	if e.value != nil && slices.ContainsFunc(hidden, e.valueEnv.inside) {
		return nil
	}
	return e
}

// inside says whether e lies in b, or is it.
func (e *env) inside(b *env) bool {
	for e != nil && e != b {
		e = e.outer
	}
	return e != nil
}

// deref follows slots that a let has bound to the expressions they stand for.
func (e *env) deref(n check.Node) (check.Node, *env) {
	for {
		s, ok := n.(*check.Slot)
		if !ok {
			return n, e
		}
		b := e.find(s.N)
		if b == nil || b.value == nil {
			return n, e
		}
		n, e = b.value, b.valueEnv
	}
}

// place is a column whose positions are those of a scope, and the path to it from
// there, for explanations.
type place struct {
	scope int
	col   column.Column
	path  string
}

// in returns the place of a field of an object at p.
func (p place) in(col column.Column, f *check.Field) place {
	path := f.Name
	if p.path != "" {
		path = p.path + "." + f.Name
	}
	return place{p.scope, col, path}
}

// name is the path, or what an element is called that has none.
func (p place) name() string {
	if p.path == "" {
		return "this"
	}
	return p.path
}

// place returns the column that a path of members leads to.
func (c *compiler) place(n check.Node, e *env) (place, bool) {
	n, e = e.deref(n)
	switch n := n.(type) {
	case *check.Slot:
		if b := e.find(n.N); b != nil {
			return place{b.scope, b.col, b.path}, true
		}
	case *check.Member:
		x, ok := c.place(n.X, e)
		if !ok {
			return place{}, false
		}
		switch col := x.col.(type) {
		case *column.Struct:
			return x.in(col.Fields[n.F.Index], n.F), true
		case *column.Nulls:
			return x.in(col, n.F), true
		}
	}
	return place{}, false
}

// valid returns the node for: the column has a value here.
func (c *compiler) valid(p place) id {
	if _, ok := p.col.(*column.Nulls); ok {
		return never
	}
	if column.Validity(p.col) == nil {
		return always
	}
	if d, ok := domain(p.col); ok {
		return c.in(p, valueSet{spans: []span{d}}, "is present")
	}
	return c.graph.intern(node{op: opValid, scope: p.scope, col: p.col, text: p.name() + " is present", cost: 1}, nil)
}

// in returns the node for: the value at p is in a set of values as its column stores them. text
// says so after the name.
func (c *compiler) in(p place, set valueSet, text string) id {
	if column.Stored(p.col) != p.col {
		return c.inStored(p, set, text)
	}
	return c.graph.in(node{scope: p.scope, col: p.col, set: set, text: p.name() + " " + text})
}

// width is the number of bytes of a column's values, which is what a pass over
// them costs.
func width(c column.Column) int {
	switch c := c.(type) {
	case *column.Ints:
		switch {
		case c.I8 != nil:
			return 1
		case c.I16 != nil:
			return 2
		case c.I32 != nil:
			return 4
		}
		return 8
	case *column.Floats, *column.Timestamps:
		return 8
	case *column.Strings:
		switch {
		case c.Codes.U8 != nil:
			return 1
		case c.Codes.U16 != nil:
			return 2
		}
		return 4
	}
	return 1
}

// describe returns an expression for explanations, shortened.
func describe(n check.Node) string {
	const most = 100
	text := []rune(check.Dump(n))
	if len(text) > most {
		return string(text[:most-1]) + "…"
	}
	return string(text)
}
