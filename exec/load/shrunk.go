package load

import (
	"math"
	"math/bits"

	"github.com/segq/segq/exec/column"
)

// slotBits says which slots have a value, in less room than their numbers take.
type slotBits struct {
	count  int
	bits   column.Bitmap // of the slots; nil where others say it
	sparse []uint32      // the slots, where they are so few that their numbers take less room
}

// slotBitsOf returns the set of count slots: of those with these numbers, or of the first ones
// where there are none.
func slotBitsOf(slots []uint32, count int) slotBits {
	s := slotBits{count: count}
	if len(slots) == 0 {
		return s
	}
	const wordSlots = 64
	end := int(slots[len(slots)-1]) + 1
	switch {
	case end == count: // ascending: they are the first ones
	case end/8 > 4*count:
		s.sparse = append([]uint32(nil), slots...)
	default:
		s.bits = make(column.Bitmap, (end+wordSlots-1)/wordSlots)
		for _, slot := range slots {
			s.bits[slot/wordSlots] |= 1 << (slot % wordSlots)
		}
	}
	return s
}

// first says whether the slots are the first ones.
func (s *slotBits) first() bool { return s.bits == nil && s.sparse == nil }

// numbers returns the numbers of the slots.
func (s *slotBits) numbers() []uint32 {
	if s.sparse != nil {
		return s.sparse
	}
	all := make([]uint32, 0, s.count)
	if s.bits == nil {
		for slot := range s.count {
			all = append(all, uint32(slot))
		}
	}
	for i, word := range s.bits {
		for ; word != 0; word &= word - 1 {
			all = append(all, uint32(i*64+bits.TrailingZeros64(word)))
		}
	}
	return all
}

// setIn sets the bits of the slots, of which the first one is at base.
func (s *slotBits) setIn(b column.Bitmap, base int) {
	if s == nil {
		return
	}
	for _, slot := range s.sparse {
		b.Set(base + int(slot))
	}
	set := func(i int, word uint64) {
		if word == 0 {
			return
		}
		at, shift := (base+64*i)/64, uint(base)%64
		b[at] |= word << shift
		if high := word >> (64 - shift); high != 0 {
			b[at+1] |= high
		}
	}
	for i, word := range s.bits {
		set(i, word)
	}
	if s.first() {
		for i := range s.count / 64 {
			set(i, math.MaxUint64)
		}
		set(s.count/64, 1<<(s.count%64)-1)
	}
}

func (s *slotBits) bytes() int64 { return 8*int64(cap(s.bits)) + 4*int64(cap(s.sparse)) }

// shrunk has the values of a leaf of a chunk of JSON or CSV that is complete, in less room than its
// lane takes: they all have one kind. Values that get no narrower stay in the lane, without
// slots. Where a field needs more than to become a column, the lane is made of it again (toLanes).
type shrunk struct {
	slotBits
	kind kinds
	// Codes of texts.
	u8  []uint8
	u16 []uint16
	// Whole numbers.
	i8  []int8
	i16 []int16
	i32 []int32
}

func (s *shrunk) bytes() int64 {
	if s == nil {
		return 0
	}
	return s.slotBits.bytes() + int64(cap(s.u8)+cap(s.i8)) + 2*int64(cap(s.u16)+cap(s.i16)) + 4*int64(cap(s.i32))
}

// inLane is the number of values of the leaf that are not in its lane.
func (s *shrunk) away() int {
	if s == nil {
		return 0
	}
	return len(s.u8) + len(s.u16) + len(s.i8) + len(s.i16) + len(s.i32)
}

// laneBytes is about what enlarging takes.
func (s *shrunk) laneBytes() int64 {
	if s == nil {
		return 0
	}
	n := 4*int64(len(s.u8)+len(s.u16)) + 8*int64(len(s.i8)+len(s.i16)+len(s.i32))
	if !s.first() {
		n += 4 * int64(s.count)
	}
	return n
}

// shrink shrinks n and what is below it, but for keys and spilled members, which are few or
// not long like this, and what has values of several kinds.
func (n *node) shrink() {
	n.shrinkValues()
	if n.there == nil && n.here == nil && len(n.present.slots) > 0 {
		here := slotBitsOf(n.present.slots, len(n.present.slots))
		n.spare.slots().leave(n.present.slots)
		n.here, n.present.slots = &here, nil
	}
	for _, c := range n.children {
		c.shrink()
	}
	if n.elem != nil {
		n.elem.shrink()
	}
}

