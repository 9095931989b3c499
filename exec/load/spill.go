package load

// manyKeys is the number of fields of an object in one chunk from which on new
// keys are kept as entries if the objects have few of them each, anyKeys the one
// from which on they are whatever the objects have. They vary in tests.
var manyKeys, anyKeys = 1000, mostKeys

// mostKeys is the number of different keys above which an object is a map.
const mostKeys = 10_000

// spills says whether a new key of an object at n is kept as the entry of a map:
// so that an object with millions of different keys takes as much memory as a map
// of them. Which of both it is gets decided when all chunks are known, and then
// the one becomes the other.
func (n *node) spills() bool {
	switch {
	case n.spill != nil:
		return true
	case n.parent == nil || n.want.is("object") || len(n.children) < manyKeys || len(n.children)%manyKeys != 0:
		return false
	}
	members := 0
	for _, c := range n.children {
		members += c.values()
	}
	if len(n.children) < anyKeys && members*10 >= len(n.children)*len(n.present.slots) {
		return false
	}
	n.spill = n.twin(kindMap)
	return true
}

// values is the number of values of n, of any kind.
func (n *node) values() int {
	count := n.len() + n.occurrences()
	for _, other := range n.others {
		count += other.occurrences()
	}
	return count
}

// enter makes room for an entry of the map in slot, and gives its place.
func (n *node) enter(slot uint32) uint32 {
	at := n.count
	n.count++
	if k := len(n.present.slots); k > 0 && n.present.slots[k-1] == slot {
		n.present.values[k-1] = n.count
	} else {
		n.present.put(slot, n.count)
	}
	return at
}
