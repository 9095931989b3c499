package load

import (
	"slices"

	"github.com/segq/segq/exec/column"
)

// ones moves the single values of n of a form to lists that have one each. It
// gives the node of the lists, nil where there are none.
func (n *node) ones(f form) *node {
	var elem *node
	var slots []uint32
	if f == formObject {
		slots = n.present.slots
		elem = n.takeObjects()
	} else {
		slots = n.scalarSlots()
		elem = n.takeScalars()
	}
	if len(slots) == 0 {
		return nil
	}
	list := n.twin(kindList)
	ranks, ends := make([]uint32, slots[len(slots)-1]+1), make([]uint32, len(slots))
	for i, slot := range slots {
		ranks[slot], ends[i] = uint32(i), uint32(i+1)
	}
	elem.renumber(ranks)
	elem.name = ""
	elem.setParent(list, true)
	list.elem, list.present, list.count = elem, lane[uint32]{slots, ends}, uint32(len(slots))
	return list
}

// scalarSlots returns the slots that have a scalar, in order.
func (n *node) scalarSlots() []uint32 {
	end := max(n.bools.end(), n.ints.end(), n.floats.end(), n.times.end(), n.isos.end(), n.texts.end())
	if n.odd != nil {
		end = max(end, n.odd.large.end())
	}
	has := column.NewBitmap(end)
	setValues(has, n, 0)
	if n.odd != nil {
		setSlots(has, &n.odd.large, 0)
	}
	var slots []uint32
	for slot := range end {
		if has.Get(slot) {
			slots = append(slots, uint32(slot))
		}
	}
	return slices.Clip(slots)
}

// end is the slot after the last one that has a value.
func (l *lane[T]) end() int {
	if len(l.slots) == 0 {
		return len(l.values)
	}
	return int(l.slots[len(l.slots)-1]) + 1
}

// takeScalars moves the scalars of n to a node of their own.
func (n *node) takeScalars() *node {
	s := *n
	s.drop()
	s.others, s.misfits, s.seen = nil, nil, n.seen&^kindForms
	n.release()
	return &s
}

// takeObjects moves the objects, or maps, of n to a node of their own.
func (n *node) takeObjects() *node {
	o := *n
	o.release()
	o.others, o.misfits, o.seen = nil, nil, n.seen&(kindObject|kindMap)
	for _, c := range o.children {
		c.setParent(&o, false)
	}
	for _, inner := range []*node{o.elem, o.keys} {
		if inner != nil {
			inner.setParent(&o, true)
		}
	}
	n.drop()
	return &o
}
