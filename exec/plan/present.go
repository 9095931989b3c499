package plan

import (
	"github.com/segq/segq/lang/check"
)

const computed = unsupported("it asks for the presence of a computed value")

// present says where the value of n is not null.
func (c *compiler) present(n check.Node, e *env) (id, error) {
	out := c.remembered(n, e, asPresent, func(n check.Node, e *env) compiled {
		i, err := c.presenceOf(n, e)
		return compiled{node: i, err: err}
	})
	return out.node, out.err
}

func (c *compiler) presenceOf(n check.Node, e *env) (id, error) {
	if p, ok := c.place(n, e); ok {
		return c.valid(p), nil
	}
	if v, ok := c.constantValue(n); ok {
		if v == nil {
			return never, nil
		}
		return always, nil
	}
	switch n := n.(type) {
	case *check.Let:
		return c.present(n.Body, e.let(n))
	case *check.Gather:
		return c.present(n.X, e)
	case *check.MakeList, *check.MakeObject, *check.Calendar:
		return always, nil
	case *check.Call:
		return c.presentCall(n, e)
	case *check.Iterate:
		return c.presentFold(n, e)
	case *check.Comprehend:
		return c.presentTuples(n, e)
	}
	return 0, computed
}

// presentCall is present for an operation.
func (c *compiler) presentCall(n *check.Call, e *env) (id, error) {
	switch n.Op {
	case check.If:
		return c.choice(n, e, c.present)
	case check.Count, check.Distinct, check.Keys, check.Values, check.IntToFloat, check.IntToTimestamp,
		check.GetYear, check.GetMonth, check.GetDayOfMonth:
		return c.present(n.Args[0], e)
	case check.Head:
		return c.presentHead(n.Args[0], e)
	case check.Neg, check.Add, check.Sub, check.Mul:
		if !c.fits(n, e) {
			return 0, unsupported("its number may be too large")
		}
		all := make([]id, len(n.Args))
		for i, a := range n.Args {
			var err error
			if all[i], err = c.present(a, e); err != nil {
				return 0, err
			}
		}
		return c.and(all...)
	}
	return 0, computed
}

// presentHead says where a list has a first element, and that is not null.
func (c *compiler) presentHead(list check.Node, e *env) (id, error) {
	s, err := c.source(list, e)
	if err != nil {
		return 0, err
	}
	valued, err := c.and(s.mask, c.valid(place{s.scope, s.elem, s.path}))
	switch {
	case err != nil:
		return 0, err
	case valued != s.mask:
		return 0, unsupported("it asks for the first of elements that may be null")
	}
	return c.some(s)
}

// presentFold is present for a fold over a list or a map: what makes a list, a map or
// a sum of one is null where that is.
func (c *compiler) presentFold(n *check.Iterate, e *env) (id, error) {
	if n.X.Type().Kind == check.Map {
		if n.Op == check.Filter || n.Op == check.MapEach {
			return c.present(n.X, e)
		}
		return 0, unsupported("it runs over a map")
	}
	switch n.Op {
	case check.Filter, check.MapEach, check.GroupBy:
		return c.present(n.X, e)
	case check.Sum, check.Average, check.Min, check.Max:
		s, err := c.source(n.X, e)
		if err != nil {
			return 0, err
		}
		i, err := c.aggregated(n.Op, s, n.Body, n.Slot, e)
		if err != nil || n.Op != check.Sum {
			return i, err
		}
		return s.present, nil
	}
	return 0, computed
}

// presentTuples is present for what runs over declarations: a list of none is empty, and
// the sum of none is 0.
func (c *compiler) presentTuples(n *check.Comprehend, e *env) (id, error) {
	if n.Op == check.Select {
		return always, nil
	}
	if len(n.Decls) != 1 {
		return 0, unsupported("it aggregates the bindings of several declarations")
	}
	d := n.Decls[0]
	s, err := c.where(d.From, d.Slot, d.Where, e)
	if err != nil {
		return 0, err
	}
	return c.aggregated(n.Op, s, n.Yield, d.Slot, e)
}

// aggregated says where the aggregate of body over the elements of s, bound to slot, is
// present, were s present everywhere.
func (c *compiler) aggregated(o check.Fold, s source, body check.Node, slot int, e *env) (id, error) {
	inner := c.element(e, slot, s)
	if o == check.Sum || o == check.Average {
		most, ok := c.magnitude(body, inner)
		if !ok || !holds(most*float64(s.elem.Len()), body.Type().Kind == check.Float || o == check.Average) {
			return 0, unsupported("its sum may be too large")
		}
	}
	if o == check.Sum {
		return always, nil
	}
	valued, err := c.present(body, inner)
	if err != nil {
		return 0, err
	}
	if s.mask, err = c.and(s.mask, valued); err != nil {
		return 0, err
	}
	return c.some(s)
}
