package load

import (
	"iter"
	"slices"
	"strings"
)

// A chunk holds the values of a run of rows, column by column, while a file is
// read. One goroutine fills it; then it is read-only.
type chunk struct {
	rows int
	root *node
	// Of texts: the places in the input, for the report.
	lines    int
	read     int // rows that were there, good or not
	rejects  []Reject
	rejected int
	held     int64 // what the meter was charged for it
}

// node holds the values at one path of a chunk. A path may have values of
// several kinds (whole numbers and fractions, timestamps as text and as
// numbers), so each kind has its lane; what becomes of them is decided when all
// chunks are known.
//
// Slots number the places where a value may be: the rows of the chunk for a
// field of a profile, the elements of all lists for what is in a list.
type node struct {
	name   string
	parent *node
	seen   kinds
	prior  *shape // what other chunks know of this path; nil for nothing
	maps   int    // levels of maps that objects here are; see mapDepth

	bools  lane[bool]
	ints   lane[int64]
	floats lane[float64]
	times  lane[int64]
	texts  lane[uint32] // codes of dict
	dict   *dict

	// Objects, lists and maps: the slots that have one, and for lists and maps
	// the number of elements up to the end of each. Of objects only the slots count.
	present lane[uint32]
	count   uint32 // elements so far

	children []*node
	index    map[string]*node
	elem     *node // of lists and maps
	keys     *node // of maps

	misfits []misfit // values that the format itself could not read as anything

	stamp uint64 // the object in which this field was last set
	saved uint64 // the row in which its state was last saved
	plain bool   // the name is the same in quotes: nothing in it is escaped
}

// misfit counts values of a chunk that are null because nothing could be made of
// them. Line and row are the place of the first, as in Reject.
type misfit struct {
	found     string // what they were, with an article
	count     int
	line, row int
}

// misfit notes that a value, which was found, is null here.
func (n *node) misfit(found string, line, row int) {
	for i := range n.misfits {
		if n.misfits[i].found == found {
			n.misfits[i].count++
			return
		}
	}
	n.misfits = append(n.misfits, misfit{found, 1, line, row})
}

// lane holds values in order of their slots. Once it is sealed, slots may be
// nil: then there is a value for every slot.
type lane[T any] struct {
	slots  []uint32
	values []T
}

// all gives the slots with their values.
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

func (l *lane[T]) add(slot uint32, v T) {
	l.slots = append(l.slots, slot)
	l.values = append(l.values, v)
}

func (l *lane[T]) cut(n int) {
	l.slots, l.values = l.slots[:n], l.values[:n]
}

func newRoot(prior *shape) *node { return newNode("", nil, prior) }

func newNode(name string, parent *node, prior *shape) *node {
	n := &node{name: name, parent: parent, prior: prior, maps: mapDepth(name)}
	n.plain = !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' })
	if prior != nil {
		n.seen = prior.seen
	}
	return n
}

// child gives the field called name, and makes it if it is new.
func (n *node) child(name string) *node {
	if c := n.index[name]; c != nil {
		return c
	}
	c := newNode(name, n, n.prior.field(name))
	if n.index == nil {
		n.index = make(map[string]*node)
	}
	n.index[name] = c
	n.children = append(n.children, c)
	return c
}

// element gives the node of the elements of a list or the values of a map.
func (n *node) element() *node {
	if n.elem == nil {
		var prior *shape
		if n.prior != nil {
			prior = n.prior.elem
		}
		n.elem = newNode("", n, prior)
		n.elem.maps = max(n.maps-1, 0)
	}
	return n.elem
}

// key gives the node of the keys of a map.
func (n *node) key() *node {
	if n.keys == nil {
		n.keys = newNode("", n, nil)
	}
	return n.keys
}

// addText adds a text and notes whether it is ISO-8601.
func (n *node) addText(slot uint32, s []byte) kinds {
	if n.dict == nil {
		n.dict = newDict()
	}
	code := n.dict.add(s)
	n.texts.add(slot, code)
	if n.dict.iso.Get(int(code)) {
		return kindISO
	}
	return kindText
}

// state is what a node was before a row, so that the row can be taken back.
type state struct {
	node                                        *node
	seen                                        kinds
	bools, ints, floats, times, texts, presents int
	count                                       uint32
	children                                    int
}

func (n *node) state() state {
	return state{n, n.seen, len(n.bools.slots), len(n.ints.slots), len(n.floats.slots),
		len(n.times.slots), len(n.texts.slots), len(n.present.slots), n.count, len(n.children)}
}

// restore takes the node back to what it was. Strings that only the row had
// stay in its dictionary; they are left out when the column is built.
func (s state) restore() {
	n := s.node
	n.seen, n.count = s.seen, s.count
	n.bools.cut(s.bools)
	n.ints.cut(s.ints)
	n.floats.cut(s.floats)
	n.times.cut(s.times)
	n.texts.cut(s.texts)
	n.present.cut(s.presents)
	for _, c := range n.children[s.children:] {
		delete(n.index, c.name)
	}
	n.children = n.children[:s.children]
}

// sealValues frees what only the filling of a leaf of that many slots needs.
func (n *node) sealValues(slots int) {
	n.bools.seal(slots)
	n.ints.seal(slots)
	n.floats.seal(slots)
	n.times.seal(slots)
	n.texts.seal(slots)
	if n.dict != nil {
		n.dict.seal()
	}
}

// seal frees what only filling needs, here and below. slots is the number of
// slots of n.
func (n *node) seal(slots int) {
	n.index = nil
	n.present.clip()
	n.sealValues(slots)
	for _, c := range n.children {
		c.seal(slots)
	}
	if n.elem != nil {
		n.elem.seal(int(n.count))
	}
	if n.keys != nil {
		n.keys.seal(int(n.count))
	}
}
