package load

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"unsafe"
)

const (
	sheetRows = 512           // fewer rows in a sheet, and the next is made larger
	maxBlock  = 4 * blockSize // but not larger than that
	maxWidth  = 100_000       // columns
)

// sheet is a run of whole rows of a file, cut into cells, on its way to becoming
// a chunk.
type sheet struct {
	data  []byte
	cells []cell // row by row, each as long as the header
	rows  []rowPlace
	short []shortRow

	lines, read int // that the sheet takes of the file
	rejects     []Reject
	rejected    int
	wide        map[int]int // of these, those with more cells than the header, by their number of cells
	strays      int         // cells with stray quotes, the first of them in line strayLine
	strayLine   int

	held  int64 // what the meter was charged for it
	chunk *cellChunk
}

// hold charges for what the sheet holds more than before.
func (s *sheet) hold(m *meter) error {
	before := s.held
	s.held = int64(cap(s.data)) + int64(cap(s.cells))*int64(unsafe.Sizeof(cell{})) + int64(cap(s.rows))*int64(unsafe.Sizeof(rowPlace{}))
	return m.charge(s.held - before)
}

// rowPlace says where a row is, counted from the beginning of the sheet, from 1.
type rowPlace struct{ line, row uint32 }

// shortRow is a row that had fewer cells than the header.
type shortRow struct{ row, cells int }

// sheetReader cuts a file into sheets.
type sheetReader struct {
	lexer
	in         io.Reader
	header     [][]byte
	width      int // cells of a row; more than the header has if the first has no name there
	block      int // how much is read at once
	maxRejects int
	headless   bool // the first line is a row
	spaced     bool // a row with too many cells has a quote behind a blank
	slashed    bool // the beginning has quotes after backslashes
	skipping   bool // what comes is the rest of a line that was too long
	meter      *meter
	free       chan *sheet
}

func newSheetReader(in io.Reader, m *meter, maxRejects int) *sheetReader {
	return &sheetReader{in: in, meter: m, block: blockSize / 4, maxRejects: maxRejects, free: make(chan *sheet, 16)}
}

// sheets reads the whole file. begin is called once the header is known, emit
// for each sheet.
func (r *sheetReader) sheets(delimiter byte, begin func() error, emit func(*sheet) error) error {
	var rest []byte // the beginning of a row whose end is not yet read
	lines := 0      // of the header and before it
	for {
		s := r.fresh(max(r.block, 2*len(rest)))
		if err := s.hold(r.meter); err != nil {
			return err
		}
		n, last, err := fill(r.in, s.data, copy(s.data, rest))
		if err != nil {
			return err
		}
		s.data = s.data[:n]
		r.buf, r.pos, r.final = s.data, 0, last
		if r.header == nil {
			if lines, err = r.start(delimiter); err != nil {
				return err
			}
			if r.header == nil && !last {
				rest = s.data
				continue
			}
			r.slashed = bytes.Contains(s.data, []byte(`\"`))
			if err := begin(); err != nil {
				return err
			}
		}
		s.lines, lines = lines, 0
		r.cut(s)
		if rest, err = r.overlong(s); err != nil {
			return err
		}
		if err := s.hold(r.meter); err != nil {
			return err
		}
		rest = slices.Clone(rest) // whoever gets the sheet may give it back at once
		if err := emit(s); err != nil || last {
			return err
		}
	}
}

// fresh returns an empty sheet with room for so many bytes, a used one if there is one.
func (r *sheetReader) fresh(size int) *sheet {
	s := &sheet{}
	select {
	case used := <-r.free:
		s.data, s.cells, s.rows, s.held = used.data, used.cells[:0], used.rows[:0], used.held
	default:
	}
	if cap(s.data) < size {
		s.data = make([]byte, size)
	}
	s.data = s.data[:size]
	return s
}

// release gives back a sheet that nobody reads any more.
func (r *sheetReader) release(s *sheet) {
	if cap(s.data) <= maxBlock {
		select {
		case r.free <- s:
			return
		default:
		}
	}
	r.meter.used.Add(-s.held)
}

// forget gives up the sheets that were given back.
func (r *sheetReader) forget() {
	for {
		select {
		case s := <-r.free:
			r.meter.used.Add(-s.held)
		default:
			return
		}
	}
}

