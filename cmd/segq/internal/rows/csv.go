package rows

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// CSV writes a header and rows as RFC 4180 has them, with line feeds. Null is an empty cell, an
// empty text one in quotes.
func CSV(w io.Writer, o Options) Writer { return separated(w, o, ',') }

// TSV is CSV with tabs.
func TSV(w io.Writer, o Options) Writer { return separated(w, o, '\t') }

func separated(w io.Writer, o Options, comma byte) Writer {
	special := newSpecial(comma, '"', '\n', '\r')
	t := &text{w: o.onScreen(w)}
	for i, f := range o.Fields {
		if i > 0 {
			t.head = append(t.head, comma)
		}
		t.head = special.quoted(append(t.head, f.Name...), len(t.head), o.Safe)
	}
	t.head = append(t.head, '\n')
	t.rows = func(dst []byte, n int, columns []column.Column) []byte {
		cells := make([]func(dst []byte, i int) []byte, len(columns))
		for k, c := range columns {
			cells[k] = special.cells(c, n, o.Fields[k].Type, o.Safe)
		}
		for i := range n {
			for k, cell := range cells {
				if k > 0 {
					dst = append(dst, comma)
				}
				dst = cell(dst, i)
			}
			if len(columns) == 1 && columns[0].Null(i) {
				dst = append(dst, `""`...) // an empty line would be none
			}
			dst = append(dst, '\n')
		}
		return dst
	}
	return t
}

// cells returns a function that appends row i of a column, of which there are n, as a cell.
func (s *special) cells(c column.Column, n int, t *check.Type, safe bool) func(dst []byte, i int) []byte {
	if !safe && !s.inColumn(c, n) {
		return func(dst []byte, i int) []byte {
			first := len(dst)
			dst, plain := column.AppendCell(dst, c, i, t)
			if plain {
				return dst
			}
			if cell := dst[first:]; len(cell) > 2 && cell[0] != ' ' && cell[len(cell)-1] != ' ' {
				return dst
			}
			return s.quoted(dst, first, false)
		}
	}
	return func(dst []byte, i int) []byte {
		first := len(dst)
		dst, plain := column.AppendCell(dst, c, i, t)
		if plain {
			return dst
		}
		return s.quoted(dst, first, safe)
	}
}

// formulas are what a cell begins with that a spreadsheet may take for a formula, the full-width forms
// in a spreadsheet in Japanese, and separators what some take for the end of a cell that has no quotes,
// whatever the extension says (https://owasp.org/www-community/attacks/CSV_Injection).
const formulas, separators = "=+-@\t\r\n＝＋－＠", ",;\t"

// Unsafe returns the text that is in a cell which was written with [Options.Safe].
func Unsafe(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && rest != "" {
		if begin, _ := utf8.DecodeRuneInString(rest); strings.ContainsRune(formulas, begin) {
			return rest
		}
	}
	return cell
}

// quoted puts what was appended to dst from a place on in quotes if it needs them. If it has to be
// safe, what looks like a formula begins with an apostrophe.
func (s *special) quoted(dst []byte, first int, safe bool) []byte {
	if begin, _ := utf8.DecodeRune(dst[first:]); safe && len(dst) > first && strings.ContainsRune(formulas, begin) {
		dst = append(dst, 0)
		copy(dst[first+1:], dst[first:])
		dst[first] = '\''
	}
	cell := dst[first:]
	if !s.needed(cell) && (!safe || !bytes.ContainsAny(cell, separators)) {
		return dst
	}
	quotes := bytes.Count(cell, []byte{'"'})
	n := len(dst)
	dst = append(dst, make([]byte, quotes+2)...)
	to := len(dst) - 1
	dst[to] = '"'
	for i := n - 1; i >= first; i-- {
		to--
		if dst[to] = dst[i]; dst[i] == '"' {
			to--
			dst[to] = '"'
		}
	}
	dst[first] = '"'
	return dst
}

// needed says whether a cell needs quotes.
func (s *special) needed(cell []byte) bool {
	if len(cell) == 0 || cell[0] == ' ' || cell[len(cell)-1] == ' ' || string(cell) == `\.` || string(cell) == `\N` { // which some take for the end, or for null
		return true
	}
	return s.in(cell)
}
