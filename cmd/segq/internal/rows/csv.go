package rows

import (
	"bytes"
	"io"
	"strings"

	"github.com/segq/segq/exec/column"
)

// CSV writes a header and rows as RFC 4180 has them, with line feeds. Null is an empty cell, an
// empty text one in quotes.
func CSV(w io.Writer, o Options) Writer { return separated(w, o, ',') }

// TSV is CSV with tabs.
func TSV(w io.Writer, o Options) Writer { return separated(w, o, '\t') }

func separated(w io.Writer, o Options, comma byte) Writer {
	special := newSpecial(comma)
	t := &text{w: w}
	for i, f := range o.Fields {
		if i > 0 {
			t.head = append(t.head, comma)
		}
		t.head = special.quoted(append(t.head, f.Name...), len(t.head), o.Safe)
	}
	t.head = append(t.head, '\n')
	t.row = func(dst []byte, columns []column.Column, i int) []byte {
		for k, c := range columns {
			if k > 0 {
				dst = append(dst, comma)
			}
			first := len(dst)
			plain := true
			if dst, plain = appendCell(dst, c, i, o.Fields[k].Type); !plain {
				dst = special.quoted(dst, first, o.Safe)
			}
		}
		if len(columns) == 1 && columns[0].Null(i) {
			dst = append(dst, `""`...) // an empty line would be none
		}
		return append(dst, '\n')
	}
	return t
}

// special has the bytes for which a cell is put in quotes.
type special [256]bool

func newSpecial(comma byte) *special {
	s := &special{'"': true, '\n': true, '\r': true}
	s[comma] = true
	return s
}

// formulas are what a cell begins with that a spreadsheet may take for a formula
// (https://owasp.org/www-community/attacks/CSV_Injection).
const formulas = "=+-@\t\r"

// quoted puts what was appended to dst from a place on in quotes if it needs them. If it has to be
// safe, what looks like a formula begins with an apostrophe.
func (s *special) quoted(dst []byte, first int, safe bool) []byte {
	if safe && len(dst) > first && strings.IndexByte(formulas, dst[first]) >= 0 {
		dst = append(dst, 0)
		copy(dst[first+1:], dst[first:])
		dst[first] = '\''
	}
	cell := dst[first:]
	if !s.needed(cell) {
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
	if len(cell) == 0 || cell[0] == ' ' || cell[len(cell)-1] == ' ' || string(cell) == `\.` {
		return true
	}
	for _, b := range cell {
		if s[b] {
			return true
		}
	}
	return false
}
