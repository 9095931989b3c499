package load

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// input is a source, with what its name says of its contents.
type input struct {
	located
	format      *format      // nil if the first bytes are to tell both
	compression *compression // nil for none
	said        bool         // the format was, and the compression if any
	strange     bool         // the extension is none of a format
}

// inspect looks at the name of a source, or what was said of its format, and refuses what cannot be
// read.
func inspect(s located, format string) (in *input, err error) {
	in = &input{located: s}
	if format != "" {
		in.said = true
		in.format, in.compression, err = parseFormat(format)
		if in.compression == nil && err == nil && in.format.compressible {
			_, in.compression = cutCompression(s.name())
		}
		return in, err
	}
	in.format, in.compression, err = formatOf(s.name())
	nameless := s.size() == unknown || strings.HasPrefix(s.name(), "/dev/") || s.name() == stdinName
	switch {
	case err == nil:
		return in, nil
	case nameless && filepath.Ext(s.name()) == "": // as /dev/stdin and <(command) are: what is in it will tell
	case isExtension(err) && s.size() != unknown:
		in.strange = true
	default:
		return in, fmt.Errorf("%s: %w", s.name(), err)
	}
	in.format, err = begunFormat(s)
	return in, err
}

// begunFormat returns the format that the first bytes of a file show; nil where they are not to be seen
// before all of it is read, or show none.
func begunFormat(s source) (*format, error) {
	at, err := s.openAt(context.Background())
	if errors.Is(err, errors.ErrUnsupported) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer at.Close()
	head := make([]byte, magicSize)
	n, _ := at.ReadAt(head, 0) // what is wrong shows again when it is read
	return formatBegun(head[:n]), nil
}

// open reads one input.
func (l *loader) open(ctx context.Context, in *input) error {
	if in.format != nil && in.format.offsets != nil {
		at, err := in.openAt(ctx)
		if err == nil {
			defer at.Close()
			if d, ok := at.(distant); ok {
				d.Hold = l.meter.ahead
			}
			return l.read(ctx, in, func() error { return in.format.offsets(l, ctx, at, in.size()) })
		}
		if !errors.Is(err, errors.ErrUnsupported) {
			return err
		}
	}
	r, err := in.open(ctx)
	if err != nil {
		return err
	}
	defer r.Close()
	return l.read(ctx, in, func() error { return l.stream(ctx, in, r) })
}

// read takes in all of an input by the given function.
func (l *loader) read(ctx context.Context, in *input, all func() error) error {
	l.name, l.line, l.row, l.keys = in.name(), 0, 0, in.keys
	l.report.Files = append(l.report.Files, File{Name: in.name(), Written: in.written()})
	before := l.report.Rejected
	err := all()
	if err == nil && l.report.Files[len(l.report.Files)-1].Rows == 0 && l.report.Rejected == before {
		l.noteEmpty(in.name(), in.size())
	}
	if err != nil && ctx.Err() == nil {
		return named(in.name(), err)
	}
	return err
}

// named returns an error that begins with the name of a file: the part of it that does, if any.
func named(name string, err error) error {
	for part := err; part != nil; part = errors.Unwrap(part) {
		if strings.HasPrefix(part.Error(), name+": ") {
			return part
		}
	}
	return fmt.Errorf("%s: %w", name, err)
}

// noteEmpty notes that a file of so many bytes has nothing to count.
func (l *loader) noteEmpty(name string, size int64) {
	if size == 0 {
		l.note("%s is empty", name)
		return
	}
	l.note("%s has no rows", name)
}

