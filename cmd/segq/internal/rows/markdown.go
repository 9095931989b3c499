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
	t := &text{w: o.onScreen(w)}
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
				} else if text, plain := column.AppendCell(dst, c, i, o.Fields[k].Type); plain {
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
	if len(value) == 0 || value[0] != ' ' && value[len(value)-1] != ' ' {
		return inTable(dst, first)
	}
	return append(dst[:first], EscapeMarkdown(string(value))...)
}

// EscapeMarkdown returns a text as it is written in a cell, with the blanks at its ends.
func EscapeMarkdown(s string) string {
	inner := strings.Trim(s, " ")
	before := len(s) - len(strings.TrimLeft(s, " "))
	after := len(s) - before - len(inner)
	if inner == "" {
		after = 0
	}
	return strings.Repeat("&nbsp;", before) + string(inTable([]byte(inner), 0)) + strings.Repeat("&nbsp;", after)
}
