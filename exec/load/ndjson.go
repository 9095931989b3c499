package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

const (
	blockSize = 4 << 20  // what is read at once
	maxRow    = 64 << 20 // a longer line is rejected

	tooLong = "the row is longer than 64 MiB"
)

// block is a run of whole lines, on its way to becoming a chunk.
type block struct {
	data    []byte
	tooLong bool   // a line longer than maxRow stands in its place
	chunk   *chunk // what it becomes
	held    int64  // what the meter was charged for it
}

// ndjson reads a JSON value a line, which is an object as a rule. Blocks of lines become chunks side by
// side, and are taken in one after another.
func (l *loader) ndjson(ctx context.Context, r io.Reader) error {
	used := make(chan []byte, l.options.Threads)
	before := l.report.Rejected
	list, first := false, true // list: the text begins as one list over several lines
	err := inOrder(ctx, l.options.Threads, func(ctx context.Context, emit func(*block) error) error {
		return splitLines(ctx, r, &l.meter, l.block(blockSize), used, func(b *block) error {
			list, first = list || first && opensList(b.data), false
			return emit(b)
		})
	}, func(ctx context.Context, b *block) {
		b.chunk = l.parse(ctx, b)
		leave(used, b.data)
	}, func(b *block) error {
		l.meter.freeBlock(b.held)
		return l.take(b.chunk)
	})
	if err == nil && list && l.report.Rejected-before > l.row/2 {
		l.advise("%s: it looks like one JSON list over several lines, not like a row a line: name it .json", l.name)
	}
	return err
}

// opensList says whether the first line that is not blank begins a list that does
// not end in it.
func opensList(text []byte) bool {
	text = bytes.TrimLeft(text, " \t\r\n")
	if len(text) == 0 || text[0] != '[' {
		return false
	}
	end := bytes.IndexByte(text, '\n')
	if end < 0 {
		return false
	}
	w := &walker{buf: text[:end]}
	return w.skip() != nil
}

// splitLines reads blocks of whole lines and hands them on. It takes buffers that are no
// longer in use from used.
func splitLines(ctx context.Context, r io.Reader, m *meter, usual int, used chan []byte, emit func(*block) error) error {
	var rest []byte // the beginning of a line whose end is not yet read
	var held int64  // what was charged for it alone
	for {
		size := max(usual, 2*len(rest))
		if err := m.chargeBlock(int64(size)); err != nil {
			return err
		}
		buf := bufferOf(size, used)
		n := copy(buf, rest)
		m.freeBlock(held)
		held = 0
		n, last, err := fill(r, buf, n)
		if err != nil {
			return err
		}
		buf = buf[:n]
		end := bytes.LastIndexByte(buf, '\n') + 1
		if last {
			end = len(buf)
		}
		switch {
		case end > 0:
			if err := emit(&block{data: buf[:end], held: int64(size)}); err != nil {
				return err
			}
		case len(buf) > maxRow:
			if err := emit(&block{tooLong: true}); err != nil {
				return err
			}
			if buf, err = skipLine(ctx, r); err != nil {
				return err
			}
			m.freeBlock(int64(size))
		default:
			held = int64(size) // until a longer one takes its place
		}
		if last {
			return nil
		}
		rest = buf[end:]
	}
}

// bufferOf returns a buffer of so many bytes, if it can be one that was used before.
func bufferOf(size int, used chan []byte) []byte {
	select {
	case b := <-used:
		if cap(b) >= size {
			return b[:size]
		}
	default:
	}
	return make([]byte, size)
}

// leave gives a buffer up, for others to use.
func leave(used chan []byte, buf []byte) {
	select {
	case used <- buf:
	default:
	}
}

// fill reads into buf from n on until it is full or r ends. (io.ReadFull would
// not tell the end from the error of a compressed file that is cut off.)
func fill(r io.Reader, buf []byte, n int) (filled int, last bool, err error) {
	for n < len(buf) {
		m, err := r.Read(buf[n:])
		n += m
		if err == io.EOF { // bare: an end inside another error is an error
			return n, true, nil
		}
		if err != nil {
			return n, false, err
		}
	}
	return n, false, nil
}

// skipLine reads up to the end of a line, and gives what was read of the next.
func skipLine(ctx context.Context, r io.Reader) ([]byte, error) {
	buf := make([]byte, 1<<16)
	for {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		n, err := r.Read(buf)
		if i := bytes.IndexByte(buf[:n], '\n'); i >= 0 {
			return buf[i+1 : n], nil
		}
		if err == io.EOF { // bare, see fill
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// parse makes a chunk of a block.
func (l *loader) parse(ctx context.Context, b *block) *chunk {
	w := l.walker()
	w.scale = l.scale(w.chunk)
	c := w.chunk
	if b.tooLong {
		c.lines, c.read = 1, 1
		l.reject(c, 1, tooLong)
		return c
	}
	for rest := b.data; len(rest) > 0; {
		line, wide := rest, rest
		if i := bytes.IndexByte(rest, '\n'); i >= 0 {
			line, rest = rest[:i], rest[i+1:]
		} else {
			rest = nil
		}
		c.lines++
		if c.lines%1024 == 0 && ctx.Err() != nil {
			return c
		}
		if line = bytes.TrimRight(line, " \t\r"); len(line) == 0 {
			continue
		}
		c.read++
		if len(line) > maxRow {
			l.reject(c, c.lines, tooLong)
			continue
		}
		if err := w.line(line, wide); err != nil {
			l.reject(c, c.lines, err.Error())
			continue
		}
		w.mark(c.lines)
	}
	c.shrink()
	return c
}

// shrink makes a chunk that is complete small, until all are there.
func (c *chunk) shrink() {
	c.root.shrink()
	c.root.seal(c.rows)
}

// line reads a row that is all of line.
func (w *walker) line(line, wide []byte) error {
	end, err := w.profile(line, wide, 0)
	if err == nil && end < len(line) {
		w.buf, w.pos = line, end
		if w.peek() != 0 || w.pos < len(line) {
			w.chunk.rows--
			w.undo()
			err = w.expected("the end of the row")
		}
	}
	var syntax *syntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("column %d: %w", utf8.RuneCount(line[:min(syntax.offset, len(line))])+1, syntax)
	}
	return err
}

// reject counts a row that is left out.
func (l *loader) reject(c *chunk, line int, message string) {
	c.rejected++
	if len(c.rejects) < l.options.MaxRejects {
		c.rejects = append(c.rejects, Reject{Line: line, Row: c.read, Message: message})
	}
}
