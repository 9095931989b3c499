package rows

import (
	"io"
	"slices"
	"strings"

	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
)

// sampled is how many rows decide the widths of the columns of a table.
const sampled = 1000

// Table writes a table for people. What is wider than the first rows pushes the others aside; on a
// terminal it is cut, with a mark, and so is the widest text where a row has no room.
func Table(w io.Writer, o Options) Writer {
	p := newPeople(w, o)
	t := &table{p: p}
	p.row, p.close = t.row, t.close
	return p
}

type table struct {
	p      *people
	first  [][]string // rows before the widths are known
	widths []int      // nil until then
	cut    bool       // some value is not whole
}

func (t *table) row(cells []string) {
	if t.widths != nil {
		t.print(cells)
		return
	}
	if t.first = append(t.first, cells); len(t.first) == sampled {
		t.begin()
	}
}

// begin finds the widths, and prints the header and the rows that there are.
func (t *table) begin() {
	fields := t.p.o.Fields
	names, rule := make([]string, len(fields)), make([]string, len(fields))
	t.widths = make([]int, len(fields))
	for i, f := range fields {
		names[i] = show.OneLine(f.Name)
		t.widths[i] = show.Cells(names[i])
		for _, cells := range t.first {
			t.widths[i] = max(t.widths[i], show.Cells(cells[i]))
		}
	}
	t.fold()
	for i, width := range t.widths {
		rule[i] = strings.Repeat("-", width)
	}
	t.print(names)
	t.print(rule)
	for _, cells := range t.first {
		t.print(cells)
	}
	t.first = nil
}

// narrowest is what a column of texts is folded to at most.
const narrowest = 8

// fold makes the widest columns of texts narrower until a row fits the terminal.
func (t *table) fold() {
	if t.p.o.Width == 0 {
		return
	}
	room := t.p.o.Width - 2*(len(t.widths)-1)
	for _, width := range t.widths {
		room -= width
	}
	for room < 0 {
		widest := -1
		for i, width := range t.widths {
			if t.text(i) && width > narrowest && (widest < 0 || width > t.widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return
		}
		t.widths[widest]--
		room++
	}
}

func (t *table) text(i int) bool {
	return slices.Contains([]check.Kind{check.String, check.List, check.Map, check.Object, check.Interval}, t.p.o.Fields[i].Type.Kind)
}

func (t *table) print(cells []string) {
	line := ""
	for i, cell := range cells {
		if t.p.o.Width > 0 && t.text(i) && show.Cells(cell) > t.widths[i] {
			cell, t.cut = show.Fit(cell, t.widths[i]), true
		}
		if i > 0 {
			line += "  "
		}
		pad := strings.Repeat(" ", max(t.widths[i]-show.Cells(cell), 0))
		if right(t.p.o.Fields[i].Type) {
			cell = pad + cell
		} else {
			cell += pad
		}
		line += cell
	}
	t.p.line(line)
}

func (t *table) close() {
	if t.widths == nil {
		t.begin()
	}
	if t.cut {
		t.p.line("… values that end so are cut; --format vertical shows them whole")
	}
}
