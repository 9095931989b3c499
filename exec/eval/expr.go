package eval

import "github.com/segq/segq/lang/check"

// eval returns the value of any node. It is the one place that knows them all: a
// node of a kind that is missing here is a broken invariant.
func (e *Evaluator) eval(n check.Node) Value {
	if !e.step() {
		return Value{}
	}
	switch n := n.(type) {
	case *check.Const:
		return e.p.consts[n]
	case *check.Slot:
		return e.slots[n.N]
	case *check.Member:
		x := e.eval(n.X)
		if x.IsNull() {
			return Value{}
		}
		return x.member(n.F)
	case *check.Gather:
		return e.list(n)
	case *check.Call:
		return e.call(n)
	case *check.MakeList:
		return e.makeList(n)
	case *check.MakeObject:
		return e.makeObject(n)
	case *check.Let:
		e.slots[n.Slot] = e.eval(n.Value)
		return e.eval(n.Body)
	case *check.Iterate:
		return e.iterate(n)
	case *check.Comprehend:
		return e.comprehend(n)
	case *check.Chain:
		return boolValue(e.chain(n))
	case *check.Occurs:
		return boolValue(e.occurs(n))
	case *check.Calendar:
		return intervalValue(check.CalendarUnit(e.now, int64(n.Offset), n.Unit))
	case *check.Segment:
		return boolValue(e.segment(n))
	}
	panic("eval: a node of an unknown kind")
}

// cond returns the value of a condition, a Bool that is never null.
func (e *Evaluator) cond(n check.Node) bool { return e.eval(n).Bool() }

// makeList keeps the nulls among its items, so that places stay what they are.
func (e *Evaluator) makeList(n *check.MakeList) Value {
	var list []Value
	for _, item := range n.Items {
		if !e.collect(&list, e.eval(item)) {
			return Value{}
		}
	}
	return listValue(n.T, list)
}

// makeObject is never null: an object without a single value is present.
func (e *Evaluator) makeObject(n *check.MakeObject) Value {
	var list []Value
	for _, item := range n.Items {
		if !e.collect(&list, e.eval(item)) {
			return Value{}
		}
	}
	return Value{t: n.T, r: members(list)}
}

// membership is whether a profile is in a segment: in, once it was asked in this run.
// slots are those of the definition, which has its own numbering.
type membership struct {
	slots []Value
	run   uint64
	in    bool
}

// segment evaluates the definition of a segment on the same profile, once for each
// profile. Definitions do not contain themselves, so that their slots are never in use
// twice.
func (e *Evaluator) segment(n *check.Segment) bool {
	m := e.segments[n.Query]
	if m == nil {
		m = &membership{slots: make([]Value, max(n.Query.Slots, 1))}
		if e.segments == nil {
			e.segments = map[*check.Query]*membership{}
		}
		e.segments[n.Query] = m
	}
	if m.run == e.runs {
		return m.in
	}
	outer := e.slots
	m.slots[0] = outer[0]
	e.slots = m.slots
	in := e.cond(n.Query.Cond)
	e.slots = outer
	if e.err == nil {
		m.run, m.in = e.runs, in
	}
	return in
}
