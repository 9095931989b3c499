package rows

import (
	"bytes"
	"io"

	"github.com/segq/segq/exec/column"
)

// Lines writes the values of the first column, one a line, and nothing else: ids.
func Lines(w io.Writer, o Options) Writer {
	t := o.Fields[0].Type
	return &text{w: w, row: func(dst []byte, columns []column.Column, i int) []byte {
		first := len(dst)
		dst, plain := appendCell(dst, columns[0], i, t)
		if !plain && bytes.ContainsAny(dst[first:], "\r\n") { // else it would be two
			dst = column.AppendJSON(dst[:first], columns[0], i, t)
		}
		return append(dst, '\n')
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
