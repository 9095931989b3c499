package load

import "slices"

// place says where good rows were read: from this row of a chunk on, the number grows by
// one with each, and the line by step, up to the next place. line is 0 where a format has
// no lines.
type place struct{ row, line, read, step uint32 }

// mark notes the line of the row that was added last.
func (c *chunk) mark(line int) {
	p := place{row: uint32(c.rows - 1), line: uint32(line), read: uint32(c.read)}
	if k := len(c.places); k > 0 {
		last := &c.places[k-1]
		rows, lines := p.row-last.row, p.line-last.line
		if rows == 1 { // the second one there
			last.step = lines
		}
		if p.read-last.read == rows && lines == rows*last.step {
			return
		}
	}
	c.places = append(c.places, p)
}

// markAll notes the lines of all rows.
func (c *chunk) markAll(rows []rowPlace) {
	read := c.read
	for i, r := range rows {
		c.rows, c.read = i+1, int(r.row)
		c.mark(int(r.line))
	}
	c.rows, c.read = len(rows), read
}

// place returns the file, the line and the number of a good row.
func (c *chunk) place(row int) Reject {
	r := c.from
	line, read := c.lineOf(row)
	if line == 0 {
		r.Line, r.Row = 0, r.Row+row+1
		return r
	}
	for _, next := range []int{row - 1, row + 1} {
		other, _ := c.lineOf(next)
		r.Shared = r.Shared || other == line && next < c.rows
	}
	r.Shared = r.Shared || row == 0 && c.sharesFirst || row == c.rows-1 && c.sharesLast
	r.Line += line
	r.Row += read
	return r
}

// share notes where the rows of two chunks of a document are in one line.
func (c *chunk) share(next *chunk) {
	if c.rows == 0 || next.rows == 0 {
		return
	}
	last, _ := c.lineOf(c.rows - 1)
	if first, _ := next.lineOf(0); first == last {
		c.sharesLast, next.sharesFirst = true, true
	}
}

// lineOf returns the line of a row, and the number of rows read with it, both in the
// chunk; 0 for none.
func (c *chunk) lineOf(row int) (line, read int) {
	i, found := slices.BinarySearchFunc(c.places, row, func(p place, row int) int { return int(p.row) - row })
	if !found {
		i--
	}
	if i < 0 || row < 0 {
		return 0, 0
	}
	p := c.places[i]
	since := row - int(p.row)
	return int(p.line) + since*int(p.step), int(p.read) + since
}

// rowOf returns the row that a slot of n belongs to.
func (n *node) rowOf(slot uint32) int {
	for ; n.parent != nil; n = n.parent {
		if !n.inner {
			continue // a field has the slots of its object
		}
		n.parent.enlargeForms()
		// An element belongs to the first list that ends after it.
		if t := n.parent.there; t != nil {
			slot = t.slotOf(slot)
			continue
		}
		ends := n.parent.present.values
		i, _ := slices.BinarySearch(ends, slot+1)
		slot = n.parent.present.slots[i]
	}
	return int(slot)
}

// someRows counts rows of a chunk, as the first of which a row was met.
type someRows struct{ count, first int }

func (b *someRows) add(row int) {
	if b.count == 0 {
		b.first = row
	}
	b.count++
}

// noteRows says how many rows were no objects, have a key twice in an object, or have what is no number of JSON.
func (l *loader) noteRows() {
	count, first := l.rowsOf(func(c *chunk) someRows { return c.bare })
	switch {
	case count == 1:
		l.note("1 row is not an object, at %s: it is read as one with the field %s", first, bareField)
	case count > 1:
		l.note("%s rows are not objects, the first at %s: they are read as ones with the field %s", thousands(count), first, bareField)
	}
	count, first = l.rowsOf(func(c *chunk) someRows { return c.repeats })
	switch {
	case count == 1:
		l.note("1 row has a key twice in an object, at %s: the last value counts", first)
	case count > 1:
		l.note("%s rows have a key twice in an object, the first at %s: the last value counts", thousands(count), first)
	}
	count, first = l.rowsOf(func(c *chunk) someRows { return c.strange })
	switch {
	case count == 1:
		l.note("1 row has NaN or Infinity, which JSON does not, at %s: NaN is read as null, Infinity as a number", first)
	case count > 1:
		l.note("%s rows have NaN or Infinity, which JSON does not, the first at %s: NaN is read as null, Infinity as a number", thousands(count), first)
	}
}

// rowsOf counts rows of all chunks, and says where the first is.
func (l *loader) rowsOf(of func(*chunk) someRows) (count int, first string) {
	for _, c := range l.chunks {
		some := of(c)
		if some.count > 0 && count == 0 {
			first = c.place(some.first).Where()
		}
		count += some.count
	}
	return count, first
}
