package eval

import (
	"math"
	"math/bits"
	"slices"

	"github.com/segq/segq/lang/check"
)

// bind streams the elements of n.X, each bound to n's slots; a list has no keys.
// It says whether n.X is present.
func (e *Evaluator) bind(n *check.Iterate, f func(key string, v Value) bool) bool {
	if n.X.Type().Kind != check.Map {
		return e.each(n.X, func(v Value) bool {
			e.slots[n.Slot] = v
			return f("", v)
		})
	}
	m := e.eval(n.X)
	if m.IsNull() {
		return false
	}
	for i := range m.Len() {
		key, v := m.key(i), m.at(i)
		e.slots[n.Slot] = v
		if n.KeySlot > 0 {
			e.slots[n.KeySlot] = stringValue(key)
		}
		if !e.step() || !f(key, v) {
			break
		}
	}
	return true
}

// iterate runs the body of n for each element and folds the outcomes. The tests
// among the folds have an answer where X is null; the rest is null then, the sum
// included, as a function of null is.
func (e *Evaluator) iterate(n *check.Iterate) Value {
	switch n.Op {
	case check.Filter:
		return e.filter(n)
	case check.Exists:
		found := false
		e.bind(n, func(string, Value) bool { found = e.cond(n.Body); return !found })
		return boolValue(found)
	case check.ForAll:
		all := true
		e.bind(n, func(string, Value) bool { all = e.cond(n.Body); return all })
		return boolValue(all)
	case check.MapEach:
		return e.mapEach(n)
	case check.TopN, check.BottomN:
		return e.extremes(n)
	case check.GroupBy:
		return e.groupBy(n)
	}
	a := aggregate{op: n.Op, t: n.T}
	if !e.bind(n, func(string, Value) bool { a.add(e.eval(n.Body)); return true }) {
		return Value{}
	}
	return a.result(e)
}

// filter returns the elements of a list, or the entries of a map, for which the
// body holds.
func (e *Evaluator) filter(n *check.Iterate) Value {
	if n.T.Kind != check.Map {
		return e.list(n)
	}
	m := &entries{}
	present := e.bind(n, func(key string, v Value) bool {
		if !e.cond(n.Body) {
			return true
		}
		m.keys = append(m.keys, key)
		return e.collect(&m.values, v)
	})
	if !present {
		return Value{}
	}
	return mapValue(n.T, m)
}

func mapValue(t *check.Type, m *entries) Value {
	return Value{t: t, b: int64(len(m.keys)), r: m}
}

// mapEach returns the outcomes of the body: a list over a list, a map by key over a
// map. Null outcomes stay.
func (e *Evaluator) mapEach(n *check.Iterate) Value {
	m := &entries{}
	present := e.bind(n, func(key string, _ Value) bool {
		m.keys = append(m.keys, key)
		return e.collect(&m.values, e.eval(n.Body))
	})
	switch {
	case !present:
		return Value{}
	case n.T.Kind == check.Map:
		return mapValue(n.T, m)
	}
	return listValue(n.T, m.values)
}

// extremes returns the N elements with the largest or smallest outcome, best
// first; elements with a null outcome are left out and ties keep their order.
func (e *Evaluator) extremes(n *check.Iterate) Value {
	count := e.eval(n.N)
	if count.IsNull() {
		return Value{}
	}
	type ranked struct{ key, v Value }
	var all []ranked
	present := e.bind(n, func(_ string, v Value) bool {
		key := e.eval(n.Body)
		if key.IsNull() {
			return true
		}
		all = append(all, ranked{key, v})
		return e.charge(v)
	})
	if !present {
		return Value{}
	}
	slices.SortStableFunc(all, func(x, y ranked) int {
		if n.Op == check.TopN {
			return order(y.key, x.key)
		}
		return order(x.key, y.key)
	})
	list := make([]Value, 0, len(all))
	for _, r := range all {
		if int64(len(list)) >= count.Int() {
			break
		}
		list = append(list, r.v)
	}
	return listValue(n.T, list)
}

// groupBy returns a map from the outcome, as text, to the list of its elements. An
// element with a null outcome is in no group.
func (e *Evaluator) groupBy(n *check.Iterate) Value {
	m := &entries{}
	place := map[string]int{}
	var groups [][]Value
	present := e.bind(n, func(_ string, v Value) bool {
		key := e.eval(n.Body)
		if key.IsNull() {
			return true
		}
		text := key.Text()
		i, ok := place[text]
		if !ok {
			i = len(groups)
			place[text] = i
			groups = append(groups, nil)
			m.keys = append(m.keys, text)
		}
		return e.collect(&groups[i], v)
	})
	if !present {
		return Value{}
	}
	for _, g := range groups {
		m.values = append(m.values, listValue(n.T.Elem, g))
	}
	return mapValue(n.T, m)
}

// aggregate folds numbers (or, for the extremes, anything that has an order).
// Null is skipped.
type aggregate struct {
	op check.Fold
	t  *check.Type
	n  int64
	// hi, lo is the sum of integers in 128 bits, so that only a total that does
	// not fit overflows, whatever the order; f is the sum of floats, in order.
	hi, lo uint64
	f      float64
	best   Value
}

// add takes one outcome in. The two halves of the 128-bit sum take an integer
// with its sign extended.
func (a *aggregate) add(v Value) {
	if v.IsNull() {
		return
	}
	a.n++
	switch a.op {
	case check.Sum, check.Average:
		if v.Kind() == check.Int {
			var carry uint64
			a.lo, carry = bits.Add64(a.lo, uint64(v.a), 0)
			a.hi += uint64(v.a>>63) + carry
		}
		a.f += v.Float()
	case check.Min:
		if a.n == 1 || order(v, a.best) < 0 {
			a.best = v
		}
	case check.Max:
		if a.n == 1 || order(v, a.best) > 0 {
			a.best = v
		}
	}
}

// result returns the outcome: 0 for the sum of nothing, null for the rest of it.
func (a *aggregate) result(e *Evaluator) Value {
	switch a.op {
	case check.Sum:
		if a.t.Kind == check.Float {
			return e.float(a.f)
		}
		if a.hi != uint64(int64(a.lo)>>63) {
			return e.overflow()
		}
		return intValue(int64(a.lo))
	case check.Average:
		if a.n == 0 {
			return Value{}
		}
		return e.float(a.f / float64(a.n))
	}
	return a.best
}

// overflow is null, and remembers that a number was too large.
func (e *Evaluator) overflow() Value {
	e.overflowed = true
	return Value{}
}

// float is f, or an overflow when it is not finite.
func (e *Evaluator) float(f float64) Value {
	if math.IsInf(f, 0) {
		return e.overflow()
	}
	return floatValue(f)
}
