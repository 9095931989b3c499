package vector

import "github.com/segq/segq/lang/check"

// finder finds equal elements of one list after another.
type finder struct {
	v      *vector
	stamps *stamps
	seen   map[any]int
}

func (e *Evaluator) finder(v *vector) *finder {
	f := &finder{v: v}
	if v.dict != nil && v.dict.Len() <= mostStamps {
		f.stamps = e.stampsOf(v.dict)
	}
	return f
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

// group returns the number of the group of element k, which is not null, and whether
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

// key returns what equal elements share. Not-a-number equals nothing, as a key of a
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
