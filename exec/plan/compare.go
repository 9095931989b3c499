package plan

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// flipped is the comparison with its sides exchanged.
var flipped = map[check.Op]check.Op{
	check.Eq: check.Eq, check.Ne: check.Ne,
	check.Lt: check.Gt, check.Gt: check.Lt,
	check.Le: check.Ge, check.Ge: check.Le,
}

// comparison compiles a column, or the size of a list, against a constant.
func (c *compiler) comparison(n *check.Call, e *env) (id, error) {
	o, left, right := n.Op, n.Args[0], n.Args[1]
	k, ok := c.constantValue(right)
	if !ok {
		o, left = flipped[o], right
		if k, ok = c.constantValue(n.Args[0]); !ok {
			return 0, unsupported("it compares two values of a profile")
		}
	}
	if k == nil {
		return never, nil
	}
	left, e = e.deref(left)
	if call, ok := left.(*check.Call); ok {
		switch call.Op {
		case check.IntToFloat:
			// The integer is compared as a float64, and so is the constant.
			if i, ok := k.(int64); ok {
				k = float64(i)
			}
			left, e = e.deref(call.Args[0])
		case check.IntToTimestamp:
			left, e = e.deref(call.Args[0])
		}
	}
	if call, ok := left.(*check.Call); ok && call.Op == check.Count {
		return c.countCompared(o, call.Args[0], k, e)
	}
	if call, ok := left.(*check.Call); ok && call.Op.Group() == check.TimeParts && call.Op != check.Date && o != check.Ne {
		if lo, hi, ok := intRange(o, k); ok {
			if i, ok := c.datePart(call, lo, hi, e, fmt.Sprintf("%s %v", o, k)); ok {
				return i, nil
			}
		}
	}
	p, ok := c.place(left, e)
	if !ok {
		return 0, unsupported("it compares a computed value")
	}
	return c.compared(o, p, k)
}

// compared returns the node for: the value at p compares so with the constant k.
func (c *compiler) compared(o check.Op, p place, k any) (id, error) {
	if o == check.Ne {
		eq, err := c.compared(check.Eq, p, k)
		if err != nil {
			return 0, err
		}
		return c.and(c.valid(p), c.graph.not(eq))
	}
	text := fmt.Sprintf("%s %v", o, k)
	switch column.Stored(p.col).(type) {
	case *column.Nulls:
		return never, nil
	case *column.Bools:
		is, ok := k.(bool)
		if !ok || o != check.Eq {
			break
		}
		return c.in(p, truth(is), text), nil
	case *column.Ints, *column.Timestamps:
		lo, hi, ok := intRange(o, k)
		if !ok {
			break
		}
		return c.between(p, lo, hi, text), nil
	case *column.Floats:
		f, ok := asFloat(k)
		if !ok {
			break
		}
		lo, hi := column.FloatRange(o, f)
		if !(lo <= hi) {
			return never, nil
		}
		return c.between(p, column.FloatKey(lo), column.FloatKey(hi), text), nil
	case *column.Strings:
		s, ok := k.(string)
		if !ok || o != check.Eq {
			break
		}
		return c.textIn(p, []string{s}, text), nil
	case *column.Texts:
		s, ok := k.(string)
		if !ok || o != check.Eq {
			break
		}
		return c.oneOfTexts(p, []string{s}, text), nil
	}
	return 0, unsupported("it compares values that no kernel compares")
}

// truth is the set of one boolean.
func truth(is bool) valueSet {
	if is {
		return valueSet{spans: []span{{1, 1}}}
	}
	return valueSet{spans: []span{{0, 0}}}
}

// between returns the node for: the key of the value at p is between lo and hi.
func (c *compiler) between(p place, lo, hi int64, text string) id {
	if lo > hi {
		return never
	}
	return c.in(p, valueSet{spans: []span{{lo, hi}}}, text)
}

// intRange returns the integers that compare so with k, as a range without a hole:
// o is not Ne. A float64 is met as a float64, to which every integer is rounded.
// The range is empty (lo > hi) when there are none.
func intRange(o check.Op, k any) (lo, hi int64, ok bool) {
	lo, hi = math.MinInt64, math.MaxInt64
	switch k := k.(type) {
	case int64:
		switch {
		case o == check.Eq:
			return k, k, true
		case o == check.Le:
			return lo, k, true
		case o == check.Ge:
			return k, hi, true
		case o == check.Lt && k > lo:
			return lo, k - 1, true
		case o == check.Gt && k < hi:
			return k + 1, hi, true
		}
		return 1, 0, true
	case float64:
		lo, hi = floatBounds(o, k)
		return lo, hi, true
	}
	return 0, 0, false
}