// stream reads an input from its first byte to its last. What its name does not say,
// the first bytes tell.
func (l *loader) stream(ctx context.Context, in *input, r io.Reader) error {
	if in.format != nil && in.format.offsets != nil {
		return l.whole(ctx, in, in.format, r)
	}
	f, c := in.format, in.compression
	r = &progressReader{ctx, r, l}
	if f == nil || in.said && c == nil && f.compressible {
		head := bufio.NewReaderSize(r, fragmentSize)
		c, r = compressionOf(head), head
	}
	r, end, err := l.decompress(r, c)
	if err != nil {
		return err
	}
	defer end()
	if f == nil {
		head := bufio.NewReaderSize(r, fragmentSize)
		if f, err = guessFormat(head); err != nil && in.strange {
			return extensionError{in.name()}
		} else if err != nil {
			return err
		}
		if err := l.acceptGuess(in, f, head); err != nil {
			return err
		}
		r = head
	}
	if f.offsets != nil {
		return l.whole(ctx, in, f, r)
	}
	if f.stream != nil {
		return f.stream(l, ctx, r)
	}
	return l.text(ctx, f, r)
}

// text reads a text in a format.
func (l *loader) text(ctx context.Context, f *format, r io.Reader) error {
	head := bufio.NewReaderSize(r, fragmentSize)
	if other := binaryFormat(head); other != nil && other != f {
		return fmt.Errorf("this is no text but %s: name it .%s, or say --input-format %[1]s", other.extensions[0], other.extensions[0])
	}
	if f.looks != nil {
		if err := notText(head); err != nil {
			return err
		}
	}
	r = head
	if name := l.options.Dialect.Encoding; name != "" {
		r, lost := namedReader(r, name)
		err := f.text(l, ctx, r)
		if *lost > 0 {
			l.note("%s: %s not in %s, read as U+FFFD", l.name, counted(*lost, "character"), name)
		}
		return err
	}
	r, encoding := utf8Reader(r)
	if encoding != "" {
		l.note("%s: the text is %s", l.name, encoding)
	}
	head = bufio.NewReaderSize(r, fragmentSize)
	if err := markup(head); err != nil {
		return err
	}
	if f.hasCells() {
		if err := hasZeros(head); err != nil {
			return err
		}
	}
	if all, err := head.Peek(fragmentSize); err == io.EOF { // bare, see fill
		l.short = len(all) + 1 // then the end shows without another look
		defer func() { l.short = 0 }()
	}
	return f.text(l, ctx, head)
}

// block is how much of the text is to be read at once: as usual, or all of it, since a folder may have very
// many short files.
func (l *loader) block(usual int) int {
	if l.short > 0 {
		return l.short
	}
	return usual
}

// whole reads a format at offsets where there is only a stream: in memory.
func (l *loader) whole(ctx context.Context, in *input, f *format, r io.Reader) error {
	b, err := l.readAll(r, in.size())
	if err != nil {
		return err
	}
	return f.offsets(l, ctx, bytes.NewReader(b), int64(len(b)))
}

// readAll reads r to its end, which is perhaps after so many bytes. What it takes is
// charged for.
func (l *loader) readAll(r io.Reader, size int64) ([]byte, error) {
	buf := []byte{}
	for {
		if len(buf) == cap(buf) {
			room := max(blockSize, len(buf)+len(buf)/2)
			if len(buf) == 0 && size > 0 {
				room = int(size) + 1 // then the end shows without another look
			}
			if err := l.meter.charge(int64(room)); err != nil {
				return nil, err
			}
			l.meter.used.Add(-int64(cap(buf)))
			buf = append(make([]byte, 0, room), buf...)
		}
		n, last, err := fill(r, buf[:cap(buf)], len(buf))
		buf = buf[:n]
		if last || err != nil {
			return buf, err
		}
	}
}

// progressReader tells the progress of what is read from it.
type progressReader struct {
	ctx context.Context
	r   io.Reader
	l   *loader
}

// Read reads from the file and reports the bytes. It ends with the context: what is
// compressed can expand few bytes to very many.
func (p *progressReader) Read(b []byte) (int, error) {
	if p.ctx.Err() != nil {
		return 0, context.Cause(p.ctx)
	}
	n, err := p.r.Read(b)
	p.l.progress(int64(n))
	return n, err
}

// progress counts bytes that were read and tells whoever wants to know.
func (l *loader) progress(n int64) {
	done := l.meter.read.Add(n)
	if l.options.Progress != nil {
		l.options.Progress(done, l.meter.total)
	}
}
