package plan

import (
	"math"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// source is a list as the graph sees it: the positions of scope for which mask
// holds, each with its value in elem. The list hangs in scope base, where present
// says that it is not null.
type source struct {
	base, scope   int
	elem          column.Column
	mask, present id
	// path is what a running dot has passed, for explanations.
	path string
}

// source compiles a list: a column, a running dot over one, or a filter of one.
func (c *compiler) source(n check.Node, e *env) (source, error) {
	out := c.remembered(n, e, asSource, func(n check.Node, e *env) compiled {
		s, err := c.sourceOf(n, e)
		return compiled{source: s, err: err}
	})
	return out.source, out.err
}

func (c *compiler) sourceOf(n check.Node, e *env) (source, error) {
	if p, ok := c.place(n, e); ok {
		switch col := p.col.(type) {
		case *column.List:
			return source{p.scope, c.child(p.scope, col), col.Elem, always, c.valid(p), ""}, nil
		case *column.Nulls:
			return source{p.scope, p.scope, col, never, never, ""}, nil
		}
	}
	switch n := n.(type) {
	case *check.Gather:
		return c.gather(n, e)
	case *check.Iterate:
		if n.Op == check.Filter && n.T.Kind == check.List {
			return c.where(n.X, n.Slot, n.Body, e)
		}
	case *check.Comprehend:
		if n.Op == check.Select && len(n.Decls) == 1 {
			d := n.Decls[0]
			s, err := c.where(d.From, d.Slot, d.Where, e)
			s.present = always
			return s, err
		}
	}
	return source{}, unsupported("it runs over a computed list")
}

// gather compiles the running dot.
func (c *compiler) gather(n *check.Gather, e *env) (source, error) {
	s, err := c.source(n.X, e)
	if err != nil {
		return s, err
	}
	switch elem := s.elem.(type) {
	case *column.Nulls:
		s.mask = never
		return s, nil
	case *column.Struct:
		s.elem = elem.Fields[n.F.Index]
	default:
		return s, unsupported("it runs over a computed list")
	}
	if list, ok := s.elem.(*column.List); ok {
		if _, deep := list.Elem.(*column.List); deep || n.T.Elem.Kind == check.List {
			return s, unsupported("it runs over lists of lists")
		}
		s.scope, s.elem = c.child(s.scope, list), list.Elem
	}
	s.path = place{path: s.path}.in(nil, n.F).path
	s.mask, err = c.and(s.mask, c.valid(place{s.scope, s.elem, s.path}))
	return s, err
}

// where compiles the elements of x, bound to slot, for which body holds; a nil
// body is all of them.
func (c *compiler) where(x check.Node, slot int, body check.Node, e *env) (source, error) {
	s, err := c.source(x, e)
	if err != nil || body == nil {
		return s, err
	}
	i, err := c.cond(body, c.element(e, slot, s))
	if err != nil {
		return s, err
	}
	s.mask, err = c.and(s.mask, i)
	return s, err
}

// some returns the node for: the list has an element.
func (c *compiler) some(s source) (id, error) { return c.counted(s, 1, math.MaxUint32) }

// counted returns the node for: the list has between lo and hi elements; a null
// list has none.
func (c *compiler) counted(s source, lo, hi int64) (id, error) {
	lo, hi = max(lo, 0), min(hi, math.MaxUint32)
	if lo > hi {
		return never, nil
	}
	enough, err := c.atLeast(s, lo)
	if err != nil || hi == math.MaxUint32 {
		return enough, err
	}
	more, err := c.atLeast(s, hi+1)
	if err != nil {
		return 0, err
	}
	return c.and(enough, c.graph.not(more))
}

// atLeast returns the node for: the list has so many elements.
func (c *compiler) atLeast(s source, least int64) (id, error) {
	switch {
	case least <= 0:
		return always, nil
	case s.mask == never || s.scope == s.base:
		return never, nil
	}
	mask, err := c.lift(s.mask, s.scope)
	if err != nil {
		return 0, err
	}
	inner := &c.graph.nodes[mask]
	return c.graph.intern(node{
		op: opAtLeast, scope: s.base, from: s.scope, args: []id{mask}, least: least,
		// A pass over the elements of a row costs as much as so many rows.
		slow: inner.slow, cost: inner.cost*c.perRow(s) + 2,
	}, nil), nil
}

// perRow is the average number of elements of a position of s.base, rounded up.
func (c *compiler) perRow(s source) int {
	outer := max(1, c.snap.Rows())
	if s.elem == nil {
		return 1
	}
	return s.elem.Len()/outer + 1
}

// countCompared compiles the size of a list against a constant. A list that is
// null has no size, and fails every comparison.
func (c *compiler) countCompared(o check.Op, list check.Node, k any, e *env) (id, error) {
	s, err := c.source(list, e)
	if err != nil {
		return 0, err
	}
	negated := o == check.Ne
	if negated {
		o = check.Eq
	}
	lo, hi, ok := intRange(o, k)
	if !ok {
		return 0, unsupported("it compares a number with something else")
	}
	i, err := c.counted(s, lo, hi)
	if err != nil {
		return 0, err
	}
	if negated {
		i = c.graph.not(i)
	}
	return c.and(s.present, i)
}

// quantified compiles an Exists or ForAll over a list.
func (c *compiler) quantified(n *check.Iterate, e *env) (id, error) {
	if n.X.Type().Kind == check.Map {
		return 0, unsupported("it runs over a map")
	}
	switch n.Op {
	case check.Exists:
		s, err := c.where(n.X, n.Slot, n.Body, e)
		if err != nil {
			return 0, err
		}
		return c.some(s)
	case check.ForAll:
		return c.all(n.X, n.Slot, n.Body, e)
	}
	return 0, unsupported("it aggregates a list")
}

// all returns the node for: no element of x fails body.
func (c *compiler) all(x check.Node, slot int, body check.Node, e *env) (id, error) {
	s, err := c.source(x, e)
	if err != nil || body == nil {
		return always, err
	}
	i, err := c.cond(body, c.element(e, slot, s))
	if err != nil {
		return 0, err
	}
	if s.mask, err = c.and(s.mask, c.graph.not(i)); err != nil {
		return 0, err
	}
	failing, err := c.some(s)
	return c.graph.not(failing), err
}

// comprehend compiles exists, and forall with one declaration.
func (c *compiler) comprehend(n *check.Comprehend, e *env) (id, error) {
	switch {
	case n.Op == check.ForAll && len(n.Decls) == 1:
		d := n.Decls[0]
		return c.all(d.From, d.Slot, d.Where, e)
	case n.Op != check.Exists:
		return 0, unsupported("it has several declarations, or aggregates")
	}
	return c.binding(n.Decls, e)
}

// binding returns the node for: the variables can be bound so that all conditions hold. A
// declaration that mentions those before it is one of their conditions.
func (c *compiler) binding(decls []check.Decl, e *env) (id, error) {
	d := decls[0]
	if l, ok := d.From.(*check.MakeList); ok && len(l.Items) == 1 {
		return c.bindingOfOne(decls, e)
	}
	s, err := c.source(d.From, e)
	if err != nil {
		return 0, err
	}
	inner := c.element(e, d.Slot, s)
	if d.Where != nil {
		is, err := c.cond(d.Where, inner)
		if err != nil {
			return 0, err
		}
		if s.mask, err = c.and(s.mask, is); err != nil {
			return 0, err
		}
	}
	if len(decls) == 1 {
		return c.some(s)
	}
	rest, err := c.binding(decls[1:], inner)
	if err != nil {
		return 0, err
	}
	if c.graph.constant(rest) || c.graph.nodes[rest].scope != s.scope {
		// It does not mention this one: it is asked once.
		some, err := c.some(s)
		if err != nil {
			return 0, err
		}
		return c.and(some, rest)
	}
	if s.mask, err = c.and(s.mask, rest); err != nil {
		return 0, err
	}
	return c.some(s)
}

// bindingOfOne is binding where the first variable has one value: a parameter. Where that
// is read as a whole there is no form.
func (c *compiler) bindingOfOne(decls []check.Decl, e *env) (id, error) {
	is := always
	if where := decls[0].Where; where != nil {
		var err error
		if is, err = c.cond(where, e); err != nil {
			return 0, err
		}
	}
	if len(decls) == 1 {
		return is, nil
	}
	rest, err := c.binding(decls[1:], e)
	if err != nil {
		return 0, err
	}
	return c.and(is, rest)
}

// chain compiles a chain of one step, which is a count: of the elements with a
// time, so many meet the condition.
func (c *compiler) chain(n *check.Chain, e *env) (id, error) {
	if len(n.Steps) != 1 {
		return 0, unsupported("it is a sequence of several steps")
	}
	step := n.Steps[0]
	s, err := c.where(n.X, n.Slot, step.Cond, e)
	if err != nil {
		return 0, err
	}
	timed, err := c.present(n.Order, c.element(e, n.Slot, s))
	if err != nil {
		return 0, err
	}
	if s.mask, err = c.and(s.mask, timed); err != nil {
		return 0, err
	}
	return c.counted(s, step.Count, math.MaxUint32)
}

// listHas says where the constant k is an element of a list, and where the list
// is present.
func (c *compiler) listHas(list check.Node, k any, e *env) (in, present id, err error) {
	s, err := c.source(list, e)
	if err != nil {
		return 0, 0, err
	}
	if k == nil {
		return never, never, nil
	}
	is, err := c.compared(check.Eq, place{scope: s.scope, col: s.elem, path: s.path}, k)
	if err != nil {
		return 0, 0, err
	}
	if s.mask, err = c.and(s.mask, is); err != nil {
		return 0, 0, err
	}
	in, err = c.some(s)
	return in, s.present, err
}
