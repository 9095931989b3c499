package load

import "slices"

// place says where good rows were read: from this row of a chunk on, line and
// number grow by one with each, up to the next place. line is 0 where a format has
// no lines.
type place struct{ row, line, read uint32 }

// mark notes the line of the row that was added last.
func (c *chunk) mark(line int) {
	p := place{uint32(c.rows - 1), uint32(line), uint32(c.read)}
	if k := len(c.places); k > 0 {
		last := c.places[k-1]
		if step := p.row - last.row; p.line-last.line == step && p.read-last.read == step {
			return
		}
	}
	c.places = append(c.places, p)
}

// place gives the file, the line and the number of a good row.
func (c *chunk) place(row int) Reject {
	r := c.from
	i, found := slices.BinarySearchFunc(c.places, uint32(row), func(p place, row uint32) int { return int(p.row) - int(row) })
	if !found {
		i--
	}
	if i < 0 {
		r.Line, r.Row = 0, r.Row+row+1
		return r
	}
	p := c.places[i]
	r.Line += int(p.line) + row - int(p.row)
	r.Row += int(p.read) + row - int(p.row)
	return r
}

// rowOf gives the row that a slot of n belongs to.
func (n *node) rowOf(slot uint32) int {
	for ; n.parent != nil; n = n.parent {
		if !n.inner {
			continue // a field has the slots of its object
		}
		// An element belongs to the first list that ends behind it.
		ends := n.parent.present.values
		i, _ := slices.BinarySearch(ends, slot+1)
		slot = n.parent.present.slots[i]
	}
	return int(slot)
}
