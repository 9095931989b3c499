package load

import (
	"bytes"
	"math/bits"
)

// cell is a place in the text of a sheet, without the quotes around it.
type cell struct{ start, end uint32 }

const (
	escaped = 1 << 31 // of start: quotes are doubled inside
	quoting = 1 << 31 // of end: it was in quotes
	places  = 1<<31 - 1
)

func (c cell) from() int    { return int(c.start & places) }
func (c cell) to() int      { return int(c.end & places) }
func (c cell) quoted() bool { return c.end&quoting != 0 }

// null says whether the cell is empty, and not an empty text in quotes.
func (c cell) null() bool { return c.start&places == c.end }

// lexer cuts text into rows of cells, after RFC 4180 and what is done to it:
//
// A quote at the beginning of a cell opens it, and the next quote that is not
// doubled and is followed by the delimiter or the end of the line closes it. What
// is between may have delimiters and line ends. Any other quote is a character.
// Where a quote inside is followed by something else, and no quote that closes
// follows in its line, the cell was not meant to be in quotes: it is taken as it
// stands.
type lexer struct {
	dialect
	stop    [256]bool // what ends a cell without quotes
	newline []byte
	buf     []byte
	pos     int  // of the next row
	final   bool // nothing follows buf
	bare    bool // quotes are characters
	cells   []cell

	lines  int // that the last row has
	strays int // cells so far with a quote that is a character where it should not be
	open   int // where the quote began that is never closed
}

func newLexer(d dialect) *lexer {
	x := &lexer{dialect: d, newline: []byte{'\n'}}
	if d.cr {
		x.newline = []byte{'\r'}
	}
	x.stop[d.delimiter], x.stop['\n'], x.stop['\r'] = true, true, d.cr
	return x
}

// rowState says how the reading of a row went.
type rowState int

const (
	rowWhole rowState = iota
	rowCut            // the text ends before the row does, and is not all
	rowOpen           // the text ends inside quotes
)

// row reads the cells of the next row, and moves past it unless it is cut or
// open.
func (x *lexer) row() rowState {
	pos, strays := x.pos, x.strays
	x.lines = 1
	for {
		end, state := 0, rowWhole
		if pos < len(x.buf) && x.buf[pos] == '"' && !x.bare {
			end, state = x.quoted(pos)
		} else {
			end = x.plain(pos)
		}
		if state == rowWhole && end == len(x.buf) && !x.final {
			state = rowCut
		}
		if state != rowWhole {
			x.strays = strays
			return state
		}
		if end < len(x.buf) && x.buf[end] == x.delimiter {
			pos = end + 1
			continue
		}
		next := end + 1
		if x.cr && next == len(x.buf) && !x.final {
			x.strays = strays
			return rowCut // a line feed may follow
		}
		if next < len(x.buf) && x.buf[end] == '\r' && x.buf[next] == '\n' {
			next++
		}
		x.pos = min(next, len(x.buf))
		return rowWhole
	}
}

// plain reads a cell without quotes, and those after it up to one in quotes or the end of
// the row, or not all of them. It gives where what ends the last one is.
func (x *lexer) plain(start int) int {
	buf := x.buf
	if x.cr { // lines may end with LF, too
		return x.plainCell(start, start)
	}
	delimiters, newlines := eachOne*uint64(x.delimiter), eachOne*uint64(x.newline[0])
	for i := start; i+8 <= len(buf); i += 8 {
		v := load64(buf[i:])
		for m := zeroBytes(v^delimiters) | zeroBytes(v^newlines); m != 0; m &= m - 1 {
			k := i + bits.TrailingZeros64(m)>>3
			if buf[k] != x.delimiter {
				return x.plainCell(start, k)
			}
			x.cells = append(x.cells, cell{uint32(start), uint32(k)})
			if start = k + 1; start == len(buf) || buf[start] == '"' && !x.bare {
				return k
			}
		}
	}
	return x.plainCell(start, max(start, len(buf)-8))
}

// plainCell reads a cell of which the part up to i is known to have no end in it.
func (x *lexer) plainCell(start, i int) int {
	buf := x.buf
	for i < len(buf) && !x.stop[buf[i]] {
		i++
	}
	end := i
	if end > start && buf[end-1] == '\r' && (end == len(buf) || buf[end] == '\n') {
		end--
	}
	x.cells = append(x.cells, cell{uint32(start), uint32(end)})
	return i
}

// quoted reads a cell that begins with a quote.
func (x *lexer) quoted(start int) (end int, state rowState) {
	buf := x.buf
	flag, meant := uint32(0), 0 // before meant, stray quotes are known to be characters
	for i := start + 1; ; {
		k := bytes.IndexByte(buf[i:], '"')
		if k < 0 {
			x.open = start
			return 0, x.ended(rowOpen)
		}
		i += k
		if i+1 < len(buf) && buf[i+1] == '"' {
			flag = escaped
			i += 2
			continue
		}
		if end, ok := x.closed(i); ok {
			x.lines += bytes.Count(buf[start:i], x.newline)
			x.cells = append(x.cells, cell{uint32(start+1) | flag, uint32(i) | quoting})
			return end, rowWhole
		}
		if i >= meant {
			var state rowState
			if meant, state = x.closing(i); state != rowWhole {
				return 0, state
			}
			x.strays++
			if meant < 0 {
				return x.plain(start), rowWhole
			}
		}
		i++
	}
}

// ended returns the state of a row in which the text ends.
func (x *lexer) ended(state rowState) rowState {
	if x.final {
		return state
	}
	return rowCut
}

// closed says whether the quote at i closes a cell: then only blanks are before
// what ends it, of which it gives the place. At the end of a text that is cut it
// does, since the row will be read again.
func (x *lexer) closed(i int) (end int, ok bool) {
	for i++; i < len(x.buf) && x.buf[i] != x.delimiter && (x.buf[i] == ' ' || x.buf[i] == '\t'); i++ {
	}
	if i < len(x.buf) && x.buf[i] == '\r' && !x.cr {
		i++
		return i, i == len(x.buf) || x.buf[i] == '\n'
	}
	return i, i == len(x.buf) || x.stop[x.buf[i]]
}

// closing looks for the quote that closes the cell in which the quote at i is a
// character: in the same line, and before what looks like the beginning of
// another cell in quotes. It gives -1 if there is none.
func (x *lexer) closing(i int) (at int, state rowState) {
	for i++; i < len(x.buf); i++ {
		switch c := x.buf[i]; {
		case c == '\n', c == '\r' && x.cr:
			return -1, rowWhole
		case c != '"':
		case x.buf[i-1] == x.delimiter:
			return -1, rowWhole
		default:
			if _, ok := x.closed(i); ok {
				return i, rowWhole
			}
		}
	}
	if x.final {
		return -1, rowWhole
	}
	return 0, rowCut
}

// blank says whether a row has nothing in it.
func (x *lexer) blank(row []cell) bool {
	return len(row) == 1 && !row[0].quoted() && len(bytes.Trim(x.buf[row[0].from():row[0].to()], " ")) == 0
}

// skipLine moves past the end of the line that begins at the position. It says
// whether the end was there.
func (x *lexer) skipLine() bool {
	i := bytes.IndexByte(x.buf[x.pos:], x.newline[0])
	if i < 0 {
		x.pos = len(x.buf)
		return false
	}
	x.pos += i + 1
	return true
}
