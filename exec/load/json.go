package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

// chunkRows is the number of rows after which a document begins a new chunk.
const chunkRows = 1 << 16

// json reads a JSON document: a list of rows, one row, or several one after
// another. Lines that are objects each are read as NDJSON.
func (l *loader) json(ctx context.Context, r io.Reader) error {
	text := &window{r: r, meter: &l.meter}
	defer text.release()
	if lines, err := text.byLine(); err != nil {
		return err
	} else if lines {
		return l.ndjson(ctx, io.MultiReader(bytes.NewReader(text.buf), r))
	}
	d := &document{loader: l, text: text, w: l.walker()}
	d.w.scale = l.scale(d.w.chunk)
	if err := d.read(ctx); err != nil {
		return d.place(err)
	}
	return nil
}

// byLine says whether each line seems to be an object by itself: the first one that is not
// blank, which is not the only one, and those after it in the first block; or where what
// is there is no JSON in any other way either.
func (w *window) byLine() (bool, error) {
	if c, err := w.peek(); c != '{' {
		return false, err
	}
	w.forget()
	for looked := 0; bytes.IndexByte(w.buf[looked:], '\n') < 0; {
		looked = len(w.buf)
		if looked > maxRow {
			return false, nil
		}
		if some, err := w.more(); !some {
			return false, err
		}
	}
	if !byLine(w.buf) {
		return false, nil
	}
	return eachLine(w.buf, w.last) || !sequence(w.buf, w.last), nil
}

// eachLine says whether each line of a text is one value, or blank. Where the text is not
// the last, its last line may be cut.
func eachLine(text []byte, last bool) bool {
	for line := range bytes.Lines(text) {
		if !last && line[len(line)-1] != '\n' {
			return true
		}
		w := &walker{buf: line}
		if w.peek() != 0 && (w.skip() != nil || w.peek() != 0) {
			return false
		}
	}
	return true
}

// sequence says whether a text is values one after another. Where the text is not the
// last, its last value may be cut.
func sequence(text []byte, last bool) bool {
	w := &walker{buf: text}
	for w.peek() != 0 {
		var syntax *syntaxError
		if err := w.skip(); errors.As(err, &syntax) {
			return !last && syntax.offset >= len(text)-cut
		}
	}
	return true
}

// byLine says whether the first line of a text that begins with an object is just that.
func byLine(text []byte) bool {
	end := bytes.IndexByte(text, '\n')
	if end < 0 {
		return false
	}
	w := &walker{buf: text[:end]}
	return w.skip() == nil && w.peek() == 0
}

// document reads the rows of a JSON document one after another.
type document struct {
	loader *loader
	text   *window
	w      *walker
}

func (d *document) read(ctx context.Context) error {
	c, err := d.text.peek()
	list := c == '['
	if list {
		d.text.pos++
		if c, err = d.text.peek(); c == ']' {
			d.text.pos++
			return d.end(true)
		}
	}
	for n := 0; err == nil && (c != 0 || list); n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err = d.row(); err != nil {
			return err
		}
		if d.w.chunk.rows == chunkRows {
			if err = d.take(); err != nil {
				return err
			}
		}
		c, err = d.text.peek()
		switch {
		case err != nil || !list:
		case c == ',':
			d.text.pos++
			c, err = d.text.peek()
		case c == ']':
			d.text.pos++
			return d.end(true)
		default:
			return d.expected("a comma or ] after an element")
		}
	}
	if err != nil {
		return err
	}
	return d.end(list)
}

// row reads one row. What is not JSON ends the document, as nobody can tell where
// the next row begins.
func (d *document) row() error {
	d.w.chunk.read++
	if c, err := d.text.peek(); err != nil {
		return err
	} else if !begins(c) {
		return d.expected("an object")
	}
	size, whole, err := d.text.value(maxRow)
	if err != nil {
		return err
	}
	lines, _ := d.text.at(d.text.pos)
	if !whole {
		return d.long(lines + 1)
	}
	end, err := d.w.profile(d.text.buf[:d.text.pos+size], d.text.pos)
	var syntax *syntaxError
	if errors.As(err, &syntax) && syntax.deep {
		d.loader.reject(d.w.chunk, lines+1, syntax.Error())
		d.text.pos += size
		return nil
	}
	if err != nil {
		return err
	}
	d.text.pos = end
	d.w.mark(lines + 1)
	return d.w.scale.addText(size)
}

// begins says whether a value can begin with a character.
func begins(c byte) bool {
	return c == '{' || c == '[' || c == '"' || c == 't' || c == 'f' || c == 'n' || number(c)
}

// cut is how far before the end of a part of a row an error may be that is due to the cut.
const cut = 16

// long leaves a row out that is too long, if it is JSON as far as it was read.
func (d *document) long(line int) error {
	part := &walker{buf: d.text.buf[:d.text.pos+maxRow], pos: d.text.pos}
	var syntax *syntaxError
	if err := part.skip(); errors.As(err, &syntax) && syntax.offset < len(part.buf)-cut {
		return err
	}
	d.loader.reject(d.w.chunk, line, tooLong)
	return d.text.skip()
}

// end takes in the last chunk and checks that nothing follows.
func (d *document) end(list bool) error {
	c, err := d.text.peek()
	switch {
	case err != nil:
		return err
	case c == 0 && d.text.pos == len(d.text.buf):
		return d.take()
	case list:
		return d.expected("nothing after the list")
	}
	return d.expected("an object")
}

// take hands over the chunk.
func (d *document) take() error {
	if err := d.loader.take(d.w.chunk); err != nil {
		return err
	}
	d.w = d.loader.walker()
	d.w.scale = d.loader.scale(d.w.chunk)
	return nil
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
