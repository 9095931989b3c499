package load

import (
	"iter"
	"slices"
)

// lane holds values in order of their slots. Slots are nil where these are the first
// ones, 0 and so on, as they are in a field that each row has.
type lane[T any] struct {
	slots  []uint32
	values []T
}

// all returns the slots with their values.
func (l *lane[T]) all() iter.Seq2[uint32, T] {
	return func(yield func(uint32, T) bool) {
		for i, v := range l.values {
			slot := uint32(i)
			if l.slots != nil {
				slot = l.slots[i]
			}
			if !yield(slot, v) {
				return
			}
		}
	}
}

// seal gives back what room is left over, and the slots if all n have a value.
func (l *lane[T]) seal(n int) {
	if len(l.values) == n {
		l.slots = nil
	}
	l.clip()
}

// clip gives back what room is left over, if it is much.
func (l *lane[T]) clip() {
	if cap(l.slots) > len(l.slots)+len(l.slots)/4 {
		l.slots = slices.Clone(l.slots)
	}
	if cap(l.values) > len(l.values)+len(l.values)/4 {
		l.values = slices.Clone(l.values)
	}
}

// reserve makes room for n more values, and for so many where the lane is new.
func (l *lane[T]) reserve(n, room int) {
	if l.values == nil {
		n = max(n, room)
		l.slots, l.values = make([]uint32, 0, n), make([]T, 0, n)
		return
	}
	l.slots, l.values = slices.Grow(l.slots, n), slices.Grow(l.values, n)
}

func (l *lane[T]) add(slot uint32, v T) {
	if l.slots == nil {
		if int(slot) == len(l.values) {
			l.values = append(l.values, v)
			return
		}
		l.number()
	}
	l.slots = append(l.slots, slot)
	l.values = append(l.values, v)
}

// put adds to a lane that always has slots, as those of objects and lists do.
func (l *lane[T]) put(slot uint32, v T) {
	l.slots = append(l.slots, slot)
	l.values = append(l.values, v)
}

// number gives the lane slots, if it has none.
func (l *lane[T]) number() {
	if l.slots != nil {
		return
	}
	l.slots = make([]uint32, len(l.values), cap(l.values)+1)
	for i := range l.slots {
		l.slots[i] = uint32(i)
	}
}

// cutFrom takes away the values from a slot on, of slots that ascend.
func (l *lane[T]) cutFrom(slot uint32) {
	if l.slots == nil {
		l.values = l.values[:min(len(l.values), int(slot))]
		return
	}
	n := len(l.slots)
	for n > 0 && l.slots[n-1] >= slot {
		n--
	}
	l.slots, l.values = l.slots[:n], l.values[:min(n, len(l.values))]
}