// start finds out the dialect and reads the header, if all of it is there. It
// gives the number of lines up to the end of the header.
func (r *sheetReader) start(delimiter byte) (lines int, err error) {
	r.lexer = lexer{buf: r.buf, final: r.final}
	x := newLexer(sniff(r.buf, r.final, delimiter))
	x.buf, x.final, x.pos = r.buf, r.final, 0
	if x.skip > 0 {
		x.pos, lines = x.skip, 1
	}
	first := x.pos // where the header begins
	for x.pos < len(x.buf) {
		first = x.pos
		x.cells = x.cells[:0]
		state := x.row()
		if state == rowOpen {
			x.bare = true
			x.cells = x.cells[:0]
			state = x.row()
			x.bare = false
		}
		if x.pos > maxRow || state == rowCut && len(x.buf) > maxRow {
			return 0, fmt.Errorf("line %d: %s", lines+1, tooLong)
		}
		if state == rowCut {
			return 0, nil
		}
		lines += x.lines
		if !x.blank(x.cells) {
			break
		}
		x.cells = x.cells[:0]
	}
	if len(x.cells) > maxWidth {
		return 0, fmt.Errorf("line %d: %d columns are more than a table can have (%d)", lines, len(x.cells), maxWidth)
	}
	if len(x.cells) == 0 && !x.final {
		return 0, nil
	}
	r.header = make([][]byte, len(x.cells))
	if r.headless {
		if len(x.cells) > 0 {
			x.pos, lines = first, lines-x.lines
		}
	} else {
		for i, c := range x.cells {
			r.header[i] = unquoted(nil, x.buf, c)
		}
	}
	x.cells, x.strays = nil, 0
	r.lexer, r.width = *x, len(r.header)
	return lines, nil
}

// cut makes rows of what was read, as far as they are whole.
func (r *sheetReader) cut(s *sheet) {
	r.cells = s.cells
	for r.pos < len(r.buf) && !r.skipping {
		start, base, strays := r.pos, len(r.cells), r.strays
		state := r.row()
		if state == rowCut {
			r.cells = r.cells[:base]
			break
		}
		if r.strays > strays && s.strayLine == 0 {
			s.strayLine = s.lines + 1
		}
		switch {
		case state == rowOpen:
			message := fmt.Sprintf("column %d: the quote is never closed", len(r.cells)-base+1)
			r.cells = r.cells[:base]
			r.reject(s, message)
			r.pos, s.lines = start, s.lines+1
			r.skipLine()
		case r.pos-start > maxRow:
			r.cells = r.cells[:base]
			r.reject(s, tooLong)
			s.lines += r.lines
		default:
			r.add(s, base)
			s.lines += r.lines
		}
	}
	s.cells, s.strays, r.strays = r.cells, r.strays, 0
	if len(s.rows) < sheetRows && len(r.buf) >= r.block {
		r.block = min(2*r.block, maxBlock)
	}
}

// add takes in the row whose cells begin at base, if it can be one.
func (r *sheetReader) add(s *sheet, base int) {
	row := r.cells[base:]
	if r.width > 1 && r.blank(row) {
		r.cells = r.cells[:base]
		return
	}
	for n := len(row); n > r.width; n-- {
		if c := row[n-1]; c.from() != c.to() {
			for _, c := range row {
				r.spaced = r.spaced || isSpaced(r.buf[c.from():c.to()])
			}
			r.cells = r.cells[:base]
			r.reject(s, fmt.Sprintf("expected %s as in the first line, found %d", counted(r.width, "cell"), n))
			if s.wide == nil {
				s.wide = map[int]int{}
			}
			s.wide[n]++
			return
		}
	}
	if len(row) < r.width {
		s.short = append(s.short, shortRow{len(s.rows), len(row)})
	}
	r.cells = slices.Grow(r.cells[:base+min(len(row), r.width)], r.width)
	for len(r.cells) < base+r.width {
		r.cells = append(r.cells, cell{})
	}
	s.read++
	s.rows = append(s.rows, rowPlace{uint32(s.lines + 1), uint32(s.read)})
}

func (r *sheetReader) reject(s *sheet, message string) {
	s.read++
	s.rejected++
	if len(s.rejects) < r.maxRejects {
		s.rejects = append(s.rejects, Reject{Line: s.lines + 1, Row: s.read, Message: message})
	}
}

// overlong rejects a row that is longer than may be and not yet at its end, and
// gives what is left for the next sheet. What follows such a row begins with the
// next line, since a quote that somebody forgot is the likelier reason.
func (r *sheetReader) overlong(s *sheet) ([]byte, error) {
	if !r.skipping && len(r.buf)-r.pos > maxRow {
		r.reject(s, tooLong)
		r.skipping = true
	}
	if r.skipping && r.pos < len(r.buf) {
		if r.skipping = !r.skipLine(); !r.skipping {
			s.lines++
		}
	}
	return r.buf[r.pos:], nil
}
