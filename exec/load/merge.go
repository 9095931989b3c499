package load

import "slices"

// renumber gives the values of n other slots: what was in slot s is in slot to[s],
// where to ascends. What is in the lists and maps of n keeps its slots.
func (n *node) renumber(to []uint32) {
	renumberLane(&n.bools, to)
	renumberLane(&n.ints, to)
	renumberLane(&n.floats, to)
	renumberLane(&n.times, to)
	renumberLane(&n.isos.lane, to)
	renumberLane(&n.texts, to)
	renumberPresence(&n.present, to)
	if n.odd != nil {
		renumberLane(&n.odd.large, to)
		renumberLane(&n.odd.spelled, to)
	}
	for _, c := range n.children {
		c.renumber(to)
	}
	for _, other := range n.others {
		other.renumber(to)
	}
	if n.spill != nil {
		n.spill.renumber(to)
	}
}

// renumberLane leaves the old slots as they are: other lanes may share them.
func renumberLane[T any](l *lane[T], to []uint32) {
	slots := make([]uint32, 0, len(l.values))
	for slot := range l.all() {
		slots = append(slots, to[slot])
	}
	l.slots = slots
}

// renumberPresence is renumberLane for objects as well, of which only the slots count.
func renumberPresence(l *lane[uint32], to []uint32) {
	slots := make([]uint32, len(l.slots))
	for i, slot := range l.slots {
		slots[i] = to[slot]
	}
	l.slots = slots
}

// setParent makes n a field of an object, or what is in a list or a map.
func (n *node) setParent(parent *node, inner bool) {
	n.parent, n.inner = parent, inner
	for _, other := range n.others {
		other.setParent(parent, inner)
	}
	if n.spill != nil {
		n.spill.setParent(parent, inner)
	}
}

// merge moves all values of another node to n. Both have the same slots, and no
// slot has a value in both.
func (n *node) merge(from *node) {
	n.seen |= from.seen &^ kindForms
	n.mergeScalars(from)
	for _, f := range append([]*node{from}, from.others...) {
		switch form := f.seen & kindForms; {
		case len(f.present.slots) == 0:
		case form == kindObject:
			n.as(form).mergeObjects(f)
		default:
			n.as(form).mergeLists(f, form)
		}
	}
}

func (n *node) mergeScalars(from *node) {
	if from.digits != nil || n.digits != nil {
		digits := lane[byte]{from.floats.slots, from.allDigits()}
		own := lane[byte]{n.floats.slots, n.allDigits()}
		mergeLane(&own, &digits)
		n.digits = own.values
	}
	codes := n.recode(from)
	mergeLane(&n.bools, &from.bools)
	mergeLane(&n.ints, &from.ints)
	mergeLane(&n.floats, &from.floats)
	mergeLane(&n.times, &from.times)
	n.isos.merge(&from.isos)
	mergeLane(&n.texts, codes(&from.texts))
	if from.odd != nil {
		odd := n.oddities()
		mergeLane(&odd.large, codes(&from.odd.large))
		mergeLane(&odd.spelled, codes(&from.odd.spelled))
	}
	from.release()
}

// allDigits returns the digits along the fractions of n.
func (n *node) allDigits() []byte {
	if n.digits != nil {
		return n.digits
	}
	return slices.Repeat([]byte{asSpelled}, len(n.floats.values))
}

// recode returns how codes of the dictionary of another node become those of n.
func (n *node) recode(from *node) func(*lane[uint32]) *lane[uint32] {
	var codes []uint32 // and 1, or 0 for one that was not met
	if from.dict != nil {
		codes = make([]uint32, from.dict.len())
	}
	return func(l *lane[uint32]) *lane[uint32] {
		out := &lane[uint32]{l.slots, make([]uint32, len(l.values))}
		for i, code := range l.values {
			if codes[code] == 0 {
				codes[code] = n.code(from.dict.at(code)) + 1
			}
			out.values[i] = codes[code] - 1
		}
		return out
	}
}

// mergeLane moves the values of a lane to another.
func mergeLane[T any](to, from *lane[T]) {
	if len(from.values) == 0 {
		return
	}
	own := len(to.values)
	if own == 0 {
		*to = *from
		return
	}
	to.number()
	merged := lane[T]{make([]uint32, 0, own+len(from.values)), make([]T, 0, own+len(from.values))}
	next := 0 // of to
	for slot, v := range from.all() {
		for ; next < own && to.slots[next] < slot; next++ {
			merged.add(to.slots[next], to.values[next])
		}
		merged.add(slot, v)
	}
	merged.slots = append(merged.slots, to.slots[next:]...)
	merged.values = append(merged.values, to.values[next:]...)
	*to = merged
}

func (d *dates) merge(from *dates) {
	forms := lane[dateForm]{d.slots, d.forms}
	mergeLane(&forms, &lane[dateForm]{from.slots, from.forms})
	mergeLane(&d.lane, &from.lane)
	d.forms = forms.values
}

func (n *node) mergeObjects(from *node) {
	n.seen |= kindObject
	slots := slices.Concat(n.present.slots, from.present.slots)
	slices.Sort(slots)
	n.present = lane[uint32]{slots: slots}
	byName := make(map[string]*node, len(n.children))
	for _, c := range n.children {
		byName[c.name] = c
	}
	for _, c := range from.children {
		if own := byName[c.name]; own != nil {
			own.merge(c)
			continue
		}
		c.setParent(n, false)
		n.children = append(n.children, c)
	}
	if s := from.spill; s != nil {
		if n.spill == nil {
			n.spill = n.twin(kindMap)
		}
		n.spill.mergeLists(s, kindMap)
	}
}

// mergeLists merges lists or maps, whose elements get new slots.
func (n *node) mergeLists(from *node, form kinds) {
	n.seen |= form
	present := lane[uint32]{}
	own, others := make([]uint32, 0, n.count), make([]uint32, 0, from.count)
	count := uint32(0)
	take := func(l *lane[uint32], i int, to *[]uint32) {
		for range l.values[i] - uint32(len(*to)) {
			*to = append(*to, count)
			count++
		}
		present.put(l.slots[i], count)
	}
	next := 0
	for i, slot := range from.present.slots {
		for ; next < len(n.present.slots) && n.present.slots[next] < slot; next++ {
			take(&n.present, next, &own)
		}
		take(&from.present, i, &others)
	}
	for ; next < len(n.present.slots); next++ {
		take(&n.present, next, &own)
	}
	n.elem = n.mergeInner(n.elem, from.elem, own, others)
	n.keys = n.mergeInner(n.keys, from.keys, own, others)
	n.present, n.count = present, count
}

// mergeInner merges the elements or the keys of two nodes, with their new slots.
func (n *node) mergeInner(a, b *node, own, others []uint32) *node {
	if a != nil {
		a.renumber(own)
	}
	if b == nil {
		return a
	}
	b.renumber(others)
	if a == nil {
		b.setParent(n, true)
		return b
	}
	a.merge(b)
	return a
}
