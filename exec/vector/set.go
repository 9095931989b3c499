package vector

import (
	"math"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/lang/check"
)

// equal says whether two positions, neither of them null, are the same as = sees
// it.
func equal(x *vector, i int, y *vector, j int) bool {
	switch {
	case x.kind == check.String:
		if x.dict != nil && x.dict == y.dict {
			return x.codes[i] == y.codes[j]
		}
		return x.text(i) == y.text(j)
	case x.kind == check.Float || y.kind == check.Float:
		return x.number(i) == y.number(j)
	case x.kind == check.Bool:
		return x.bit(i) == y.bit(j)
	}
	return x.ints[i] == y.ints[j]
}

// in says whether a value is an element of a list: false where one is null.
func (e *Evaluator) in(n *check.Call, f *frame) *vector {
	x, l := e.eval(n.Args[0], f), e.eval(n.Args[1], f)
	out := e.condition(f)
	valid := e.both(f, x, l)
	for i := range f.n {
		if valid != nil && valid[i>>6]>>(i&63)&1 == 0 {
			continue
		}
		out.bits[i>>6] |= bit(l.list.has(i, x, i) == (n.Op == check.In)) << (i & 63)
	}
	return out
}

// has says whether position j of x is an element of list i.
func (l *list) has(i int, x *vector, j int) bool {
	for k := l.offsets[i]; k < l.offsets[i+1]; k++ {
		if l.in(int(k)) && !l.elems.null(int(k)) && equal(x, j, l.elems, int(k)) {
			return true
		}
	}
	return false
}

// setTest says whether two lists have an element in common, or one has all of the
// other.
func (e *Evaluator) setTest(n *check.Call, f *frame) *vector {
	x, y := e.eval(n.Args[0], f), e.eval(n.Args[1], f)
	if n.Op == check.SupersetOf {
		x, y = y, x
	}
	members := e.members(x, y)
	if n.Op != check.Intersects {
		// Null elements are in every set.
		members = e.orNull(x.list, members)
		out := e.forAll(x, members, f)
		if valid := e.both(f, x, y); valid != nil {
			kernel.And(out.bits, valid[:len(out.bits)])
		}
		return out
	}
	out := e.exists(x, e.masked(x.list, members), f)
	if y.valid != nil {
		kernel.And(out.bits, y.valid[:len(out.bits)])
	}
	return out
}

// members says which elements of x are elements of the list of y in the same place.
func (e *Evaluator) members(x, y *vector) []uint64 {
	l := x.list
	out := e.bitmap(l.frame.n)
	if codes := sharedCodes(y.list, l.elems); codes != nil {
		for k := range l.frame.n {
			if !l.elems.null(k) && codes.Get(int(l.elems.codes[k])) {
				out[k>>6] |= 1 << (k & 63)
			}
		}
		return out
	}
	for i := range len(l.offsets) - 1 {
		for k := l.offsets[i]; k < l.offsets[i+1]; k++ {
			if l.in(int(k)) && !l.elems.null(int(k)) && y.list.has(i, l.elems, int(k)) {
				out[k>>6] |= 1 << (k & 63)
			}
		}
	}
	return out
}

// sharedCodes gives the codes of the texts of a list that is the same for every
// position, nil when it is another.
func sharedCodes(l *list, x *vector) column.Bitmap {
	if x.dict == nil || x.dict.Len() > 1<<16 || !l.repeated || len(l.offsets) < 2 {
		return nil
	}
	codes := column.NewBitmap(max(x.dict.Len(), 1))
	for k := l.offsets[0]; k < l.offsets[1]; k++ {
		if l.elems.null(int(k)) {
			continue
		}
		if code, found := x.dict.Find(l.elems.text(int(k))); found {
			codes.Set(int(code))
		}
	}
	return codes
}

// orNull adds the elements that are null.
func (e *Evaluator) orNull(l *list, mask []uint64) []uint64 {
	if l.elems.valid == nil {
		return mask
	}
	out := e.bitmap(l.frame.n)
	kernel.Not(out, e.present(l.elems, l.frame).bits, l.frame.n)
	kernel.Or(out, mask)
	return out
}

// intersection gives the common elements in the order of the first list, each once;
// null when there are none.
func (e *Evaluator) intersection(n *check.Call, f *frame) *vector {
	x, y := e.eval(n.Args[0], f), e.eval(n.Args[1], f)
	own := *x.list
	own.keys = nil
	own.mask = e.firsts(&own, e.masked(&own, e.members(x, y)))
	out := e.vector(check.List)
	some := e.exists(&vector{list: &own, valid: e.both(f, x, y)}, own.mask, f)
	out.valid, out.list = some.bits, &own
	return out
}

// distinct gives each element once, first occurrences. Null is no element.
func (e *Evaluator) distinct(n *check.Call, f *frame) *vector {
	x := e.eval(n.Args[0], f)
	own := *x.list
	own.keys = nil
	own.mask = e.firsts(&own, e.masked(&own, e.present(own.elems, own.frame).bits))
	out := e.vector(check.List)
	out.valid, out.list = x.valid, &own
	return out
}

// fewElements is up to how many a look at all those before is quicker than a map.
const fewElements = 32

// firsts gives the elements in mask that none before them in their list equals.
func (e *Evaluator) firsts(l *list, mask []uint64) []uint64 {
	out := e.bitmap(l.frame.n)
	var before []uint32
	for i := range len(l.offsets) - 1 {
		a, b := l.offsets[i], l.offsets[i+1]
		if e.halted(i) {
			break
		}
		if b-a > fewElements {
			e.firstsByMap(l, mask, out, a, b)
			continue
		}
		before = before[:0]
	elements:
		for k := a; k < b; k++ {
			if mask[k>>6]>>(k&63)&1 == 0 {
				continue
			}
			for _, p := range before {
				if equal(l.elems, int(k), l.elems, int(p)) {
					continue elements
				}
			}
			before = append(before, k)
			out[k>>6] |= 1 << (k & 63)
		}
	}
	return out
}

// firstsByMap is firsts for one long list.
func (e *Evaluator) firstsByMap(l *list, mask, out []uint64, a, b uint32) {
	type key struct {
		number uint64
		text   string
	}
	seen := map[key]bool{}
	for k := a; k < b; k++ {
		if mask[k>>6]>>(k&63)&1 == 0 {
			continue
		}
		var id key
		switch v := l.elems; v.kind {
		case check.String:
			id.text = v.text(int(k))
		case check.Float:
			id.number = math.Float64bits(v.real[k] + 0)
		case check.Bool:
			id.number = bit(v.bit(int(k)))
		default:
			id.number = uint64(v.ints[k])
		}
		if !seen[id] || l.elems.kind == check.Float && l.elems.real[k] != l.elems.real[k] {
			seen[id] = true
			out[k>>6] |= 1 << (k & 63)
		}
	}
}
