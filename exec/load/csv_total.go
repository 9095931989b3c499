package load

import "github.com/segq/segq/lang/check"

// cellTotal is what is known of all the cells of a column.
type cellTotal struct {
	leaves             []*node
	kinds              cellKinds // what all of them may be
	values             bool      // some are no spelling of null
	fractions          bool      // some number is not whole
	whole, large, rest int       // whole numbers within and beyond 64 bits, and other numbers
	words              int       // all else, spellings of null among it
}

func countLeaves(leaves []*node) *cellTotal {
	t := &cellTotal{leaves: leaves, kinds: cellAny}
	for _, n := range leaves {
		t.kinds &= n.cells.kinds
		t.values = t.values || n.cells.values
		t.fractions = t.fractions || n.cells.fractions
		t.whole += len(n.ints.values)
		t.large += n.cells.large.count
		t.rest += len(n.floats.values) - n.cells.large.count - n.cells.beyond.count
		t.words += len(n.texts.values) + len(n.isos.values)
	}
	return t
}

// ids says whether most of the numbers are whole ones beyond 64 bits.
func (t *cellTotal) ids() bool { return !t.fractions && t.large > t.whole }

// natural returns the type of the cells with the values that other formats have beside
// them, where no cell is nothing but text.
func (t *cellTotal) natural(beside []piece) *check.Type {
	s := surveyOf(beside)
	s.ints += t.whole
	for _, n := range t.leaves {
		s.pieces = append(s.pieces, piece{node: n})
	}
	switch {
	case t.kinds&cellBool != 0:
		s.bools += t.words
	case t.kinds&cellNumber != 0:
		s.floats += t.rest
		if t.fractions {
			s.floats += t.large
		}
	case t.kinds&cellComma != 0:
		s.floats += t.words
	default:
		s.iso += t.words
	}
	return s.natural()
}

// beside returns what the chunks of other formats have at the paths of the cells.
func (l *loader) beside() map[string][]piece {
	found := map[string][]piece{}
	cells := map[*chunk]bool{}
	for _, c := range l.cells.chunks {
		cells[c] = true
	}
	for i, c := range l.chunks {
		if len(cells) > 0 && !cells[c] {
			c.root.lanesBelow()
			l.cells.find(c.root, "", i, found)
		}
	}
	return found
}

// find adds those nodes of the objects at n, whose path begins so, that are at paths
// of cells.
func (c *cellColumns) find(n *node, begin string, chunk int, found map[string][]piece) {
	for _, object := range append([]*node{n}, n.others...) {
		for _, child := range object.children {
			key := begin + child.name
			if c.byPath[key] != nil {
				found[key] = append(found[key], piece{child, chunk})
			}
			c.find(child, key+"\x00", chunk, found)
		}
	}
}

// scalarsOf returns the single values of a path, with those in its lists where the
// field is a list of them.
func scalarsOf(pieces []piece) []piece {
	if len(pieces) == 0 {
		return nil
	}
	f := splitForms(pieces)
	f.settle(nil)
	switch f.form {
	case formObject:
		return nil
	case formList:
		return append(f.scalars, scalarsOf(elements(f.lists))...)
	}
	return f.scalars
}
