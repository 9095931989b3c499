package load

import "bytes"

// strangeCells counts cells with signs of other ways to write tables, which are read as characters: escapes, as
// ClickHouse and MySQL write them among tabs, and quotes behind a blank.
type strangeCells struct {
	escapes, escapeLine int // the first of them
	spaced              bool
}

// look looks for such cells in a sheet whose rows have so many.
func (u *strangeCells) look(s *sheet, width int, delimiter byte) {
	if width == 0 {
		return
	}
	escapes := delimiter == '\t' && bytes.IndexByte(s.data, '\\') >= 0
	spaces := bytes.Contains(s.data, []byte{delimiter, ' ', '"'})
	if !escapes && !spaces {
		return
	}
	for i, c := range s.cells {
		if c.quoted() {
			continue
		}
		text := s.data[c.from():c.to()]
		if spaces && isSpaced(text) {
			u.spaced = true
		}
		if escapes && hasEscape(text) {
			if u.escapes++; u.escapes == 1 {
				u.escapeLine = int(s.rows[i/width].line)
			}
		}
	}
}

// isSpaced says whether a cell begins with blanks and a quote.
func isSpaced(text []byte) bool {
	return len(text) > 1 && text[0] == ' ' && bytes.HasPrefix(bytes.TrimLeft(text, " "), []byte{'"'})
}

// hasEscape says whether a cell has a backslash and what makes an escape of it.
func hasEscape(text []byte) bool {
	for i := bytes.IndexByte(text, '\\'); i >= 0 && i+1 < len(text); {
		if bytes.IndexByte([]byte(`tnrbf0\'`), text[i+1]) >= 0 {
			return true
		}
		next := bytes.IndexByte(text[i+1:], '\\')
		if next < 0 {
			return false
		}
		i += 1 + next
	}
	return false
}

// add takes in what a chunk has.
func (u *strangeCells) add(c strangeCells, line int) {
	if u.escapes == 0 && c.escapes > 0 {
		u.escapeLine = line + c.escapeLine
	}
	u.escapes += c.escapes
	u.spaced = u.spaced || c.spaced
}

// report notes what was found.
func (u *strangeCells) report(l *loader) {
	if u.escapes > 0 {
		l.note(`%s: %s with an escape such as \t or \n, which is read as it stands, the first in line %d: ClickHouse and MySQL write such; as CSV, they write the text itself`,
			l.name, counted(u.escapes, "cell"), u.escapeLine)
	}
	if u.spaced {
		l.advise(`%s: a quote behind a blank is a character of the cell, and a delimiter behind it ends the cell: remove the blanks behind delimiters`, l.name)
	}
}
