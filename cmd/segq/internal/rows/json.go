package rows

import (
	"io"

	"github.com/segq/segq/exec/column"
)

// NDJSON writes an object a line, with all columns.
func NDJSON(w io.Writer, o Options) Writer {
	object := objects(o)
	return &text{w: o.onScreen(w), rows: func(dst []byte, n int, columns []column.Column) []byte {
		for i := range n {
			dst = append(object(dst, columns, i), '\n')
		}
		return dst
	}}
}

// JSON writes one array of objects, one a line.
func JSON(w io.Writer, o Options) Writer {
	object := objects(o)
	return &text{w: o.onScreen(w), head: []byte("[\n"), tail: "\n]\n", empty: "[]\n", between: len(",\n"), rows: func(dst []byte, n int, columns []column.Column) []byte {
		for i := range n {
			dst = object(append(dst, ",\n"...), columns, i)
		}
		return dst
	}}
}

// objects returns a function that appends a row as an object.
func objects(o Options) func(dst []byte, columns []column.Column, i int) []byte {
	names := make([][]byte, len(o.Fields))
	for k, f := range o.Fields {
		if k > 0 {
			names[k] = []byte{','}
		}
		names[k] = append(column.AppendJSONString(names[k], f.Name), ':')
	}
	return func(dst []byte, columns []column.Column, i int) []byte {
		dst = append(dst, '{')
		for k, c := range columns {
			dst = column.AppendJSON(append(dst, names[k]...), c, i, o.Fields[k].Type)
		}
		return append(dst, '}')
	}
}
