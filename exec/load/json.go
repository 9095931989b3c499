package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// chunkRows is the number of rows after which a document begins a new chunk.
const chunkRows = 1 << 16

// json reads a JSON document: a list of rows, one row, or several one after
// another. Lines that are objects each are read as NDJSON.
func (l *loader) json(ctx context.Context, r io.Reader) error {
	buf, err := l.readAll(r)
	if err != nil {
		return err
	}
	defer l.meter.used.Add(-int64(cap(buf)))
	if byLine(buf) {
		return l.ndjson(ctx, bytes.NewReader(buf))
	}
	d := &document{loader: l, buf: buf, w: newWalker(l.want)}
	d.w.buf, d.w.scale = buf, l.scale(d.w.chunk)
	if err := d.read(ctx); err != nil {
		return d.place(err)
	}
	return nil
}

// byLine says whether the first line that is not blank is an object by itself
// and not the only one.
func byLine(buf []byte) bool {
	buf = bytes.TrimLeft(buf, " \t\r\n")
	end := bytes.IndexByte(buf, '\n')
	if end < 0 || buf[0] != '{' {
		return false
	}
	w := &walker{buf: buf[:end]}
	return w.skip() == nil && w.peek() == 0
}

// document reads the rows of a JSON document one after another.
type document struct {
	loader *loader
	buf    []byte
	w      *walker
	lines  int // line ends before at
	at     int
}

func (d *document) read(ctx context.Context) error {
	list := d.w.peek() == '['
	if list {
		d.w.pos++
		if d.w.peek() == ']' {
			d.w.pos++
			return d.end(true)
		}
	}
	for n := 0; d.w.peek() != 0 || list; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := d.row(); err != nil {
			return err
		}
		if d.w.chunk.rows == chunkRows {
			if err := d.take(); err != nil {
				return err
			}
		}
		if !list {
			continue
		}
		switch d.w.peek() {
		case ',':
			d.w.pos++
		case ']':
			d.w.pos++
			return d.end(true)
		default:
			return d.w.expected("a comma or ] after an element")
		}
	}
	return d.end(list)
}

// row reads one row. What is not JSON ends the document, as nobody can tell where
// the next row begins.
func (d *document) row() error {
	d.w.peek()
	start := d.w.pos
	d.w.chunk.read++
	limit := min(len(d.buf), start+maxRow)
	end, err := d.w.profile(d.buf[:limit], start)
	d.w.buf = d.buf
	var syntax *syntaxError
	if limit < len(d.buf) && errors.As(err, &syntax) { // too long, or no JSON
		d.w.pos, d.w.depth = start, 0
		if err := d.w.skip(); err != nil {
			return err
		}
		d.loader.reject(d.w.chunk, d.line(start), tooLong)
		return nil
	}
	d.w.pos = end
	if err != nil {
		return err
	}
	d.w.mark(d.line(start))
	return d.w.scale.addText(end - start)
}

// end takes in the last chunk and checks that nothing follows.
func (d *document) end(list bool) error {
	if d.w.peek(); d.w.pos < len(d.buf) {
		if list {
			return d.w.expected("nothing after the list")
		}
		return d.w.expected("an object")
	}
	return d.take()
}

// take hands over the chunk. Its lines are counted from the start of the file.
func (d *document) take() error {
	old := d.w
	if err := d.loader.take(old.chunk); err != nil {
		return err
	}
	d.w = newWalker(d.loader.want)
	d.w.buf, d.w.pos, d.w.scale = old.buf, old.pos, d.loader.scale(d.w.chunk)
	return nil
}

// line gives the number of the line of an offset not before the last one asked for.
func (d *document) line(offset int) int {
	d.lines += bytes.Count(d.buf[d.at:offset], []byte{'\n'})
	d.at = offset
	return d.lines + 1
}

// place adds line and column to a syntax error.
func (d *document) place(err error) error {
	var syntax *syntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	offset := min(syntax.offset, len(d.buf))
	begin := bytes.LastIndexByte(d.buf[:offset], '\n') + 1
	return fmt.Errorf("line %d, column %d: %w", bytes.Count(d.buf[:offset], []byte{'\n'})+1,
		utf8.RuneCount(d.buf[begin:offset])+1, syntax)
}
