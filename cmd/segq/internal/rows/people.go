package rows

import (
	"bufio"
	"io"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/repl/show"
)

// people writes a format in which a row depends on those before it.
type people struct {
	w *bufio.Writer
	o Options
	// row writes the cells of one row, close what is left.
	row   func(cells []string)
	close func()
}

func newPeople(w io.Writer, o Options) *people { return &people{w: bufio.NewWriter(w), o: o} }

// line writes a line without the blanks at its end. What goes wrong is told by Flush.
func (p *people) line(s string) { _, _ = p.w.WriteString(strings.TrimRight(s, " ") + "\n") }

// Begin begins a part.
func (p *people) Begin() Part { return &peoplePart{p: p} }

// Close writes what is left.
func (p *people) Close() error {
	p.close()
	return p.w.Flush()
}

// peoplePart is cells that are clean, row by row.
type peoplePart struct {
	p     *people
	cells []string
}

func (p *peoplePart) Add(n int, columns []column.Column) error {
	var b []byte
	for i := range n {
		for k, c := range columns {
			b, _ = column.AppendCell(b[:0], c, i, p.p.o.Fields[k].Type)
			p.cells = append(p.cells, show.NullOr(show.Clean(string(b)), c.Null(i)))
		}
	}
	return nil
}

func (p *peoplePart) End() error { return nil }

// Emit writes the rows through: a reader should not wait for the next ones.
func (p *peoplePart) Emit() error {
	for k := len(p.p.o.Fields); len(p.cells) > 0; p.cells = p.cells[k:] {
		p.p.row(p.cells[:k])
	}
	return p.p.w.Flush()
}
