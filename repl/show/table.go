package show

import "strings"

// Column is a column of a table: names to the left, numbers to the right.
type Column struct {
	Head  string
	Right bool
	// Fold lets its texts be shortened where a line has no room.
	Fold bool
	// Least is how narrow that may become before other columns are left out.
	Least int
	// Spare lets the column be left out where shorter texts are not enough: that with the highest
	// first, those with 0 never.
	Spare int
	// Role is that of its cells, HeadRole that of the head.
	Role, HeadRole Role
}

// Table lays out rows, whose cells are clean.
type Table struct {
	columns []Column
	look    Look
	widths  []int
	alike   []*alike // of the columns that are narrower than their texts
	spared  []bool   // columns that are left out
	folded  bool
}

// NewTable returns a table whose widths follow from the first rows. A later cell that is wider
// pushes out the rest of its own line; but what may be folded is, where the look has a width.
func NewTable(columns []Column, look Look, first [][]string) *Table {
	if look.Whole {
		look.Width = 0
	}
	t := &Table{columns: columns, look: look, widths: make([]int, len(columns)), alike: make([]*alike, len(columns)), spared: make([]bool, len(columns))}
	t.measure(first)
	for look.Width > 0 && !t.fold(false) && t.spare() {
		t.measure(first)
	}
	if look.Width > 0 {
		t.fold(true)
	}
	for i, c := range columns {
		if c.Fold && look.Width > 0 {
			texts := make([]string, len(first))
			for k, row := range first {
				texts[k] = row[i]
			}
			t.alike[i] = newAlike(texts)
		}
	}
	return t
}

// narrowest is what a column is folded to at most.
const narrowest = 8

// measure makes the columns as wide as their texts.
func (t *Table) measure(rows [][]string) {
	for i, c := range t.columns {
		t.widths[i] = Cells(c.Head)
		for _, row := range rows {
			t.widths[i] = max(t.widths[i], Cells(row[i]))
		}
	}
}

// spare leaves out the column that is missed least, and says whether there was one.
func (t *Table) spare() bool {
	least := -1
	for i, c := range t.columns {
		if c.Spare > 0 && !t.spared[i] && (least < 0 || c.Spare >= t.columns[least].Spare) {
			least = i
		}
	}
	if least >= 0 {
		t.spared[least] = true
	}
	return least >= 0
}

// Spared names the columns that are left out.
func (t *Table) Spared() (heads []string) {
	for i, c := range t.columns {
		if t.spared[i] && c.Head != "" {
			heads = append(heads, c.Head)
		}
	}
	return heads
}

// fold makes the widest columns of texts narrower until a row fits, and says whether it does; all as far as any may be, or none
// further than it should.
func (t *Table) fold(all bool) bool {
	for over := t.Width() - t.look.Width; over > 0; over-- {
		widest := -1
		for i, c := range t.columns {
			least := narrowest
			if !all {
				least = max(narrowest, c.Least)
			}
			if c.Fold && !t.spared[i] && t.widths[i] > least && (widest < 0 || t.widths[i] > t.widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return false
		}
		t.widths[widest]--
	}
	return true
}

// gap is between columns.
const gap = 2

// Width is that of the lines, unless a cell is wider than those of the first rows.
func (t *Table) Width() int {
	n := -gap
	for i, width := range t.widths {
		if !t.spared[i] {
			n += width + gap
		}
	}
	return max(n, 0)
}

// Folded says whether some text was shortened.
func (t *Table) Folded() bool { return t.folded }

// Head returns the line of the heads.
func (t *Table) Head() string {
	heads := make([]string, len(t.columns))
	for i, c := range t.columns {
		heads[i] = c.Head
	}
	return t.line(heads, func(c Column) Role { return c.HeadRole })
}

// Rule returns the line below the heads.
func (t *Table) Rule() string {
	dashes := make([]string, len(t.widths))
	for i, width := range t.widths {
		dashes[i] = strings.Repeat("-", width)
	}
	return t.line(dashes, func(Column) Role { return Plain })
}

// Line returns a row as a line.
func (t *Table) Line(cells []string) string {
	return t.line(cells, func(c Column) Role { return c.Role })
}

// last is the last of the columns that are shown.
func (t *Table) last() int {
	i := len(t.spared) - 1
	for i > 0 && t.spared[i] {
		i--
	}
	return i
}

// within shortens a text at the end of a line until it fits also where terminals show it wider than others: what is too long there
// would break the line.
func (t *Table) within(text string, room int) string {
	cut := text
	for n := Cells(text) - 1; n > 1 && most(cut) > room; n-- {
		cut, t.folded = Fit(text, n), true
	}
	return cut
}

// line has no blanks at its end.
func (t *Table) line(cells []string, role func(Column) Role) string {
	var b strings.Builder
	blanks, at, pinned := 0, 0, false
	for i, cell := range cells {
		c := t.columns[i]
		if t.spared[i] {
			continue
		}
		if a := t.alike[i]; a != nil && Cells(cell) > t.widths[i] {
			cell, t.folded = a.fit(cell, t.widths[i]), true
		}
		if c.Fold && t.look.Start > 0 && i == t.last() && disputed(cell) {
			cell = t.within(cell, t.look.Width-at-blanks)
		}
		pad := max(t.widths[i]-Cells(cell), 0)
		if c.Right {
			blanks, pad = blanks+pad, 0
		}
		if cell != "" {
			b.WriteString(strings.Repeat(" ", blanks))
			if at += blanks; pinned {
				b.WriteString(t.look.pin(at))
			}
			b.WriteString(t.look.As(role(c), cell))
			at, blanks, pinned = at+Cells(cell), 0, pinned || disputed(cell)
		}
		blanks += pad + gap
	}
	return b.String()
}
