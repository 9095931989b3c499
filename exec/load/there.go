package load

import (
	"sort"
	"unsafe"

	"github.com/segq/segq/exec/column"
)

// there says in which slots of a row group there is an object, a list or a map, as the
// levels of a column tell. The nodes of what is read directly have it instead of slots, which
// take more room; where they need slots, these are made of it (toLanes).
type there struct {
	slots, count int           // how many slots there are, and how many of them have one
	bits         column.Bitmap // those that have; nil for all
	// begins has, of lists and maps, the element with which each slot begins, and the end. The
	// first is not 0 where row groups are joined: the numbers go on from one to the next.
	begins []uint32
	joined []uint32 // what all row groups have, of which begins is a part; nil where they are not joined
}

// newThere notes the slots of a set.
func newThere(s *slotSet) *there {
	t := &there{slots: s.n, count: s.bits.Ones()}
	if t.count < t.slots {
		t.bits = column.NewBitmap(t.slots)
		copy(t.bits, s.bits)
	}
	return t
}

func (t *there) bytes() int64 {
	if t == nil {
		return 0
	}
	return int64(unsafe.Sizeof(*t)) + 8*int64(len(t.bits)) + 4*int64(len(t.begins))
}

// mark sets the bits of the slots that have something, the first of which is given.
func (t *there) mark(b column.Bitmap, first int) {
	if t.bits == nil {
		setBits(b, first, t.slots)
		return
	}
	copyBits(b, first, t.bits, t.slots)
}

// slotOf returns the slot whose list has an element.
func (t *there) slotOf(element uint32) uint32 {
	return uint32(sort.Search(t.slots, func(i int) bool { return t.begins[i+1]-t.begins[0] > element }))
}

// lane returns the slots that have something, with the ends of lists.
func (t *there) lane() (l lane[uint32]) {
	l.slots = make([]uint32, 0, t.count)
	for i := range t.slots {
		if t.bits == nil || t.bits.Get(i) {
			l.slots = append(l.slots, uint32(i))
		}
	}
	if t.begins == nil {
		return l
	}
	l.values = make([]uint32, len(l.slots))
	for i, slot := range l.slots {
		l.values[i] = t.begins[slot+1] - t.begins[0]
	}
	return l
}

// occurrences is how many objects, lists or maps n has.
func (n *node) occurrences() int {
	switch {
	case n.there != nil:
		return n.there.count
	case n.here != nil:
		return n.here.count
	}
	return len(n.present.slots)
}

// mark sets the bits of the slots of n that have an object, a list or a map, the first of which is
// given.
func (n *node) mark(b column.Bitmap, first int) {
	switch {
	case n.there != nil:
		n.there.mark(b, first)
	case n.here != nil:
		n.here.setIn(b, first)
	default:
		for _, slot := range n.present.slots {
			b.Set(first + int(slot))
		}
	}
}

// ends returns where the elements of the lists or maps of n end, and the number with which they
// begin.
func (n *node) ends() (ends []uint32, first uint32) {
	if t := n.there; t != nil {
		return t.begins[1:], t.begins[0]
	}
	return n.present.values, 0
}
