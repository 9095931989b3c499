package plan

import (
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// A query that is no condition is counted by its condition, and so are values that
// stand where a condition is wanted: what is asked of them is found without them.

// truth reads a value as a condition: a Bool is its value, a list holds when it
// is not empty, anything else when it is present.
func (c *compiler) truth(n check.Node, e *env) (id, error) {
	out := c.remembered(n, e, asTruth, func(n check.Node, e *env) compiled {
		i, err := c.truthOf(n, e)
		return compiled{node: i, err: err}
	})
	return out.node, out.err
}

func (c *compiler) truthOf(n check.Node, e *env) (id, error) {
	if p, ok := c.place(n, e); ok {
		switch column.Stored(p.col).(type) {
		case *column.Bools:
			return c.in(p, truth(true), "is true"), nil
		case *column.List:
			return c.notEmpty(n, e)
		}
		return c.valid(p), nil
	}
	if v, ok := c.constantValue(n); ok {
		return constantTruth(v), nil
	}
	switch x := n.(type) {
	case *check.Slot, *check.Member:
		return 0, computed // or hidden, or of a computed object
	case *check.Let:
		return c.truth(x.Body, e.let(x))
	case *check.Call:
		if x.Op == check.If {
			return c.choice(x, e, c.truth)
		}
	}
	switch n.Type().Kind {
	case check.Bool:
		return c.form(n, e)
	case check.List:
		return c.notEmpty(n, e)
	}
	return c.present(n, e)
}

func constantTruth(v any) id {
	switch v := v.(type) {
	case nil:
		return never
	case bool:
		if !v {
			return never
		}
	case []any:
		if len(v) == 0 {
			return never
		}
	}
	return always
}

// let returns the environment of the body of a let.
func (e *env) let(n *check.Let) *env {
	return &env{outer: e, slot: n.Slot, value: n.Value, valueEnv: e}
}

// choice is If between two values, of which read asks the same.
func (c *compiler) choice(n *check.Call, e *env, read func(check.Node, *env) (id, error)) (id, error) {
	when, err := c.cond(n.Args[0], e)
	if err != nil {
		return 0, err
	}
	then, err := read(n.Args[1], e)
	if err != nil {
		return 0, err
	}
	other, err := read(n.Args[2], e)
	if err != nil {
		return 0, err
	}
	x, err := c.and(when, then)
	if err != nil {
		return 0, err
	}
	y, err := c.and(c.graph.not(when), other)
	if err != nil {
		return 0, err
	}
	return c.or(x, y)
}

// notEmpty compiles a list as a condition.
func (c *compiler) notEmpty(n check.Node, e *env) (id, error) {
	switch x := n.(type) {
	case *check.MakeList:
		if len(x.Items) > 0 {
			return always, nil
		}
	case *check.Call:
		if x.Op == check.Distinct {
			return c.someValue(x.Args[0], e)
		}
	case *check.Iterate:
		if x.Op == check.MapEach && x.X.Type().Kind == check.List {
			return c.notEmpty(x.X, e) // its nulls are elements
		}
	case *check.Comprehend:
		if x.Op == check.Select {
			return c.binding(x.Decls, e)
		}
	}
	s, err := c.source(n, e)
	if err != nil {
		return 0, err
	}
	return c.some(s)
}

// someValue returns the node for: the list has an element that is not null.
func (c *compiler) someValue(list check.Node, e *env) (id, error) {
	s, err := c.source(list, e)
	if err != nil {
		return 0, err
	}
	if s.mask, err = c.and(s.mask, c.valid(place{s.scope, s.elem, s.path})); err != nil {
		return 0, err
	}
	return c.some(s)
}