// shrinkValues shrinks the lane of n, if it has just one.
func (n *node) shrinkValues() {
	if n.small != nil || n.whole != nil || n.odd != nil || len(n.times.values) > 0 || n.dict != nil && n.dict.isos > 0 {
		return
	}
	s := &shrunk{}
	shrinkLane(s, kindBool, &n.bools)
	shrinkLane(s, kindInt, &n.ints)
	shrinkLane(s, kindFloat, &n.floats)
	shrinkLane(s, kindISO, &n.isos.lane)
	shrinkLane(s, kindText, &n.texts)
	if bits.OnesCount16(uint16(s.kind)) != 1 {
		return
	}
	n.small = s
	for _, slots := range [][]uint32{n.bools.slots, n.ints.slots, n.floats.slots, n.isos.slots, n.texts.slots} {
		n.spare.slots().leave(slots)
	}
	n.bools.slots, n.ints.slots, n.floats.slots, n.isos.slots, n.texts.slots = nil, nil, nil, nil, nil
	switch s.kind {
	case kindText:
		n.shrinkCodes(s)
	case kindInt:
		n.shrinkInts(s)
	}
}

// shrinkLane takes the slots of a lane that has values.
func shrinkLane[T any](s *shrunk, kind kinds, l *lane[T]) {
	if len(l.values) == 0 {
		return
	}
	if s.kind |= kind; s.kind == kind {
		s.slotBits = slotBitsOf(l.slots, len(l.values))
	}
}

func (n *node) shrinkCodes(s *shrunk) {
	switch most := n.dict.len(); {
	case most <= 1<<8:
		s.u8 = resized[uint8](n.texts.values)
	case most <= 1<<16:
		s.u16 = resized[uint16](n.texts.values)
	default:
		return
	}
	n.spare.slots().leave(n.texts.values)
	n.texts.values = nil
}

func (n *node) shrinkInts(s *shrunk) {
	low, high := n.ints.values[0], n.ints.values[0]
	for _, v := range n.ints.values {
		low, high = min(low, v), max(high, v)
	}
	switch {
	case low >= math.MinInt8 && high <= math.MaxInt8:
		s.i8 = resized[int8](n.ints.values)
	case low >= math.MinInt16 && high <= math.MaxInt16:
		s.i16 = resized[int16](n.ints.values)
	case low >= math.MinInt32 && high <= math.MaxInt32:
		s.i32 = resized[int32](n.ints.values)
	default:
		return
	}
	n.spare.ints().leave(n.ints.values)
	n.ints.values = nil
}

type wholeOfAnyWidth interface {
	uint8 | uint16 | uint32 | int8 | int16 | int32 | int64
}

// resized returns numbers in another width, which has room for all.
func resized[to, from wholeOfAnyWidth](values []from) []to {
	out := make([]to, len(values))
	for i, v := range values {
		out[i] = to(v)
	}
	return out
}

// enlarge undoes shrink for the values of n.
func (n *node) enlarge() {
	s := n.small
	if s == nil {
		return
	}
	n.small = nil
	switch {
	case s.u8 != nil:
		n.texts.values = resized[uint32](s.u8)
	case s.u16 != nil:
		n.texts.values = resized[uint32](s.u16)
	case s.i8 != nil:
		n.ints.values = resized[int64](s.i8)
	case s.i16 != nil:
		n.ints.values = resized[int64](s.i16)
	case s.i32 != nil:
		n.ints.values = resized[int64](s.i32)
	}
	if s.first() {
		return
	}
	n.makeSlots(s.kind, s.numbers())
}

// makeSlots gives slots to the lane of a kind.
func (n *node) makeSlots(kind kinds, slots []uint32) {
	switch kind {
	case kindBool:
		n.bools.slots = slots
	case kindInt:
		n.ints.slots = slots
	case kindFloat:
		n.floats.slots = slots
	case kindISO:
		n.isos.slots = slots
	case kindText:
		n.texts.slots = slots
	}
}

// enlargeForms undoes shrink for the objects, the lists or the map of n.
func (n *node) enlargeForms() {
	if n.here != nil {
		n.present.slots, n.here = n.here.numbers(), nil
	}
}

// codes returns the codes of the texts of n, in the order of their slots.
func (n *node) codes() []uint32 {
	switch s := n.small; {
	case s == nil:
	case s.u8 != nil:
		return resized[uint32](s.u8)
	case s.u16 != nil:
		return resized[uint32](s.u16)
	}
	return n.texts.values
}

// bounds returns about the least and the greatest of the whole numbers of n, and zero.
func (n *node) bounds() (low, high int64) {
	switch s := n.small; {
	case s == nil:
	case s.i8 != nil:
		return math.MinInt8, math.MaxInt8
	case s.i16 != nil:
		return math.MinInt16, math.MaxInt16
	case s.i32 != nil:
		return math.MinInt32, math.MaxInt32
	}
	for _, v := range n.ints.values {
		low, high = min(low, v), max(high, v)
	}
	return low, high
}
