package load

import "errors"

// maxKeys is the number of different keys from which an object may be a map.
const maxKeys = 1000

// errWide says that an object turned out to be a map: the chunk has to be read
// again with that known. The path is in the walker's wide.
var errWide = errors.New("the keys of an object are data")

// widen looks at an object that has just got a new field. It is a map when, in
// one chunk, it has more than maxKeys different keys, an object has fewer than
// a tenth of them on average, and the values are all of one type. So a wide
// table stays one, and an object with ids for keys does not become columns.
//
// Rows before this chunk decide first: what they have as an object stays one.
func (w *walker) widen(n *node) error {
	if len(n.children) != maxKeys+1 || n.parent == nil || n.prior != nil && n.prior.seen&kindObject != 0 {
		return nil
	}
	members, seen := 0, kinds(0)
	for _, c := range n.children {
		members += c.len() + len(c.present.slots)
		seen |= c.seen
	}
	if !seen.compatible() || members*10 >= len(n.children)*len(n.present.slots) {
		return nil
	}
	if w.wide == nil {
		w.wide = map[string]bool{}
	}
	w.wide[path(n)] = true
	return errWide
}

// mapped says whether an object at n is a map.
func (w *walker) mapped(n *node) bool {
	switch {
	case n.seen&kindMap != 0:
		return true
	case n.seen&kindObject != 0:
		return false
	}
	return n.maps > 0 || w.wide != nil && w.wide[path(n)]
}

// again gives a walker that begins the chunk of w anew, with what w found out.
func (w *walker) again() *walker {
	fresh := newWalker(w.chunk.root.prior)
	fresh.wide, fresh.scale = w.wide, w.scale.again(fresh.chunk)
	return fresh
}
