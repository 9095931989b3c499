package load

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"

	"github.com/segq/segq/exec/load/object"
)

// source is something that data is read from: a file or a pipe ([file]), or what a
// caller has open ([given]). A place that is neither is one more type, in a file of
// its own, and a case in sourcesOf.
type source interface {
	// name is what it is called in errors and notes.
	name() string
	// size is the number of its bytes, or unknown: then they come once, one after another.
	size() int64
	// open returns its bytes from the first on. Opening and reading do not wait beyond the
	// end of ctx for bytes that may never come.
	open(ctx context.Context) (io.ReadCloser, error)
	// openAt returns its bytes at any offset. Where there is only the stream of them, the
	// error is [errors.ErrUnsupported].
	openAt(ctx context.Context) (readerAtCloser, error)
	// changed returns an error when it is not what it was when it was found.
	changed() error
}

type readerAtCloser interface {
	io.ReaderAt
	io.Closer
}

// unknown is the size of a source that shows it only by its end.
const unknown = -1

// sourcesOf returns what a path stands for: something in the file system, the data below a
// folder, all that matches a glob, or standard input.
func sourcesOf(ctx context.Context, path string, o *Options) ([]located, error) {
	if path == "-" && o.Stdin != nil {
		return []located{{source: newInput(o.Stdin)}}, nil
	}
	if err := object.Unsupported(path); err != nil {
		return nil, err
	}
	if object.Is(path) {
		return objectsOf(ctx, path, o)
	}
	all, err := expand(ctx, path, o.Format != "")
	if err != nil {
		return nil, err
	}
	sources := make([]located, len(all.names))
	for i, name := range all.names {
		f, err := newFile(name)
		if err != nil {
			return nil, err
		}
		if err := f.refused(); err != nil {
			return nil, err
		}
		sources[i] = located{source: f, keys: o.keysOf(name)}
	}
	sources[0].left, sources[0].dangling = all.left, all.dangling
	return sources, nil
}

// given is what a caller has open, and closes. Bytes in memory and regular files can be
// read at offsets.
type given struct {
	title string
	r     io.Reader
	at    io.ReaderAt // nil if it cannot
	bytes int64
}

func newGiven(r io.Reader, title string) *given {
	g := &given{title: title, r: r, bytes: unknown}
	switch r := r.(type) {
	case *bytes.Reader:
		g.at, g.bytes = r, r.Size()
	case *os.File:
		if info, err := r.Stat(); err == nil && info.Mode().IsRegular() {
			g.at, g.bytes = r, info.Size()
		}
	}
	return g
}

func (g *given) name() string { return g.title }

func (g *given) size() int64 { return g.bytes }

func (g *given) open(context.Context) (io.ReadCloser, error) { return io.NopCloser(g.r), nil }

func (g *given) openAt(context.Context) (readerAtCloser, error) {
	if g.at == nil {
		return nil, errors.ErrUnsupported
	}
	return leftOpen{g.at}, nil
}

func (g *given) changed() error { return nil }

// leftOpen is closed by somebody else.
type leftOpen struct{ io.ReaderAt }

func (leftOpen) Close() error { return nil }
