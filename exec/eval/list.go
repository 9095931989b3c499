package eval

import "github.com/segq/segq/lang/check"

// each calls f with the elements of the list x, or with the values of the map x,
// from first to last, until f says no. It says whether x is present: null has no
// elements. Lists that x would have to make are streamed, never built.
//
// A node that binds a slot owns it, so that f may evaluate other nodes between
// two elements.
func (e *Evaluator) each(x check.Node, f func(Value) bool) bool {
	switch x := x.(type) {
	case *check.Iterate:
		if x.Op == check.Filter {
			return e.bind(x, func(_ string, v Value) bool { return !e.cond(x.Body) || f(v) })
		}
	case *check.Comprehend:
		if x.Op == check.Select {
			e.bindings(x.Decls, func() bool { return f(e.tuple(x)) })
			return true
		}
	case *check.Gather:
		return e.gather(x, f)
	}
	v := e.eval(x)
	if v.IsNull() {
		return false
	}
	for i := range v.Len() {
		if !e.step() || !f(v.at(i)) {
			break
		}
	}
	return true
}

// gather streams the values of a field over the elements of a list, and over those of lists in
// it. A value that is a list itself gives its elements, unless lists of lists are asked for.
func (e *Evaluator) gather(n *check.Gather, f func(Value) bool) bool {
	nested := n.T.Elem.Kind == check.List
	var visit func(o Value) bool
	visit = func(o Value) bool {
		if !e.step() || o.IsNull() {
			return e.err == nil
		}
		if o.Kind() == check.List {
			return splice(o, visit)
		}
		v := o.member(n.F)
		if v.Kind() == check.List && !nested {
			return splice(v, f)
		}
		return v.IsNull() || f(v)
	}
	return e.each(n.X, visit)
}

// splice returns the elements of list that are not null, depth first.
func splice(list Value, f func(Value) bool) bool {
	for i := range list.Len() {
		v := list.at(i)
		if v.Kind() == check.List {
			if !splice(v, f) {
				return false
			}
			continue
		}
		if !v.IsNull() && !f(v) {
			return false
		}
	}
	return true
}

// list builds what each streams; null when x is.
func (e *Evaluator) list(x check.Node) Value {
	var list []Value
	if !e.each(x, func(v Value) bool { return e.collect(&list, v) }) {
		return Value{}
	}
	return listValue(x.Type(), list)
}

// count is the number of elements of a list or of entries of a map, or null.
func (e *Evaluator) count(x check.Node) Value {
	if !streamed(x) {
		v := e.eval(x)
		if v.IsNull() {
			return v
		}
		return intValue(int64(v.Len()))
	}
	n := int64(0)
	if !e.each(x, func(Value) bool { n++; return e.step() }) {
		return Value{}
	}
	return intValue(n)
}

// truth reads a value as a condition: a Bool is its value, a list is true when it
// is not empty, anything else when it is present.
func (e *Evaluator) truth(x check.Node) bool {
	if streamed(x) {
		some := false
		e.each(x, func(Value) bool { some = true; return false })
		return some
	}
	v := e.eval(x)
	switch v.Kind() {
	case check.Bool:
		return v.Bool()
	case check.List:
		return v.Len() > 0
	}
	return !v.IsNull()
}

// streamed says whether each gives the elements of x without x being built.
func streamed(x check.Node) bool {
	switch x := x.(type) {
	case *check.Gather:
		return true
	case *check.Iterate:
		return x.Op == check.Filter
	case *check.Comprehend:
		return x.Op == check.Select
	}
	return false
}

// head is the first element, or null.
func (e *Evaluator) head(x check.Node) Value {
	var first Value
	e.each(x, func(v Value) bool { first = v; return false })
	return first
}

// in says whether v is an element of the list x, and whether both are present.
func (e *Evaluator) in(v Value, x check.Node) (found, present bool) {
	if v.IsNull() {
		return false, false
	}
	if c, ok := x.(*check.Const); ok && e.p.sets[c] != nil {
		return e.p.sets[c].has(v), true
	}
	present = e.each(x, func(w Value) bool {
		found = equal(v, w)
		return !found
	})
	return found, present
}

// setOf returns the set of the elements of x, nil when x is null.
func (e *Evaluator) setOf(x check.Node) *set {
	if c, ok := x.(*check.Const); ok {
		return e.p.sets[c]
	}
	var list []Value
	if !e.each(x, func(v Value) bool { return e.collect(&list, v) }) {
		return nil
	}
	return setOf(list)
}

// intersects says whether two lists have an element in common.
func (e *Evaluator) intersects(x, y check.Node) bool {
	set := e.setOf(y)
	if set == nil {
		return false
	}
	common := false
	e.each(x, func(v Value) bool {
		common = set.has(v)
		return !common
	})
	return common
}

// subset says whether every element of x that is not null is one of y.
func (e *Evaluator) subset(x, y check.Node) bool {
	set := e.setOf(y)
	if set == nil {
		return false
	}
	all := true
	present := e.each(x, func(v Value) bool {
		all = v.IsNull() || set.has(v)
		return all
	})
	return present && all
}

// intersection returns the common elements in the order of x, each once; null when
// there are none.
func (e *Evaluator) intersection(n *check.Call) Value {
	set := e.setOf(n.Args[1])
	if set == nil {
		return Value{}
	}
	seen := newSet()
	var common []Value
	e.each(n.Args[0], func(v Value) bool {
		return !set.has(v) || !seen.add(v) || e.collect(&common, v)
	})
	if len(common) == 0 {
		return Value{}
	}
	return listValue(n.T, common)
}

// distinct returns each element once, first occurrences. Null is no element.
func (e *Evaluator) distinct(n *check.Call) Value {
	seen := newSet()
	var list []Value
	if !e.each(n.Args[0], func(v Value) bool { return !seen.add(v) || e.collect(&list, v) }) {
		return Value{}
	}
	return listValue(n.T, list)
}
