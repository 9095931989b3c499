package load

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
)

// json reads a JSON document: a list of rows, one row, or several one after
// another. Lines that are objects each are read as NDJSON.
func (l *loader) json(ctx context.Context, r io.Reader) error {
	text := &window{r: r, meter: &l.meter, block: l.block(blockSize)}
	defer text.release()
	before := len(l.chunks)
	defer func() { l.noteWrapped(l.chunks[before:]) }()
	if lines, err := text.byLine(); err != nil {
		return err
	} else if lines {
		return l.ndjson(ctx, io.MultiReader(bytes.NewReader(text.buf), r))
	}
	d := &document{text: text, used: make(chan []byte, l.options.Threads)}
	return inOrder(ctx, l.options.Threads, d.split, func(ctx context.Context, p *rowsPart) {
		p.parse(ctx, l)
		leave(d.used, p.text)
	}, func(p *rowsPart) error {
		if p.err != nil {
			return p.err
		}
		l.meter.used.Add(-p.held)
		if err := l.take(p.chunk); err != nil {
			return err
		}
		if k := len(l.chunks); k > before+1 {
			l.chunks[k-2].share(l.chunks[k-1])
		}
		return nil
	})
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

// noteWrapped notes that a document is one object that holds a list of what are likely the rows, as ClickHouse and
// many servers write it.
func (l *loader) noteWrapped(chunks []*chunk) {
	if len(chunks) != 1 || chunks[0].rows != 1 {
		return
	}
	names := []string{"data", "rows", "results", "items", "records", "features"}
	for _, c := range chunks[0].root.children {
		if slices.Contains(names, c.name) && c.elem != nil && c.count > 1 && len(c.elem.children) > 0 {
			l.note("%s is one object, and so one profile, that holds a list of %d objects in %s: to count these, write that list to a file of its own", l.name, c.count, c.name)
			return
		}
	}
}
