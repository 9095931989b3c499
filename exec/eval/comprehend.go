package eval

import "github.com/segq/segq/lang/check"

// comprehend folds the bindings of a select, a quantifier or a prefix aggregate.
func (e *Evaluator) comprehend(n *check.Comprehend) Value {
	switch n.Op {
	case check.Select:
		return e.list(n)
	case check.Exists:
		found := false
		e.bindings(n.Decls, func() bool { found = true; return false })
		return boolValue(found)
	case check.ForAll:
		return boolValue(e.forAll(n.Decls))
	}
	a := aggregate{op: n.Op, t: n.T}
	e.bindings(n.Decls, func() bool { a.add(e.eval(n.Yield)); return true })
	return a.result(e)
}

// bindings calls f for every way to bind the variables such that all conditions
// hold, the last variable fastest, until f says no. It says whether f never did.
func (e *Evaluator) bindings(decls []check.Decl, f func() bool) bool {
	if len(decls) == 0 {
		return f()
	}
	d := decls[0]
	goOn := true
	e.each(d.From, func(v Value) bool {
		e.slots[d.Slot] = v
		if d.Where == nil || e.cond(d.Where) {
			goOn = e.bindings(decls[1:], f)
		}
		return goOn && e.step()
	})
	return goOn
}

// forAll says whether every element of every declaration meets its condition:
// first all of the first, each together with all of the rest.
func (e *Evaluator) forAll(decls []check.Decl) bool {
	if len(decls) == 0 {
		return true
	}
	d := decls[0]
	all := true
	e.each(d.From, func(v Value) bool {
		e.slots[d.Slot] = v
		all = (d.Where == nil || e.cond(d.Where)) && e.forAll(decls[1:])
		return all && e.step()
	})
	return all
}

// tuple returns the element of a select for the present binding: the value of its
// one variable, or an object of them all.
func (e *Evaluator) tuple(n *check.Comprehend) Value {
	if len(n.Decls) == 1 {
		return e.slots[n.Decls[0].Slot]
	}
	m := make(members, len(n.Decls))
	for i, d := range n.Decls {
		m[i] = e.slots[d.Slot]
	}
	return Value{t: n.T.Elem, r: m}
}
