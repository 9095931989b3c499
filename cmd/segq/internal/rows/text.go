package rows

import (
	"io"

	"github.com/segq/segq/exec/column"
)

// text writes a format that is a head, rows that do not depend on each other, and a tail.
type text struct {
	w    io.Writer
	head []byte
	// row appends one row.
	row  func(dst []byte, columns []column.Column, i int) []byte
	tail string
	// empty is all there is where there are no rows; "" for head and tail.
	empty string
	// between is what row begins with, and the first row of all does not have.
	between int
	begun   bool
}

// Begin begins a part.
func (t *text) Begin() Part { return &textPart{t: t} }

// Close writes the tail.
func (t *text) Close() error {
	if !t.begun && t.empty != "" {
		_, err := io.WriteString(t.w, t.empty)
		return err
	}
	if err := t.begin(); err != nil {
		return err
	}
	_, err := io.WriteString(t.w, t.tail)
	return err
}

func (t *text) begin() error {
	if t.begun {
		return nil
	}
	t.begun = true
	_, err := t.w.Write(t.head)
	return err
}

// textPart is a part as text.
type textPart struct {
	t *text
	b []byte
}

func (p *textPart) Add(n int, columns []column.Column) error {
	for i := range n {
		p.b = p.t.row(p.b, columns, i)
	}
	return nil
}

func (p *textPart) End() error { return nil }

func (p *textPart) Emit() error {
	first := !p.t.begun
	if err := p.t.begin(); err != nil {
		return err
	}
	if first && len(p.b) > 0 {
		p.b = p.b[p.t.between:]
	}
	_, err := p.t.w.Write(p.b)
	return err
}
