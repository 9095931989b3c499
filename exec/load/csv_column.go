package load

import (
	"errors"
	"strconv"
	"sync/atomic"
	"unicode/utf8"
	"unsafe"
)

// cellColumn is what is known of the cells of a leaf, besides its lanes, until the
// type of the column is decided. Numbers are in their lanes, with what it takes
// to write them as they were; all else is among the texts.
type cellColumn struct {
	kinds  cellKinds // what all the cells may be
	values bool      // there are cells that are no spelling of null
	rows   int

	digits    []byte // along floats: how many are after the point, or asWritten
	written   writtenNumbers
	fractions bool   // some number is not whole
	large     misfit // whole numbers beyond 64 bits, which are among the floats
	beyond    misfit // numbers beyond the range of a float, which are infinite among the floats
	beyondAt  []uint32

	table   *table // the file
	commas  bool   // some comma of a number is that of the fraction for certain
	points  bool   // and some point, as the groups of digits before it show
	either  []eitherComma
	grouped string // the first number whose comma may be a separator of thousands
}

// addComma takes in a number with a comma.
func (c *cellColumn) addComma(b []byte) {
	if b = trimCell(b); !isGrouped(b, ',') {
		c.commas = true
	} else if c.grouped == "" {
		c.grouped = string(b)
	}
}

// asWritten, of a number, says that its text is kept.
const asWritten = 0xff

// writtenNumbers keeps the texts of numbers that do not follow from their values,
// by slot.
type writtenNumbers struct {
	slots, ends []uint32
	bytes       []byte
}

func (w *writtenNumbers) add(slot uint32, b []byte) {
	w.bytes = append(w.bytes, b...)
	w.slots = append(w.slots, slot)
	w.ends = append(w.ends, uint32(len(w.bytes)))
}

func (w *writtenNumbers) at(i int) []byte {
	start := uint32(0)
	if i > 0 {
		start = w.ends[i-1]
	}
	return w.bytes[start:w.ends[i]]
}

// columnHint is what the sheets of a file have in common at one column.
type columnHint struct {
	text atomic.Bool          // a cell was nothing but text, and so the column is text
	want string               // see Options.Types
	said bool                 // it is Options.Types that wants it, and not the schema
	like atomic.Pointer[dict] // of the texts of a sheet before
}

// cellFiller reads the cells of one column of a sheet into a leaf.
type cellFiller struct {
	sheet  *sheet
	column int
	width  int
	node   *node
	cells  *cellColumn
	hint   *columnHint
	table  *table
	valid  bool // the sheet is UTF-8

	kinds    []cellKinds // of the entries of the dictionary
	scratch  []byte
	decoded  []byte
	foreign  int // cells that are not UTF-8
	firstRow int // the row of the first of them
}

// fill reads all the cells: as numbers and such until one is nothing but text,
// and then all again as texts.
func (f *cellFiller) fill() {
	switch want := f.hint.want; {
	case want == "text", want == "" && f.hint.text.Load():
		f.texts()
	case want == "", want == "number":
		if !f.typed() {
			f.hint.text.Store(true)
			f.texts()
		}
	default:
		f.wanted(want)
	}
}

// begin empties the leaf.
func (f *cellFiller) begin(kinds cellKinds) {
	n := f.node
	n.ints, n.floats, n.isos, n.texts, n.dict = lane[int64]{}, lane[float64]{}, dates{}, lane[uint32]{}, nil
	n.cells = &cellColumn{kinds: kinds, rows: len(f.sheet.rows), table: f.table}
	f.cells, f.foreign = n.cells, 0
}

// each calls visit for every cell that is not null, until it gives false.
func (f *cellFiller) each(visit func(row int, c cell) bool) bool {
	for row := range f.sheet.rows {
		c := f.sheet.cells[row*f.width+f.column]
		if c.null() || f.table.nulls != nil && f.isNull(c) || f.table.nulls == nil && f.dumped(c) {
			continue
		}
		if !visit(row, c) {
			return false
		}
	}
	return true
}

// dumped says whether a cell is \N, as dumps of databases write a null, which is no text there.
func (f *cellFiller) dumped(c cell) bool {
	at := c.from()
	return c.to()-at == 2 && !c.quoted() && f.sheet.data[at] == '\\' && f.sheet.data[at+1] == 'N'
}

// isNull says whether a cell is one of those that are said to be null.
func (f *cellFiller) isNull(c cell) bool {
	f.scratch = append(f.scratch[:0], unquoted(f.scratch, f.sheet.data, c)...)
	b, _ := utf8Text(nil, trimCell(f.scratch))
	return f.table.nulls[string(b)]
}

// text returns the text of a cell in UTF-8. The bytes are valid until the next call.
func (f *cellFiller) text(c cell, row int) []byte {
	b := f.sheet.data[c.from():c.to()]
	if c.start&escaped != 0 {
		f.scratch = unquoted(f.scratch, f.sheet.data, c)
		b = f.scratch
	}
	if f.valid || utf8.Valid(b) {
		return b
	}
	if f.foreign == 0 {
		f.firstRow = row
	}
	f.foreign++
	f.decoded, _ = utf8Text(f.decoded, b)
	return f.decoded
}

