package load

import (
	"bytes"
	"iter"
)

// CellRow is a row of delimited text: where it is, with its line end, and the text of its cells. A blank line has none.
// Open says that the row cannot be cut, since a quote in it is never closed: then it is the line as it stands.
type CellRow struct {
	Start, End int
	Cells      []string
	Open       bool
}

// mostCells is how much of a text is cut at once: places of cells have 31 bits.
const mostCells = 1 << 30

// CellRows cuts text in UTF-8 into rows as a file of cells is read: first the header, with names "" where it lacks some,
// whose row begins with the text. delimiter is 0 where it is to be found out.
func CellRows(text []byte, delimiter byte) iter.Seq[CellRow] {
	return func(yield func(CellRow) bool) {
		c := cellRows{text: text}
		if c.begin(delimiter, yield) {
			for c.at+c.pos < len(c.text) && yield(c.next()) {
			}
		}
	}
}

// cellRows is the cutting of a text, of which buf of the lexer begins at a place.
type cellRows struct {
	lexer
	text []byte
	at   int
}

// window moves what is cut to the next row.
func (c *cellRows) window() {
	c.at, c.pos = c.at+c.pos, 0
	end := min(c.at+mostCells, len(c.text))
	c.buf, c.final = c.text[c.at:end], end == len(c.text)
}

// begin finds out the dialect, and gives the header.
func (c *cellRows) begin(delimiter byte, yield func(CellRow) bool) (more bool) {
	c.pos = len(c.text) - len(bytes.TrimPrefix(c.text, byteOrderMark))
	c.window()
	x := newLexer(sniff(c.buf, c.final, delimiter))
	x.buf, x.final, x.pos = c.buf, c.final, x.skip
	c.lexer = *x
	for c.at+c.pos < len(c.text) {
		row := c.next()
		if row.Cells == nil {
			continue
		}
		r := sheetReader{lexer: c.lexer, header: make([][]byte, len(row.Cells))}
		row.Cells, _ = r.complete(row.Cells)
		row.Start = 0
		return yield(row)
	}
	return false
}

// next reads the next row.
func (c *cellRows) next() CellRow {
	c.cells = c.cells[:0]
	start := c.pos
	state := c.row()
	if state == rowCut && start > 0 {
		c.window()
		return c.next()
	}
	if state != rowWhole {
		c.pos = start
		c.skipLine()
		row := CellRow{Start: c.at + start, End: c.at + c.pos, Open: true}
		row.Cells = []string{string(c.text[row.Start:row.End])}
		return row
	}
	row := CellRow{Start: c.at + start, End: c.at + c.pos}
	if c.blank(c.cells) {
		return row
	}
	row.Cells = make([]string, len(c.cells))
	for i, cell := range c.cells {
		row.Cells[i] = string(unquoted(nil, c.buf, cell))
	}
	return row
}
