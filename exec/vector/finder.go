package vector

import (
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// finder finds equal elements of one list after another.
type finder struct {
	v      *vector
	stamps *stamps
	seen   map[any]int
}

// stamps holds, for each code of a dictionary, the group that it was last given, and
// in which list that was: so that nothing is cleared between two lists.
type stamps struct {
	list  uint32
	given []uint32
	group []uint32
}

// mostStamps is the size of the largest dictionary that has stamps, fewElements up to
// how many elements are compared one by one where there are none.
const (
	mostStamps  = 1 << 16
	fewElements = 32
)

func (e *Evaluator) finder(v *vector) *finder {
	f := &finder{v: v}
	if v.dict != nil && v.dict.Len() <= mostStamps {
		f.stamps = e.stampsOf(v.dict)
	}
	return f
}

func (e *Evaluator) stampsOf(d *column.Dict) *stamps {
	s := e.stamps[d]
	if s == nil {
		s = &stamps{given: make([]uint32, d.Len()), group: make([]uint32, d.Len())}
		e.stamps[d] = s
	}
	return s
}

// next turns to the next list.
func (f *finder) next() {
	if f.stamps != nil {
		f.stamps.list++
		if f.stamps.list == 0 { // once in four billion lists
			clear(f.stamps.given)
			f.stamps.list = 1
		}
		return
	}
	if len(f.seen) > 0 {
		clear(f.seen)
	}
}

// group gives the number of the group of element k, which is not null, and whether
// that is a new one; firsts holds the first elements of those so far.
func (f *finder) group(k int, firsts []uint32) (group int, fresh bool) {
	if s := f.stamps; s != nil {
		code := f.v.codes[k]
		if s.given[code] == s.list {
			return int(s.group[code]), false
		}
		s.given[code], s.group[code] = s.list, uint32(len(firsts))
		return len(firsts), true
	}
	if len(firsts) < fewElements {
		for g, p := range firsts {
			if equal(f.v, k, f.v, int(p)) {
				return g, false
			}
		}
		if len(firsts)+1 == fewElements {
			f.remember(firsts, k)
		}
		return len(firsts), true
	}
	key := f.key(k)
	if g, ok := f.seen[key]; ok {
		return g, false
	}
	f.seen[key] = len(firsts)
	return len(firsts), true
}

// groups finds the groups of the elements in mask from a to before b, by their codes:
// own gets the group of each, and first and sizes those that are new.
func (s *stamps) groups(codes []uint32, mask []uint64, own, first, sizes []uint32, a, b uint32) (newFirst, newSizes []uint32) {
	for k := a; k < b; k++ {
		if mask[k>>6]>>(k&63)&1 == 0 {
			continue
		}
		code := codes[k]
		g := s.group[code]
		if s.given[code] != s.list {
			g = uint32(len(first))
			s.given[code], s.group[code] = s.list, g
			first, sizes = append(first, k), append(sizes, 0)
		}
		own[k] = g
		sizes[g]++
	}
	return first, sizes
}

// remember files the first elements of the groups, and k.
func (f *finder) remember(firsts []uint32, k int) {
	if f.seen == nil {
		f.seen = map[any]int{}
	}
	for g, p := range firsts {
		f.seen[f.key(int(p))] = g
	}
	f.seen[f.key(k)] = len(firsts)
}

// key gives what equal elements share. Not-a-number equals nothing, as a key of a
// map does not.
func (f *finder) key(k int) any {
	switch f.v.kind {
	case check.String:
		return f.v.text(k)
	case check.Float:
		return f.v.real[k] + 0
	case check.Bool:
		return f.v.bit(k)
	}
	return f.v.ints[k]
}

// constantSet is the elements of a constant list, in the form for one kind of value.
type constantSet struct {
	codes column.Bitmap
	texts map[string]bool
	ints  map[int64]bool
	reals map[float64]bool
	// floats are those of reals that were written as such: an integer equals one when
	// it does as a float64.
	floats map[float64]bool
}

// constantSet gives the elements of operand i as what x can be compared with, nil
// where that is no constant.
func (e *Evaluator) constantSet(n *check.Call, i int, x *vector) *constantSet {
	k, ok := n.Args[i].(*check.Const)
	if !ok {
		return nil
	}
	items, ok := k.V.([]any)
	if !ok {
		return nil
	}
	key := testKey{n, x.dict}
	if s := e.sets[key]; s != nil {
		return s
	}
	s := &constantSet{texts: map[string]bool{}, ints: map[int64]bool{}, reals: map[float64]bool{}, floats: map[float64]bool{}}
	if x.dict != nil {
		s.codes = column.NewBitmap(max(x.dict.Len(), 1))
	}
	for _, item := range items {
		switch item := item.(type) {
		case string:
			s.texts[item] = true
			if x.dict != nil {
				if code, found := x.dict.Find(item); found {
					s.codes.Set(int(code))
				}
			}
		case int64:
			s.ints[item] = true
			s.reals[float64(item)] = true
		case bool:
			s.ints[int64(bit(item))] = true
		case float64:
			s.reals[item], s.floats[item] = true, true
		}
	}
	e.sets[key] = s
	return s
}

// inSet says which of n values are in a set, without a look at what is null.
func (e *Evaluator) inSet(dst []uint64, s *constantSet, x *vector, n int) {
	for i := range n {
		var is bool
		switch {
		case x.dict != nil:
			is = s.codes.Get(int(x.codes[i]))
		case x.kind == check.String:
			is = s.texts[x.text(i)]
		case x.kind == check.Float:
			is = s.reals[x.real[i]]
		case x.kind == check.Bool:
			is = s.ints[int64(bit(x.bit(i)))]
		default:
			is = s.ints[x.ints[i]] || len(s.floats) > 0 && s.floats[float64(x.ints[i])]
		}
		dst[i>>6] |= bit(is) << (i & 63)
	}
}
