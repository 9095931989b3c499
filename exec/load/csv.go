package load

import (
	"context"
	"io"
	"maps"
	"slices"
	"unicode/utf8"
)

// csv reads delimited text whose delimiter is to be found out.
func (l *loader) csv(ctx context.Context, in io.Reader) error { return l.delimited(ctx, in, 0) }

// tsv reads text whose delimiter is the tab.
func (l *loader) tsv(ctx context.Context, in io.Reader) error { return l.delimited(ctx, in, '\t') }

// delimited reads delimited text whose first line names the columns. A file becomes sheets
// of whole rows of cells (csv_reader.go and csv_lexer.go, after the dialect in
// csv_dialect.go and the names in csv_header.go), these become chunks side by side
// (csv_column.go; what a cell may be is in csv_cells.go), and when all files are read,
// what each column is follows from all its cells (csv_settle.go, with csv_total.go,
// csv_mixture.go and csv_wanted.go). So no cell can contradict. delimiter is 0 where it
// is to be found out.
func (l *loader) delimited(ctx context.Context, in io.Reader, delimiter byte) error {
	d := &l.options.Dialect
	if d.Delimiter != 0 {
		delimiter = d.Delimiter
	}
	t := &table{loader: l, reader: newSheetReader(in, &l.meter, l.options.MaxRejects), wide: map[int]int{}, nulls: d.nullSet()}
	t.reader.headless, t.reader.block = d.NoHeader, l.block(t.reader.block)
	err := inOrder(ctx, l.options.Threads, func(_ context.Context, emit func(*sheet) error) error {
		begin := func() error {
			t.begin(delimiter)
			return nil
		}
		return t.reader.sheets(delimiter, begin, emit)
	}, func(ctx context.Context, s *sheet) {
		s.chunk = t.chunk(ctx, s)
	}, func(s *sheet) error {
		return t.take(s.chunk)
	})
	t.reader.forget()
	if err != nil {
		return err
	}
	t.report()
	return nil
}

// table is a file of cells while it is read.
type table struct {
	loader *loader
	reader *sheetReader
	paths  [][]string
	hints  []columnHint
	comma  bool // numbers may have a decimal comma
	point  bool // and a decimal point
	said   bool // which of them, was said
	nulls  map[string]bool
	notes  []string

	strange strangeCells

	strays, foreign         int // cells with stray quotes, and that are not UTF-8
	strayLine, foreignPlace int // lines of the first of them

	read int
	wide map[int]int // as in sheet
}

// cellChunk is a chunk of a table.
type cellChunk struct {
	chunk  *chunk
	leaves []*node // along the header

	strays, strayLine  int
	foreign, firstLine int
	wide               map[int]int
	strange            strangeCells
}

// begin takes in the header.
func (t *table) begin(delimiter byte) {
	t.paths, t.notes = t.reader.name(t.loader.name, delimiter)
	decimal := t.loader.options.Dialect.Decimal
	t.comma = decimal == ',' || decimal == 0 && t.reader.delimiter != ','
	t.point, t.said = decimal != ',', decimal != 0
	t.hints = make([]columnHint, len(t.paths))
	for i, path := range t.paths {
		t.hints[i].want, t.hints[i].said = t.loader.options.typeOf(path)
	}
}

// chunk makes a chunk of a sheet, and gives the sheet back.
func (t *table) chunk(ctx context.Context, s *sheet) *cellChunk {
	root := newRoot(nil)
	c := &cellChunk{
		chunk:  &chunk{root: root, rows: len(s.rows), lines: s.lines, read: s.read, rejects: s.rejects, rejected: s.rejected},
		leaves: leaves(root, t.paths), strays: s.strays, strayLine: s.strayLine, wide: s.wide,
	}
	f := &cellFiller{sheet: s, width: t.reader.width, table: t, valid: utf8.Valid(s.data)}
	for i, n := range c.leaves {
		if ctx.Err() != nil {
			break
		}
		f.column, f.node, f.hint = i, n, &t.hints[i]
		f.fill()
		if f.foreign > 0 {
			if line := int(s.rows[f.firstRow].line); c.foreign == 0 || line < c.firstLine {
				c.firstLine = line
			}
			c.foreign += f.foreign
		}
	}
	c.strange.look(s, t.reader.width, t.reader.delimiter)
	for _, short := range s.short {
		for _, n := range c.leaves[short.cells:] {
			n.misfit("a missing cell", int(s.rows[short.row].line), int(s.rows[short.row].row))
		}
	}
	for _, n := range c.leaves {
		n.sealValues(c.chunk.rows)
		n.shrinkValues()
	}
	if t.loader.options.Schema != nil {
		c.chunk.markAll(s.rows) // cells may not fit, which is known when all are there
	}
	_ = t.loader.meter.settle(c.chunk) // what is too much ends the load
	t.reader.release(s)
	return c
}

// take takes in a chunk, in the order of the file.
func (t *table) take(c *cellChunk) error {
	if c.strays > 0 {
		if t.strays == 0 {
			t.strayLine = t.loader.line + c.strayLine
		}
		t.strays += c.strays
	}
	if c.foreign > 0 {
		if t.foreign == 0 {
			t.foreignPlace = t.loader.line + c.firstLine
		}
		t.foreign += c.foreign
	}
	t.strange.add(c.strange, t.loader.line)
	t.read += c.chunk.read
	for cells, rows := range c.wide {
		t.wide[cells] += rows
	}
	t.loader.cells.add(c.chunk, t.paths, c.leaves)
	return t.loader.take(c.chunk)
}

// report notes what a reader of the numbers should know of the file.
func (t *table) report() {
	l := t.loader
	for _, s := range t.notes {
		l.note("%s", s)
	}
	t.title()
	t.strange.spaced = t.strange.spaced || t.reader.spaced
	t.strange.report(l)
	if t.reader.slashed && l.report.Rejected > 0 {
		l.advise(`%s: quotes inside cells seem to be written as \", and are read where they are doubled: in Spark, .option("escape", "\"") writes them so`, l.name)
	}
	if t.strays > 0 {
		l.note("%s: %s with a quote that neither closes it nor is doubled, read as a character, the first in line %d",
			l.name, counted(t.strays, "cell"), t.strayLine)
	}
	if t.foreign > 0 {
		l.note("%s: %s not in UTF-8, read as Windows-1252, the first in line %d", l.name, counted(t.foreign, "cell"), t.foreignPlace)
	}
}

// title says what to do about a line above the header, such as a title or a comment:
// most rows have more cells than it has.
func (t *table) title() {
	most, wide := 0, 0
	for _, cells := range slices.Sorted(maps.Keys(t.wide)) {
		wide += t.wide[cells]
		if t.wide[cells] > t.wide[most] {
			most = cells
		}
	}
	if wide*2 <= t.read || t.reader.headless {
		return
	}
	t.loader.titled = true
	t.loader.advise("%s: the first line has %s, most lines have %d: remove the lines above the header",
		t.loader.name, counted(len(t.reader.header), "cell"), most)
}
