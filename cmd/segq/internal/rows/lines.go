package rows

import (
	"io"

	"github.com/segq/segq/exec/column"
)

// Lines writes the values of the first column, one a line, and nothing else: ids.
func Lines(w io.Writer, o Options) Writer {
	t, ends := o.Fields[0].Type, newSpecial('\n', '\r')
	return &text{w: o.onScreen(w), rows: func(dst []byte, n int, columns []column.Column) []byte {
		c := columns[0]
		rare := ends.inColumn(c, n)
		for i := range n {
			first := len(dst)
			var plain bool
			dst, plain = column.AppendCell(dst, c, i, t)
			if rare && !plain && ends.in(dst[first:]) { // else it would be two
				dst = column.AppendJSON(dst[:first], c, i, t)
			}
			dst = append(dst, '\n')
		}
		return dst
	}}
}

// None writes nothing: what rows cost without their output.
func None(io.Writer, Options) Writer { return none{} }

type none struct{}

func (none) Begin() Part                              { return none{} }
func (none) Close() error                             { return nil }
func (none) Add(n int, columns []column.Column) error { return nil }
func (none) End() error                               { return nil }
func (none) Emit() error                              { return nil }
