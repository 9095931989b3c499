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

// fallback returns the node that no kernel answers: vectors do, or, where these have no
// form either, the reference evaluator for each row.
func (c *compiler) fallback(n check.Node, reason string) id {
	x := node{op: opVector, slow: true, cost: vectorCost, reason: reason, text: describe(n), expr: n, slots: c.slots}
	if c.single {
		x.op, x.cost, x.cond = opCond, slowCost, eval.NewCond(n, c.slots, c.snap, c.now)
	} else if err := c.vectors.Add(n, c.slots); err != nil {
		x.op, x.cost, x.reason, x.expr = opCond, slowCost, err.Error(), nil
		x.cond = eval.NewCond(n, c.slots, c.snap, c.now)
	}
	x.long = x.op == opCond || multiplies(n)
	return c.graph.intern(x, c.identities.Of(n))
}

// once returns the answer to a condition that reads nothing of a profile. One that
// cannot be evaluated is left to fail for the profiles.
func (c *compiler) once(n check.Node, reason string) id {
	if c.single && check.UsesNow(n) {
		return c.fallback(n, reason)
	}
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
func closed(n check.Node) bool {
	free := check.Free(n)
	return len(free) == 0 || len(free) == 1 && free[0] == 0
}

// fixed says whether no slot at all is free in n: it is worth the same for every
// profile.
func fixed(n check.Node) bool { return len(check.Free(n)) == 0 }
