package load

import (
	"math"
	"slices"
	"strings"
)

// label is the key of a field as JSON mostly has it: the name in quotes, and a colon.
type label struct {
	// The first and the next eight bytes of it, as far as the masks say. The others are the rest
	// of its node.
	first, firstMask, second, secondMask uint64
	node                                 *node
	stamp                                uint64 // the object in which the field was last set
	size, next                           int32  // of it; and the place of what last came after it, or may come
}

// labelBytes is how many bytes of a key are compared at once.
const labelBytes = 16

// noMatch is the first byte of a label that matches no key.
const noMatch = 0xff

func labelOf(n *node) label {
	l := label{node: n, first: noMatch, firstMask: 0xff, next: int32(n.place) + 1}
	if strings.ContainsFunc(n.name, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' }) {
		return l
	}
	key := `"` + n.name + `":`
	var begin [labelBytes]byte
	n.rest, l.size = key[copy(begin[:], key):], int32(len(key))
	l.first, l.firstMask = load64(begin[:]), maskOf(len(key))
	l.second, l.secondMask = load64(begin[8:]), maskOf(len(key)-8)
	return l
}

// maskOf returns the bits of the first n of eight bytes.
func maskOf(n int) uint64 {
	if n >= 8 {
		return math.MaxUint64
	}
	return 1<<(8*max(n, 0)) - 1
}

// follows notes that a field came after another one; -1 for none.
func (n *node) follows(last, next int) {
	if last < 0 {
		n.first = next
	} else {
		n.labels[last].next = int32(next)
	}
}

// likeChild returns the field of a name, which is likely to be at a place; nil for none.
func (n *node) likeChild(name string, place int) *node {
	if n == nil {
		return nil
	}
	if place < len(n.children) && n.children[place].name == name {
		return n.children[place]
	}
	const few = 256
	if i := slices.IndexFunc(n.children[:min(few, len(n.children))], func(c *node) bool { return c.name == name }); i >= 0 {
		return n.children[i]
	}
	return nil
}

// makeRoom makes room for as many values as the chunk before had here, and a few more.
func (n *node) makeRoom() {
	like := n.like
	if like == nil {
		return
	}
	n.bools.makeRoom(len(like.bools.values))
	n.floats.makeRoom(len(like.floats.values))
	n.isos.lane.makeRoom(len(like.isos.values))
	if k := like.valuesOf(kindInt, len(like.ints.values)); k > 0 {
		n.ints.values = n.spare.ints().empty(withMore(k))
	}
	if k := like.valuesOf(kindText, len(like.texts.values)); k > 0 {
		n.texts.values = n.spare.slots().empty(withMore(k))
	}
	if s := like.small; s != nil && !s.first() {
		n.makeSlots(s.kind, n.spare.slots().empty(withMore(s.count)))
	}
	n.isos.forms = make([]dateForm, 0, withMore(len(like.isos.forms)))
	if k := len(like.digits); k > 0 {
		n.digits = make([]byte, 0, withMore(k))
	}
	if k := like.occurrences(); k > 0 {
		n.present.makeRoom(len(like.present.values)) // of lists
		n.present.slots = n.spare.slots().empty(withMore(k))
	}
}

// valuesOf returns how many values of a kind n has, of which so many are in their lane.
func (n *node) valuesOf(kind kinds, inLane int) int {
	if n.small != nil && n.small.kind == kind {
		return n.small.count
	}
	return inLane
}

// withMore returns how many values there may be where there were n.
func withMore(n int) int { return n + n/16 }

func (l *lane[T]) makeRoom(n int) {
	if n > 0 {
		l.values = make([]T, 0, withMore(n))
	}
}

// makeRoom makes room for as many strings as the dictionary of the chunk before has.
func (d *dict) makeRoom(like *dict) {
	if like == nil {
		return
	}
	d.bytes, d.ends = make([]byte, 0, withMore(len(like.bytes))), make([]uint32, 0, withMore(len(like.ends)))
	switch {
	case !d.loose || len(like.ends) < looseFrom:
	case like.all:
		d.since = like.since + 1
		d.all = d.since < looseChunks
	default:
		d.all = like.met*looseShare < len(like.ends)
	}
	if !d.all && len(like.ends) > leastTable {
		d.index(withMore(3 * len(like.ends) / 2))
	}
}