// texts reads all the cells as texts.
func (f *cellFiller) texts() {
	f.begin(0)
	f.cells.values = true
	n := f.node
	n.dict = newLooseDict()
	n.dict.makeRoom(f.hint.like.Load())
	defer f.hint.like.Store(n.dict)
	f.each(func(row int, c cell) bool {
		roomFor(&n.texts, len(f.sheet.rows))
		n.texts.add(uint32(row), n.dict.add(f.text(c, row)))
		return true
	})
}

// typed reads the cells as what they may be besides texts. It gives false when that is
// nothing.
func (f *cellFiller) typed() bool {
	f.begin(cellAny)
	n, cells, data := f.node, f.cells, f.sheet.data
	ok := f.each(func(row int, c cell) bool {
		if c.start&escaped == 0 && c.from() < c.to() {
			if v, ok := plainWhole(data, c.from(), c.to()); ok {
				roomFor(&n.ints, len(f.sheet.rows))
				n.ints.add(uint32(row), v)
				return true
			}
			if b := data[c.from():c.to()]; b[0] <= '9' && f.usual(row, b) {
				return true
			}
		}
		b := f.text(c, row)
		return f.number(row, b) || f.word(row, b)
	})
	cells.fractions = len(n.floats.values) > cells.large.count+cells.beyond.count
	if len(n.ints.values) > 0 {
		cells.kinds &= cellNumber | cellComma | cellTime
	}
	if len(n.floats.values) > 0 {
		cells.kinds &= cellNumber
	}
	if len(n.isos.values) > 0 {
		cells.kinds &= cellTime
	}
	cells.values = cells.values || len(n.ints.values)+len(n.floats.values)+len(n.isos.values) > 0
	return ok && cells.kinds != 0
}

// usual reads a number or a date in one of the usual spellings.
func (f *cellFiller) usual(row int, b []byte) bool {
	n, slot := f.node, uint32(row)
	if p, ok := plainNumber(b, 0); ok && p.end == len(b) {
		if p.decimals >= 0 && !f.table.point {
			return false
		}
		if p.decimals < 0 {
			roomFor(&n.ints, len(f.sheet.rows))
			n.ints.add(slot, p.whole)
			return true
		}
		roomFor(&n.floats, len(f.sheet.rows))
		n.floats.add(slot, p.fraction)
		f.cells.digits = append(f.cells.digits, byte(p.decimals))
		return true
	}
	if f.hint.want == "number" || len(b) < len("2006-01-02") || b[4] != '-' {
		return false
	}
	ms, form, ok := parseDate(b)
	if ok {
		roomFor(&n.isos.lane, len(f.sheet.rows))
		n.isos.add(slot, ms, form)
	}
	return ok
}

// roomFor makes room for n values in an empty lane.
func roomFor[T any](l *lane[T], n int) {
	if l.values == nil {
		l.values = make([]T, 0, n)
	}
}

// number reads a number in one of the rarer spellings.
func (f *cellFiller) number(row int, b []byte) bool {
	t := trimCell(b)
	kind := numeralOf(t, '.')
	if kind == notNumber || kind == fraction && !f.table.point {
		return false
	}
	n, slot, s := f.node, uint32(row), unsafe.String(unsafe.SliceData(t), len(t))
	if kind == wholeNumber {
		if i, err := strconv.ParseInt(s, 10, 64); err == nil {
			n.ints.add(slot, i)
			f.cells.written.add(slot, b)
			return true
		}
	}
	v, err := strconv.ParseFloat(s, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		f.count(&f.cells.beyond, row)
		f.cells.beyondAt = append(f.cells.beyondAt, slot)
	case err != nil:
		return false
	case kind == wholeNumber:
		f.count(&f.cells.large, row)
	}
	n.floats.add(slot, v)
	f.cells.digits = append(f.cells.digits, asWritten)
	f.cells.written.add(slot, b)
	return true
}

// wordKinds is wordKinds of a cell in the dialect of the file.
func (f *cellFiller) wordKinds(b []byte) cellKinds {
	k := wordKinds(b, f.table.comma)
	if k == cellNull && f.table.nulls != nil && len(trimCell(b)) > 0 {
		return 0
	}
	return k
}

// count counts a number that m is of.
func (f *cellFiller) count(m *misfit, row int) {
	if m.count == 0 {
		m.line, m.row = int(f.sheet.rows[row].line), int(f.sheet.rows[row].row)
	}
	m.count++
}

// word reads a cell that is no number. It gives false if that is nothing but text,
// unless numbers are wanted.
func (f *cellFiller) word(row int, b []byte) bool {
	n := f.node
	if f.hint.want == "number" {
		f.wantedNumber(row, b)
		return true
	}
	if n.dict == nil {
		n.dict, f.kinds = newDict(), f.kinds[:0]
	}
	code := n.dict.add(b)
	if int(code) == len(f.kinds) {
		f.kinds = append(f.kinds, f.wordKinds(b))
		if f.kinds[code] == cellComma {
			f.cells.addComma(b)
		}
	}
	n.texts.add(uint32(row), code)
	k := f.kinds[code]
	if k&cellNull == 0 {
		f.cells.kinds &= k
		f.cells.values = true
	}
	return k != 0
}
