package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"unicode/utf8"
)

// parse makes a chunk of the rows.
func (p *rowsPart) parse(ctx context.Context, l *loader) {
	w := l.walker()
	w.scale, p.chunk = l.scale(w.chunk), w.chunk
	lines, counted := p.lines, 0
	for i, row := range p.rows {
		if i%1024 == 0 && ctx.Err() != nil {
			return
		}
		lines += bytes.Count(p.text[counted:row.from], []byte{'\n'})
		counted = row.from
		if p.err = p.row(l, w, row, lines+1); p.err != nil {
			p.err = p.place(p.err)
			return
		}
		if p.err = w.scale.addText(row.to - row.from); p.err != nil {
			return
		}
	}
	if p.tooLong {
		w.chunk.read++
		l.reject(w.chunk, p.linesTooLong+1, tooLong)
	}
	w.chunk.shrink()
}

// row reads what is in the extent of a row: a value, or, where the document is no list,
// some of which nothing but their kinds tells where they end.
func (p *rowsPart) row(l *loader, w *walker, row extentOf, line int) error {
	for at := row.from; at < row.to; {
		if !begins(p.text[at]) {
			return p.expected(at, "an object")
		}
		w.chunk.read++
		end, err := w.profile(p.text[:row.to], p.text[:row.to], at)
		var syntax *syntaxError
		if errors.As(err, &syntax) && syntax.whole {
			l.reject(w.chunk, line, syntax.Error())
			return nil
		}
		if err != nil {
			return err
		}
		w.mark(line)
		if at = end; at < row.to && p.list {
			return p.expected(at, "a comma or ] after an element")
		}
	}
	return nil
}

// expected says that something else is at a place.
func (p *rowsPart) expected(at int, what string) error {
	w := &walker{buf: p.text, pos: at}
	return w.expected(what)
}

// place adds line and column to a syntax error.
func (p *rowsPart) place(err error) error {
	var syntax *syntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	before := p.text[:min(syntax.offset, len(p.text))]
	lines, column := p.lines+bytes.Count(before, []byte{'\n'}), utf8.RuneCount(before)
	if i := bytes.LastIndexByte(before, '\n'); i >= 0 {
		column = utf8.RuneCount(before[i+1:])
	} else {
		column += p.column
	}
	return fmt.Errorf("line %d, column %d: %w", lines+1, column+1, syntax)
}
