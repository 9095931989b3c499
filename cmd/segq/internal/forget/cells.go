package forget

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/repl/show"
)

// Cells looks through records of CSV, which are cut as segq reads them. delimiter is 0 where it is to be found out; another
// is taken if the header has ids by it alone.
func (s Search) Cells(text []byte, delimiter byte) (k Rows) {
	delimiter, width, at := s.headerOf(text, delimiter)
	k.Fieldless = at < 0
	if at >= 0 {
		s.cells = s.cellsOf(text, delimiter, width, at)
	}
	open, header := 0, at >= 0
	for row := range load.CellRows(text, delimiter) {
		switch {
		case header:
			header = false
		case !row.Open && isRow(row.Cells, width, at) && s.isCell(row.Cells[at]):
			k.Mine++
			continue
		case slices.ContainsFunc(row.Cells, s.inCell):
			k.Others++
		case row.Open:
			open++
		}
		k.Rest = append(k.Rest, text[row.Start:row.End]...)
	}
	if open > 0 {
		k.Unread = fmt.Errorf("%s: a quote is never closed", show.Plural(open, "line", "lines"))
	}
	return k
}

// inCell says whether a cell names the id.
func (s Search) inCell(cell string) bool {
	return Mentions(cell, s.ID) || s.sameNumber(cell) || s.sameInstant(cell)
}

// isRow says whether cells are a row of a table of a width, with a cell at a place: one may lack the last ones, and have
// empty ones behind them.
func isRow(cells []string, width, at int) bool {
	for len(cells) > width && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return len(cells) <= width && at >= 0 && at < len(cells)
}

// cells is how the ids of a file of cells are written, which has no types.
type cells struct {
	// numbers says that all are numbers: 3.0, as other programs write those of floats, is 3 there, and among texts it is not.
	numbers bool
	// instants says that all are dates or timestamps.
	instants bool
	// safe says that those which a spreadsheet would take for formulas may begin with an apostrophe: none is without it.
	safe bool
}

// cellsOf says how the ids are written in a column.
func (s Search) cellsOf(text []byte, delimiter byte, width, at int) cells {
	c := cells{numbers: true, instants: true, safe: true}
	if len(s.Spellings()) == 1 && !isNumber(s.ID) && rows.Unsafe("'"+s.ID) != s.ID {
		return cells{} // it is written in one way
	}
	header := true
	for row := range load.CellRows(text, delimiter) {
		if header || row.Open || !isRow(row.Cells, width, at) || row.Cells[at] == "" {
			header = false
			continue
		}
		id := row.Cells[at]
		number := isNumber(id) || s.sameNumber(id)
		c.numbers = c.numbers && number
		c.instants = c.instants && Search{ID: id}.isInstant()
		c.safe = c.safe && (number || rows.Unsafe("'"+id) != id)
	}
	return c
}

// isCell says whether a cell of the column of ids is the id.
func (s Search) isCell(cell string) bool {
	return cell == s.ID || s.cells.numbers && s.sameNumber(cell) || s.cells.instants && s.sameInstant(cell) || s.cells.safe && rows.Unsafe(cell) == s.ID
}

// headerOf returns what separates the cells, how many the header has, and which has the ids, -1 for none.
func (s Search) headerOf(text []byte, delimiter byte) (by byte, width, at int) {
	for _, by := range []byte{delimiter, ',', ';', '\t', '|'} {
		header := firstRow(text, by)
		for i := range header {
			header[i] = strings.TrimSpace(header[i])
		}
		if name := s.idIn(func(name string) bool { return slices.Contains(header, name) }); name != "" {
			return by, len(header), slices.Index(header, name)
		}
	}
	return delimiter, 0, -1
}

// firstRow returns the cells of the header.
func firstRow(text []byte, delimiter byte) []string {
	for row := range load.CellRows(text, delimiter) {
		return row.Cells
	}
	return nil
}