// floatBounds returns the integers that, rounded to float64, compare so with k.
// Rounding keeps the order, so that those that are at least k, or above it, begin
// somewhere.
func floatBounds(o check.Op, k float64) (lo, hi int64) {
	least, someLeast := firstInt(func(x int64) bool { return float64(x) >= k })
	above, someAbove := firstInt(func(x int64) bool { return float64(x) > k })
	from, fromSome, until, untilSome := int64(math.MinInt64), true, int64(0), false
	switch o {
	case check.Eq, check.Ge:
		from, fromSome = least, someLeast
	case check.Gt:
		from, fromSome = above, someAbove
	}
	switch o {
	case check.Eq, check.Le:
		until, untilSome = above, someAbove
	case check.Lt:
		until, untilSome = least, someLeast
	}
	switch {
	case !fromSome || untilSome && until == math.MinInt64:
		return 1, 0
	case untilSome:
		return from, until - 1
	}
	return from, math.MaxInt64
}

// firstInt returns the least integer for which f holds, and whether there is one. f
// must hold for all integers above one for which it holds.
func firstInt(f func(int64) bool) (int64, bool) {
	if !f(math.MaxInt64) {
		return 0, false
	}
	lo, hi := int64(math.MinInt64), int64(math.MaxInt64)
	for lo < hi {
		mid := int64(uint64(lo) + (uint64(hi)-uint64(lo))/2)
		if f(mid) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo, true
}

// asFloat returns a constant number as float64.
func asFloat(k any) (float64, bool) {
	switch k := k.(type) {
	case int64:
		return float64(k), true
	case float64:
		return k, true
	}
	return 0, false
}

// membership compiles In and NotIn of a column and a constant list, and of a
// constant and a list of the profile.
func (c *compiler) membership(n *check.Call, e *env) (id, error) {
	in, present, err := c.inList(n, e)
	if err != nil || n.Op == check.In {
		return in, err
	}
	return c.and(present, c.graph.not(in))
}

// inList says where operand 0 is an element of operand 1, and where both are
// present.
func (c *compiler) inList(n *check.Call, e *env) (in, present id, err error) {
	if k, ok := c.constantValue(n.Args[0]); ok {
		return c.listHas(n.Args[1], k, e)
	}
	list, ok := c.constantValue(n.Args[1])
	if !ok {
		return 0, 0, unsupported("it looks for a value of a profile in a list of it")
	}
	values, ok := list.([]any)
	if !ok {
		return never, never, nil
	}
	x, e := e.deref(n.Args[0])
	p, ok := c.place(x, e)
	if !ok {
		return 0, 0, unsupported("it looks for a computed value in a list")
	}
	in, err = c.oneOf(p, values)
	return in, c.valid(p), err
}

// oneOf returns the node for: the value at p is one of values. Null is none.
func (c *compiler) oneOf(p place, values []any) (id, error) {
	var spans []span
	var texts []string
	for _, v := range values {
		if v == nil {
			continue
		}
		if s, ok := v.(string); ok {
			texts = append(texts, s)
			continue
		}
		x, ok := point(column.Stored(p.col), v)
		if !ok {
			return 0, unsupported("it looks for a value in a list that no kernel searches")
		}
		if x.lo <= x.hi {
			spans = append(spans, x)
		}
	}
	text := fmt.Sprintf("in a list of %d", len(values))
	switch column.Stored(p.col).(type) {
	case *column.Nulls:
		return never, nil
	case *column.Strings:
		return c.textIn(p, texts, text), nil
	case *column.Texts:
		return c.oneOfTexts(p, texts, text), nil
	}
	if len(texts) > 0 {
		return 0, unsupported("it looks for a value in a list of another type")
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.lo, b.lo) })
	return c.in(p, valueSet{spans: union(spans, nil)}, text), nil
}

// point returns the keys of a column that are equal to v, none (lo > hi) when there
// are none, and whether the two can be compared.
func point(c column.Column, v any) (span, bool) {
	switch c.(type) {
	case *column.Nulls:
		return span{}, true
	case *column.Bools:
		if is, ok := v.(bool); ok {
			return truth(is).spans[0], true
		}
	case *column.Ints, *column.Timestamps:
		if lo, hi, ok := intRange(check.Eq, v); ok {
			return span{lo, hi}, true
		}
	case *column.Floats:
		if f, ok := asFloat(v); ok && f == f {
			k := column.FloatKey(f)
			return span{k, k}, true
		}
	}
	return span{}, false
}
