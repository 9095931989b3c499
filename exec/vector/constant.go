package vector

import (
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// repeated returns a constant. Numbers are repeated once, not in every block.
func (e *Evaluator) repeated(n *check.Const, f *frame) *vector {
	switch n.V.(type) {
	case int64, float64:
	default:
		return e.constant(n.V, n.T, f)
	}
	kept := e.constants.numbers[n]
	if kept == nil || kept.n < f.n {
		e.constants.bytes += 8 * f.n
		kept = &numbers{n: f.n}
		switch x := n.V.(type) {
		case int64:
			kept.ints = filled(make([]int64, f.n), x)
		case float64:
			kept.real = filled(make([]float64, f.n), x)
		}
		e.constants.numbers[n] = kept
	}
	if x, ok := n.V.(float64); ok && x-x != 0 {
		return e.constant(n.V, n.T, f)
	}
	v := e.vector(n.T.Kind)
	v.constant, v.ints, v.real = n.V, kept.ints, kept.real
	return v
}

// constants are the numbers that were repeated, which are kept from block to block.
type constants struct {
	numbers map[*check.Const]*numbers
	bytes   int
}

// drop gives their memory up.
func (c *constants) drop() {
	clear(c.numbers)
	c.bytes = 0
}

// numbers is a number n times.
type numbers struct {
	n    int
	ints []int64
	real []float64
}

// constant returns one value for all positions.
func (e *Evaluator) constant(value any, t *check.Type, f *frame) *vector {
	v, n := e.vector(t.Kind), f.n
	v.constant = value
	switch x := value.(type) {
	case nil:
		return e.nulls(t, f)
	case bool:
		v.bits = e.bitmap(n)
		if x {
			fillBits(v.bits, n)
		}
	case int64:
		v.ints = filled(e.longs(n), x)
	case float64:
		if x-x != 0 { // what is no finite number is null
			return e.nulls(t, f)
		}
		v.real = filled(e.floats(n), x)
	case string:
		v.texts, v.same = []string{x}, true
	case []any:
		return e.constantLists(x, t, f)
	}
	return v
}

// constantLists repeats a list.
func (e *Evaluator) constantLists(items []any, t *check.Type, f *frame) *vector {
	k, n := len(items), f.n
	if e.crowd(k * n) {
		k = 0
	}
	offsets := e.words32(n + 1)
	for i := range offsets {
		offsets[i] = uint32(i * k)
	}
	l := &list{frame: e.below(f, offsets, n*k), offsets: offsets}
	one := e.joined(items, t.Elem)
	at := e.words32(n * k)
	for i := range at {
		at[i] = uint32(i % max(k, 1))
	}
	l.elems = e.pick(one, at, l.frame)
	v := e.vector(t.Kind)
	v.list = l
	return v
}

// joined returns constants one after another.
func (e *Evaluator) joined(items []any, t *check.Type) *vector {
	n := len(items)
	v := e.nulls(t, &frame{n: n})
	if t.Kind == check.List {
		e.joinLists(v, items, t)
		return v
	}
	if t.Kind == check.String {
		v.texts, v.same = e.strings(n), false
	}
	for i, x := range items {
		switch x := x.(type) {
		case bool:
			if x {
				v.bits[i>>6] |= 1 << (i & 63)
			}
		case int64:
			if t.Kind == check.Float {
				v.real[i] = float64(x)
			} else {
				v.ints[i] = x
			}
		case float64:
			if x-x != 0 {
				continue
			}
			v.real[i] = x
		case string:
			v.texts[i] = x
		default:
			continue
		}
		v.valid[i>>6] |= 1 << (i & 63)
	}
	return v
}

// joinLists gives v, a vector of nulls, the lists among constants.
func (e *Evaluator) joinLists(v *vector, items []any, t *check.Type) {
	var all []any
	offsets := e.words32(len(items) + 1)
	offsets[0] = 0
	for i, x := range items {
		if list, ok := x.([]any); ok {
			all = append(all, list...)
			v.valid[i>>6] |= 1 << (i & 63)
		}
		offsets[i+1] = uint32(len(all))
	}
	v.list = &list{frame: e.below(&frame{n: len(items)}, offsets, len(all)), offsets: offsets}
	v.list.elems = e.joined(all, t.Elem)
}

// nulls returns a vector of nulls that has the slices of its kind.
func (e *Evaluator) nulls(t *check.Type, f *frame) *vector {
	v, n := e.vector(t.Kind), f.n
	v.valid = e.bitmap(n)
	switch t.Kind {
	case check.Bool:
		v.bits = e.bitmap(n)
	case check.Float:
		v.real = filled(e.floats(n), 0)
	case check.Interval:
		v.ints, v.ends = filled(e.longs(n), 0), filled(e.longs(n), 0)
	case check.String:
		v.texts, v.same = []string{""}, true
	case check.List, check.Map:
		v.list = e.noLists(t, f)
	case check.Object:
		v.object = &column.Struct{}
	default:
		v.ints = filled(e.longs(n), 0)
	}
	return v
}

// noLists returns empty lists, or maps, of a type.
func (e *Evaluator) noLists(t *check.Type, f *frame) *list {
	offsets := filled(e.words32(f.n+1), 0)
	l := &list{frame: e.below(f, offsets, 0), offsets: offsets}
	l.elems, l.keys = e.nulls(t.Elem, l.frame), e.nulls(check.StringType, l.frame)
	return l
}
