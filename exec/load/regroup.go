package load

import (
	"cmp"
	"slices"
)

// reader reads the values of a node slot by slot, in ascending order.
type reader struct {
	node                                             *node
	bools, ints, floats, times, isos, texts, present int
	spelled, large                                   int
	children, others                                 []*reader
	elem, keys, spill                                *reader
}

func newReader(n *node) *reader {
	if n == nil {
		return nil
	}
	r := &reader{node: n, elem: newReader(n.elem), keys: newReader(n.keys), spill: newReader(n.spill)}
	for _, c := range n.children {
		r.children = append(r.children, newReader(c))
	}
	for _, other := range n.others {
		r.others = append(r.others, newReader(other))
	}
	return r
}

// at returns the value of a slot; next is the place from which to look for it.
func (l *lane[T]) at(slot uint32, next *int) (v T, ok bool) {
	if l.slots == nil {
		if int(slot) >= len(l.values) {
			return v, false
		}
		return l.values[slot], true
	}
	for *next < len(l.slots) && l.slots[*next] < slot {
		*next++
	}
	if *next == len(l.slots) || l.slots[*next] != slot {
		return v, false
	}
	return l.values[*next], true
}

// copyTo copies what the slot has to another slot of another node, whose slots
// ascend as well. It says whether there was anything.
func (r *reader) copyTo(to *node, slot, at uint32) bool {
	some := r.copyScalars(to, slot, at)
	for _, other := range r.others {
		some = other.copyForm(to, slot, at) || some
	}
	return r.copyForm(to, slot, at) || some
}

// some says whether the slot has anything.
func (r *reader) some(slot uint32) bool {
	n := r.node
	_, bools := n.bools.at(slot, &r.bools)
	_, ints := n.ints.at(slot, &r.ints)
	_, floats := n.floats.at(slot, &r.floats)
	_, times := n.times.at(slot, &r.times)
	_, isos := n.isos.at(slot, &r.isos)
	_, texts := n.texts.at(slot, &r.texts)
	some := bools || ints || floats || times || isos || texts || r.seek(slot)
	if n.odd != nil {
		_, large := n.odd.large.at(slot, &r.large)
		some = some || large
	}
	for _, other := range r.others {
		some = some || other.seek(slot)
	}
	return some
}

func (r *reader) copyScalars(to *node, slot, at uint32) bool {
	n, some := r.node, false
	if v, ok := n.bools.at(slot, &r.bools); ok {
		to.bools.add(at, v)
		to.seen |= kindBool
		some = true
	}
	if v, ok := n.ints.at(slot, &r.ints); ok {
		to.ints.add(at, v)
		to.seen |= kindInt
		some = true
	}
	if v, ok := n.floats.at(slot, &r.floats); ok {
		digits := byte(asSpelled)
		if n.digits != nil {
			i := r.floats
			if n.floats.slots == nil {
				i = int(slot)
			}
			digits = n.digits[i]
		}
		to.floats.add(at, v)
		to.digits = append(to.digits, digits)
		to.seen |= kindFloat
		some = true
	}
	if v, ok := n.times.at(slot, &r.times); ok {
		to.times.add(at, v)
		to.seen |= kindInstant
		some = true
	}
	if ms, ok := n.isos.at(slot, &r.isos); ok {
		i := r.isos
		if n.isos.slots == nil {
			i = int(slot)
		}
		to.isos.add(at, ms, n.isos.forms[i])
		to.seen |= kindISO
		some = true
	}
	if code, ok := n.texts.at(slot, &r.texts); ok {
		to.addText(at, n.dict.at(code))
		some = true
	}
	if n.odd != nil {
		if code, ok := n.odd.spelled.at(slot, &r.spelled); ok {
			to.oddities().spelled.add(at, to.code(n.dict.at(code)))
		}
		if code, ok := n.odd.large.at(slot, &r.large); ok {
			to.oddities().large.add(at, to.code(n.dict.at(code)))
			to.seen |= kindLarge
			some = true
		}
	}
	return some
}

// copyForm copies the object, list or map of the slot.
func (r *reader) copyForm(to *node, slot, at uint32) bool {
	form := r.node.seen & kindForms
	if form == 0 || !r.seek(slot) {
		return false
	}
	to = to.as(form)
	to.seen |= form
	if form == kindObject {
		to.present.put(at, 0)
		for _, c := range r.children {
			if c.some(slot) {
				c.copyTo(to.child(c.node.name), slot, at)
			}
		}
		if r.spill != nil && r.spill.seek(slot) {
			if to.spill == nil {
				to.spill = to.twin(kindMap)
			}
			r.spill.copyEntries(to.spill, func() uint32 { return to.spill.enter(at) })
		}
		return true
	}
	r.copyEntries(to, func() uint32 { to.count++; return to.count - 1 })
	to.present.put(at, to.count)
	return true
}

