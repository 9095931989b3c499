package rows

import (
	"bytes"
	"io"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/repl/show"
)

// Markdown writes a table as GitHub has them.
func Markdown(w io.Writer, o Options) Writer {
	t := &text{w: w}
	line := "|"
	for _, f := range o.Fields {
		t.head = inTable(append(append(t.head, "| "...), f.Name...), len(t.head)+2)
		t.head = append(t.head, ' ')
		if right(f.Type) {
			line += " ---: |"
		} else {
			line += " --- |"
		}
	}
	t.head = append(append(t.head, "|\n"...), line+"\n"...)
	t.rows = func(dst []byte, n int, columns []column.Column) []byte {
		for i := range n {
			for k, c := range columns {
				dst = append(dst, "| "...)
				first := len(dst)
				if c.Null(i) {
					dst = append(dst, show.Null...)
				} else if text, plain := appendCell(dst, c, i, o.Fields[k].Type); plain {
					dst = text
				} else {
					dst = cellInTable(text, first)
				}
				dst = append(dst, ' ')
			}
			dst = append(dst, "|\n"...)
		}
		return dst
	}
	return t
}

var markdownEscapes = strings.NewReplacer("\\", `\\`, "|", `\|`, "\r\n", "<br>", "\n", "<br>", "\r", "<br>", "<", "&lt;", "&", "&amp;", "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`)

// inTable escapes what was appended to dst from a place on, so that it stays in its cell and is
// shown as it is.
func inTable(dst []byte, first int) []byte {
	if !bytes.ContainsAny(dst[first:], "\\|\r\n<&*_`[") {
		return dst
	}
	return append(dst[:first], markdownEscapes.Replace(string(dst[first:]))...)
}

// cellInTable is inTable for a value: one that reads like null has quotes, and blanks at its ends stay.
func cellInTable(dst []byte, first int) []byte {
	value := dst[first:]
	if string(value) == show.Null {
		return append(dst[:first], show.NullOr(show.Null, false)...)
	}
	inner := bytes.Trim(value, " ")
	if len(inner) == len(value) {
		return inTable(dst, first)
	}
	before := len(value) - len(bytes.TrimLeft(value, " "))
	text := strings.Repeat("&nbsp;", before) + EscapeMarkdown(string(inner))
	if len(inner) > 0 {
		text += strings.Repeat("&nbsp;", len(value)-before-len(inner))
	}
	return append(dst[:first], text...)
}

// EscapeMarkdown returns a text as it is written in a cell.
func EscapeMarkdown(s string) string { return string(inTable([]byte(s), 0)) }
