package load

import "slices"

// The last value of a key stands where a map has the key more than once
// (Parquet's LogicalTypes.md, "Maps").

// gone is the new slot of a value that is taken out.
const gone = ^uint32(0)

// repeats says whether some map of n has a key more than once.
func (n *node) repeats() bool {
	ends, first := n.ends()
	at, from := 0, first
	for slot, code := range n.keys.texts.all() {
		slot += first
		for at < len(ends) && ends[at] <= slot {
			from = ends[at]
			at++
		}
		if at == len(ends) {
			return false // of a damaged file
		}
		if single := ends[at]-from == 1; !single && !n.keys.dict.mark(code, uint64(at)+1) {
			return true
		}
	}
	return false
}

// dropRepeated takes out the entries of the maps of n whose keys come again.
func (n *node) dropRepeated() {
	codes := slices.Repeat([]uint32{noText}, int(n.count))
	for slot, code := range n.keys.texts.all() {
		codes[slot] = code
	}
	to := make([]uint32, n.count)
	from := uint32(0)
	for i, end := range n.present.values {
		for slot := end; slot > from; slot-- {
			if code := codes[slot-1]; code != noText && !n.keys.dict.mark(code, uint64(i)+1) {
				to[slot-1] = gone
			}
		}
		from = end
	}
	n.keys.dict.seal()
	n.takeElements(to)
}

// takeElements takes out the elements of the lists or maps of n that are gone in
// to, and gives the others the slots that they have then.
func (n *node) takeElements(to []uint32) {
	count, from := uint32(0), uint32(0)
	for i, end := range n.present.values {
		for ; from < end; from++ {
			if to[from] != gone {
				to[from] = count
				count++
			}
		}
		n.present.values[i] = count
	}
	n.count = count
	if n.keys != nil {
		n.keys.takeSlots(to)
	}
	if n.elem != nil {
		n.elem.takeSlots(to)
	}
}

// takeSlots takes out the values of n, and of what is below, whose slots are gone
// in to, and gives the others the slots that are there.
func (n *node) takeSlots(to []uint32) {
	takeLane(&n.bools, to)
	takeLane(&n.ints, to)
	takeLane(&n.floats, to)
	takeLane(&n.times, to)
	takeLane(&n.texts, to)
	if n.odd != nil {
		takeLane(&n.odd.large, to)
	}
	for _, c := range n.children {
		c.takeSlots(to)
	}
	if n.seen&(kindList|kindMap) != 0 {
		n.takeLists(to)
		takeLane(&n.present, to)
		return
	}
	// Of objects there are only the slots.
	kept := make([]uint32, 0, len(n.present.slots))
	for _, slot := range n.present.slots {
		if to[slot] != gone {
			kept = append(kept, to[slot])
		}
	}
	n.present.slots = kept
}

// takeLists takes out the elements of the lists or maps whose slots are gone.
func (n *node) takeLists(to []uint32) {
	elements := make([]uint32, n.count)
	from := uint32(0)
	for i, end := range n.present.values {
		for ; from < end; from++ {
			if to[n.present.slots[i]] == gone {
				elements[from] = gone
			}
		}
	}
	n.takeElements(elements)
}

func takeLane[T any](l *lane[T], to []uint32) {
	if len(l.values) == 0 {
		return
	}
	kept := lane[T]{make([]uint32, 0, len(l.values)), make([]T, 0, len(l.values))}
	for slot, v := range l.all() {
		if to[slot] != gone {
			kept.add(to[slot], v)
		}
	}
	*l = kept
}
