package plan

import (
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/lang/check"
)

// What a row costs vectors, and the reference evaluator, beside the few of a
// kernel.
const (
	vectorCost = 1 << 10
	slowCost   = 1 << 16
)

// fallback gives the node that no kernel answers: vectors do, or, where these have no
// form either, the reference evaluator for each row.
func (c *compiler) fallback(n check.Node, reason string) id {
	x := node{op: opVector, slow: true, cost: vectorCost, reason: reason, text: describe(n), expr: n, slots: c.slots}
	if err := c.vectors.Add(n, c.slots); err != nil {
		x.op, x.cost, x.reason, x.expr = opCond, slowCost, err.Error(), nil
		x.cond = eval.NewCond(n, c.slots, c.snap, c.now)
	}
	return c.graph.intern(x, c.segments.keyOf(n))
}

// once gives the answer to a condition that reads nothing of a profile. One that
// cannot be evaluated is left to fail for the profiles.
func (c *compiler) once(n check.Node, reason string) id {
	ev := eval.NewCond(n, c.slots, c.snap, c.now).Evaluator()
	ev.Stop = func() bool { return c.ctx.Err() != nil }
	switch is, err := ev.Cond(0); {
	case err != nil:
		return c.fallback(n, reason)
	case is:
		return always
	}
	return never
}

// closed says whether no slot is free in n but that of the profile.
func closed(n check.Node) bool { return closedIn(n, map[int]bool{0: true}) }

// fixed says whether no slot at all is free in n: it is worth the same for every
// profile.
func fixed(n check.Node) bool { return closedIn(n, map[int]bool{}) }

// closedIn says whether every slot that n reads is bound inside it or in bound.
// Slots are unique in a query, so that what was bound may stay in the set.
func closedIn(n check.Node, bound map[int]bool) bool {
	switch n := n.(type) {
	case *check.Slot:
		return bound[n.N]
	case *check.Let:
		bound[n.Slot] = true
	case *check.Iterate:
		bound[n.Slot] = true
		if n.KeySlot > 0 {
			bound[n.KeySlot] = true
		}
	case *check.Comprehend:
		for _, d := range n.Decls {
			bound[d.Slot] = true
		}
	case *check.Chain:
		bound[n.Slot] = true
	case *check.Segment:
		return bound[0]
	}
	for _, child := range children(n) {
		if child != nil && !closedIn(child, bound) {
			return false
		}
	}
	return true
}

// children gives the nodes directly below n; some may be nil. The definition of a
// segment has slots of its own and is not below it.
func children(n check.Node) []check.Node {
	switch n := n.(type) {
	case *check.Member:
		return []check.Node{n.X}
	case *check.Gather:
		return []check.Node{n.X}
	case *check.Call:
		return n.Args
	case *check.MakeList:
		return n.Items
	case *check.MakeObject:
		return n.Items
	case *check.Let:
		return []check.Node{n.Value, n.Body}
	case *check.Iterate:
		return []check.Node{n.X, n.Body, n.N}
	case *check.Comprehend:
		list := []check.Node{n.Yield}
		for _, d := range n.Decls {
			list = append(list, d.From, d.Where)
		}
		return list
	case *check.Chain:
		list := []check.Node{n.X, n.Order}
		for _, s := range n.Steps {
			list = append(list, s.Cond)
		}
		return list
	case *check.Occurs:
		return []check.Node{n.X, n.Window.Ref, n.Window.To}
	}
	return nil
}
