package load

import (
	"math"
	"math/bits"
	"slices"
	"strings"
)

// label is the key of a field as JSON mostly has it: the name in quotes, and a colon.
type label struct {
	first, mask uint64 // the first bytes, as far as mask says; nothing, where the name has to be escaped
	rest        string // the bytes after them
	size        int
	node        *node
}

func labelOf(n *node) label {
	if strings.ContainsFunc(n.name, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' }) {
		return label{}
	}
	key := `"` + n.name + `":`
	var first [8]byte
	l := label{rest: key[copy(first[:], key):], size: len(key), mask: math.MaxUint64, node: n}
	if l.size < 8 {
		l.mask = 1<<(8*l.size) - 1
	}
	l.first = load64(first[:])
	return l
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
	if n.like == nil {
		return
	}
	n.bools.makeRoom(&n.like.bools)
	n.ints.makeRoom(&n.like.ints)
	n.floats.makeRoom(&n.like.floats)
	n.isos.lane.makeRoom(&n.like.isos.lane)
	n.texts.makeRoom(&n.like.texts)
	n.isos.forms = make([]dateForm, 0, roomFor(len(n.like.isos.forms)))
	if k := len(n.like.digits); k > 0 {
		n.digits = make([]byte, 0, roomFor(k))
	}
	if k := len(n.like.present.slots); k > 0 {
		n.present.makeRoom(&n.like.present)
		n.present.slots = make([]uint32, 0, roomFor(k))
	}
}

// roomFor returns how many values there may be where there were n.
func roomFor(n int) int { return n + n/16 }

func (l *lane[T]) makeRoom(like *lane[T]) {
	if k := len(like.values); k > 0 {
		l.values = make([]T, 0, roomFor(k))
	}
}

// makeRoom makes room for as many strings as another dictionary has.
func (d *dict) makeRoom(like *dict) {
	if like == nil {
		return
	}
	d.bytes, d.ends = make([]byte, 0, roomFor(len(like.bytes))), make([]uint32, 0, roomFor(len(like.ends)))
	if !like.all && len(like.ends) > leastTable {
		d.table = make([]uint64, 1<<bits.Len(uint(2*roomFor(len(like.ends)))))
	}
}
