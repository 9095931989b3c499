package load

import (
	"context"
	"errors"
	"fmt"
)

// partSize is about how much text of a document becomes a chunk. It varies in tests.
var partSize = 2 << 20

// document cuts a JSON document into parts, each some rows: as far as quotes and brackets
// tell, and what is between the rows. Whoever reads the rows finds out whether they are JSON.
type document struct {
	text *window
	list bool // the document is one list
	part *rowsPart
	emit func(*rowsPart) error
	used chan []byte // texts of parts that are read
}

// rowsPart is a part of a document, on its way to becoming a chunk.
type rowsPart struct {
	text         []byte // the rows, and a few bytes after them
	rows         []extentOf
	list         bool
	tooLong      bool // a row that is too long comes after the rows
	lines        int  // before the text, and how many characters of its line are
	column       int
	linesTooLong int // before the row that is too long

	held  int64 // what the meter was charged for it
	chunk *chunk
	err   error // what ends the document, at its place
}

// extentOf is where a row begins and ends in the text of its part.
type extentOf struct{ from, to int }

// split cuts the whole document. Errors are those of the last part, so that one that is
// before them comes first.
func (d *document) split(ctx context.Context, emit func(*rowsPart) error) error {
	d.emit = emit
	err := d.read(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		last := d.place(err)
		if err := d.flush(); err != nil {
			return err
		}
		return emit(&rowsPart{err: last})
	}
	return d.flush()
}

func (d *document) read(ctx context.Context) error {
	c, err := d.text.peek()
	if d.list = c == '['; d.list {
		d.text.pos++
		if c, err = d.text.peek(); c == ']' {
			d.text.pos++
			return d.end()
		}
	}
	for n := 0; err == nil && (c != 0 || d.list); n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err = d.row(); err != nil {
			return err
		}
		c, err = d.text.peek()
		switch {
		case err != nil || !d.list:
		case c == ',':
			d.text.pos++
			c, err = d.text.peek()
		case c == ']':
			d.text.pos++
			return d.end()
		default:
			return d.expected("a comma or ] after an element")
		}
	}
	if err != nil {
		return err
	}
	return d.end()
}

// row finds the extent of one row. What is not JSON ends the document, as nobody can
// tell where the next row begins.
func (d *document) row() error {
	if c, err := d.text.peek(); err != nil {
		return err
	} else if !begins(c) {
		return d.expected("an object")
	}
	d.begin()
	size, whole, err := d.text.value(maxRow)
	if err != nil {
		return err
	}
	if !whole {
		return d.long()
	}
	from := d.text.pos - d.text.kept
	d.part.rows = append(d.part.rows, extentOf{from, from + size})
	d.text.pos += size
	if from+size >= partSize {
		return d.flush()
	}
	return nil
}

// begin makes a part that begins here, if there is none.
func (d *document) begin() {
	if d.part != nil {
		return
	}
	d.part = &rowsPart{list: d.list}
	d.part.lines, d.part.column = d.text.at(d.text.pos)
	d.text.kept, d.text.keeping = d.text.pos, true
}

// begins says whether a value can begin with a character.
func begins(c byte) bool {
	return c == '{' || c == '[' || c == '"' || c == 't' || c == 'f' || c == 'n' || number(c)
}

// cut is how far before the end of a part of a row an error may be that is due to the cut.
const cut = 16

// long leaves a row out that is too long, if it is JSON as far as it was read.
func (d *document) long() error {
	part := &walker{buf: d.text.buf[:d.text.pos+maxRow], pos: d.text.pos}
	var syntax *syntaxError
	if err := part.skip(); errors.As(err, &syntax) && syntax.offset < len(part.buf)-cut {
		return err
	}
	d.part.tooLong = true
	if err := d.flush(); err != nil {
		return err
	}
	return d.text.skip()
}

// flush hands on the part, with a copy of its text.
func (d *document) flush() error {
	p, w := d.part, d.text
	if p == nil {
		return nil
	}
	d.part = nil
	var failed error
	if len(w.buf)-w.pos < wordBytes {
		_, failed = w.more()
	}
	if p.tooLong {
		p.linesTooLong, _ = w.at(w.pos)
	}
	text := w.buf[w.kept:min(w.pos+wordBytes, len(w.buf))]
	w.keeping = false
	if err := w.meter.charge(int64(len(text))); err != nil {
		return err
	}
	p.text = append(bufferOf(len(text), d.used)[:0], text...)
	p.held = int64(len(text))
	if err := d.emit(p); err != nil {
		return err
	}
	return failed
}

// end checks that nothing follows.
func (d *document) end() error {
	c, err := d.text.peek()
	switch {
	case err != nil:
		return err
	case c == 0 && d.text.pos == len(d.text.buf):
		return nil
	case d.list:
		return d.expected("nothing after the list")
	}
	return d.expected("an object")
}

// expected says that something else is next.
func (d *document) expected(what string) error {
	if len(d.text.buf)-d.text.pos < wordBytes {
		if _, err := d.text.more(); err != nil {
			return err
		}
	}
	w := &walker{buf: d.text.buf, pos: d.text.pos}
	return w.expected(what)
}

// wordBytes is how many bytes say what was found instead.
const wordBytes = 64

// place adds line and column to a syntax error.
func (d *document) place(err error) error {
	var syntax *syntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	lines, column := d.text.at(min(syntax.offset, len(d.text.buf)))
	return fmt.Errorf("line %d, column %d: %w", lines+1, column+1, syntax)
}
