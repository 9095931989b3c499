package rows

import (
	"io"
	"slices"

	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
)

// sampled is how many rows decide the widths of the columns of a table.
const sampled = 1000

// Table writes a table for people. What is wider than the first rows pushes the others aside; on a
// terminal it is shortened, with a mark, and so is the widest text where a row has no room.
func Table(w io.Writer, o Options) Writer {
	p := newPeople(w, o)
	t := &table{p: p}
	p.row, p.close = t.row, t.close
	return p
}

type table struct {
	p     *people
	first [][]string  // rows before the widths are known
	lines *show.Table // nil until then
}

func (t *table) row(cells []string) {
	if t.lines != nil {
		t.p.line(t.lines.Line(cells))
		return
	}
	if t.first = append(t.first, cells); len(t.first) == sampled {
		t.begin()
	}
}

// begin finds the widths, and prints the header and the rows that there are.
func (t *table) begin() {
	columns := make([]show.Column, len(t.p.o.Fields))
	for i, f := range t.p.o.Fields {
		columns[i] = show.Column{Head: show.OneLine(f.Name), Right: right(f.Type), Fold: folds(f.Type)}
	}
	t.lines = show.NewTable(columns, show.Look{Width: t.p.o.Width}, t.first)
	t.p.line(t.lines.Head())
	t.p.line(t.lines.Rule())
	for _, cells := range t.first {
		t.p.line(t.lines.Line(cells))
	}
	t.first = nil
}

// folds says whether values of a type are texts, of which a part may do.
func folds(t *check.Type) bool {
	return slices.Contains([]check.Kind{check.String, check.List, check.Map, check.Object, check.Interval}, t.Kind)
}

func (t *table) close() {
	if t.lines == nil {
		t.begin()
	}
	if t.lines.Folded() {
		t.p.line("… values with this mark are shortened; --format vertical shows them whole")
	}
}