// seek says whether the slot has an object, a list or a map, and stops at it.
func (r *reader) seek(slot uint32) bool {
	slots := r.node.present.slots
	for r.present < len(slots) && slots[r.present] < slot {
		r.present++
	}
	return r.present < len(slots) && slots[r.present] == slot
}

// span returns the elements of the list or map at which r has stopped.
func (r *reader) span() (from, end uint32) {
	ends := r.node.present.values
	if r.present > 0 {
		from = ends[r.present-1]
	}
	return from, ends[r.present]
}

// copyEntries copies the elements of a list, or the entries of a map, to places
// that next gives.
func (r *reader) copyEntries(to *node, next func() uint32) {
	from, end := r.span()
	for i := from; i < end; i++ {
		at := next()
		if r.keys != nil {
			code, _ := r.node.keys.texts.at(i, &r.keys.texts)
			to.key().addKey(at, r.node.keys.dict.at(code))
		}
		if r.elem != nil {
			r.elem.copyTo(to.element(), i, at)
		}
	}
}

// unspilled returns an object whose members are all children.
func (n *node) unspilled() *node {
	entries := n.spill
	if n.seen&kindMap != 0 {
		entries = n
	}
	if entries == nil {
		return n
	}
	n.lanesBelow()
	object := n.twin(kindObject)
	object.present = n.present
	var children []*reader
	if entries != n {
		children = object.adopt(n)
	}
	r := newReader(entries)
	for _, slot := range n.present.slots {
		for _, c := range children {
			if c.some(slot) {
				c.copyTo(object.child(c.node.name), slot, slot)
			}
		}
		if !r.seek(slot) {
			continue
		}
		from, end := r.span()
		for at := from; at < end; at++ {
			code, _ := entries.keys.texts.at(at, &r.keys.texts)
			c := object.child(string(entries.keys.dict.at(code)))
			if r.elem != nil {
				r.elem.copyTo(c, at, slot)
			}
		}
	}
	return object
}

// adopt takes over the children of another object. Those whose keys its spill has
// as well, which comes of other objects that were copied there, are to be copied
// slot by slot: it gives readers of them.
func (n *node) adopt(from *node) []*reader {
	var shared []*reader
	spilled := map[string]bool{}
	if keys := from.spill.keys; keys != nil {
		for code := range keys.dict.len() {
			spilled[string(keys.dict.at(uint32(code)))] = true
		}
	}
	n.index = map[string]*node{}
	for _, c := range from.children {
		if spilled[c.name] {
			shared = append(shared, newReader(c))
			n.child(c.name)
			continue
		}
		c.parent, n.index[c.name] = n, c
		n.children = append(n.children, c)
	}
	return shared
}

// member is a value of an object: its slot and the child that it is of.
type member struct{ slot, child uint32 }

// mapped returns a map whose entries are the members of the objects of n, those
// left out that are null.
func (n *node) mapped() *node {
	if n.seen&kindMap != 0 {
		return n
	}
	n.lanesBelow()
	m := n.twin(kindMap)
	members := n.listMembers()
	spill := newReader(n.spill)
	readers := make([]*reader, len(n.children))
	for i, c := range n.children {
		readers[i] = newReader(c)
	}
	keys, values := m.key(), m.element()
	for _, slot := range n.present.slots {
		for len(members) > 0 && members[0].slot == slot {
			r := readers[members[0].child]
			if r.copyTo(values, slot, m.count) {
				keys.addKey(m.count, []byte(r.node.name))
				m.count++
			}
			members = members[1:]
		}
		if spill != nil && spill.seek(slot) {
			from, end := spill.span()
			for at := from; at < end; at++ {
				code, _ := n.spill.keys.texts.at(at, &spill.keys.texts)
				if spill.elem.copyTo(values, at, m.count) {
					keys.addKey(m.count, n.spill.keys.dict.at(code))
					m.count++
				}
			}
		}
		m.present.put(slot, m.count)
	}
	return m
}

// listMembers lists the values of the children of n by slot.
func (n *node) listMembers() []member {
	var all []member
	add := func(child int, slots []uint32, full int) {
		for _, slot := range slots {
			all = append(all, member{slot, uint32(child)})
		}
		if slots == nil {
			for slot := range full {
				all = append(all, member{uint32(slot), uint32(child)})
			}
		}
	}
	for i, c := range n.children {
		add(i, c.bools.slots, len(c.bools.values))
		add(i, c.ints.slots, len(c.ints.values))
		add(i, c.floats.slots, len(c.floats.values))
		add(i, c.times.slots, len(c.times.values))
		add(i, c.isos.slots, len(c.isos.values))
		add(i, c.texts.slots, len(c.texts.values))
		if c.odd != nil {
			add(i, c.odd.large.slots, len(c.odd.large.values))
		}
		add(i, c.present.slots, 0)
		for _, other := range c.others {
			add(i, other.present.slots, 0)
		}
	}
	slices.SortFunc(all, func(a, b member) int {
		if c := cmp.Compare(a.slot, b.slot); c != 0 {
			return c
		}
		return cmp.Compare(a.child, b.child)
	})
	return all
}
