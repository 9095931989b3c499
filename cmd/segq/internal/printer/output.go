// Package printer prints records: in every format (format.go and a file for each), to standard
// output or to a file (output.go), and in the order in which they were asked for. Until they
// arrive it shows the progress of a run (progress.go).
package printer

import (
	"bufio"
	"context"
	"errors"
	"io"
	"sync"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/output"
	"github.com/segq/segq/redisx/record"
)

// Output is where records go: standard output, or a file that appears under its
// name only when it is complete.
type Output struct {
	Writer
	target *Target
}

// Open opens the file called name, or standard output where it is "" or "-", for answers in a
// format; where that is "", in tables.
func Open(ctx context.Context, format, name string, l Layout, s console.Streams) (*Output, error) {
	if format == "" {
		format = "table"
	}
	target, err := OpenTarget(ctx, name, nil, s)
	if err != nil {
		return nil, err
	}
	return &Output{To(format, target, l), target}, nil
}

// Write prints a record and hands it on at once: a reader should not wait for
// the next one.
func (w *Output) Write(r *record.Record) error {
	if err := w.Writer.Write(r); err != nil {
		return err
	}
	return w.target.Flush()
}

// Told says that what is wrong with the query of an index is on the same screen already. A table does
// not say it again.
func (w *Output) Told(index int) {
	if t, ok := w.Writer.(*tableWriter); ok {
		t.told[index] = true
	}
}

// Close ends the output and gives the file its name.
func (w *Output) Close() error { return w.target.Close(w.Flush()) }

// Break ends the output when not all of it is there: standard output has what was written, and of
// a file nothing is left.
func (w *Output) Break() error {
	if w.target.file != nil {
		return w.Abandon()
	}
	return w.Close()
}

// Abandon ends the output and leaves nothing behind.
func (w *Output) Abandon() error { return w.target.abandon() }

// Target is standard output, or a file that appears under its name only when it is complete.
type Target struct {
	buffer *bufio.Writer
	sum    io.Writer    // is shown what is written; nil for nobody
	file   *output.File // nil for standard output
}

// OpenTarget opens the file called name, or standard output where it is "" or "-". sum, which may
// be nil, is shown what is written.
func OpenTarget(ctx context.Context, name string, sum io.Writer, s console.Streams) (*Target, error) {
	t := &Target{sum: sum}
	if name == "" || name == "-" {
		t.buffer = bufio.NewWriter(s.Out)
		return t, nil
	}
	var err error
	if t.file, err = output.Create(ctx, name); err != nil {
		return nil, err
	}
	t.buffer = bufio.NewWriterSize(t.file, 1<<20)
	return t, nil
}

// Write writes through a buffer.
func (t *Target) Write(b []byte) (int, error) {
	if t.sum != nil {
		_, _ = t.sum.Write(b) // a checksum does not fail
	}
	return t.buffer.Write(b)
}

// Flush hands on what was written.
func (t *Target) Flush() error { return t.buffer.Flush() }

// Close ends the output: the file has its name then, unless there was an error, which it gives.
func (t *Target) Close(err error) error {
	if err == nil {
		err = t.buffer.Flush()
	}
	switch {
	case t.file == nil:
		return err
	case err != nil:
		return errors.Join(err, t.abandon())
	}
	return t.file.Commit(0o644)
}

func (t *Target) abandon() error {
	if t.file == nil {
		return nil
	}
	return t.file.Abandon()
}

// InOrder passes records on in the order of their index, each as soon as all
// before it are there.
type InOrder struct {
	mu sync.Mutex // guards what follows
	// Records are those that were put, by index, and Err is the first error of writing.
	// They are read when nobody puts any more.
	Records []*record.Record
	Err     error
	next    int
	w       Writer
	failed  func(error) // hears of the error
}

// NewInOrder returns one for n records; failed hears of the first error of writing.
func NewInOrder(n int, w Writer, failed func(error)) *InOrder {
	return &InOrder{Records: make([]*record.Record, n), w: w, failed: failed}
}

// Put passes r on when it is its turn. It may be called from many goroutines.
func (in *InOrder) Put(r *record.Record) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.Records[r.Index] = r
	for in.next < len(in.Records) && in.Records[in.next] != nil {
		if in.Err == nil {
			if in.Err = in.w.Write(in.Records[in.next]); in.Err != nil {
				in.failed(in.Err) // what nobody can read need not be computed
			}
		}
		in.next++
	}
}
