package vector

import (
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

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

// constantSet returns the elements of operand i as what x can be compared with, nil
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
