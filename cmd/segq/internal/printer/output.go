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
	buffer *bufio.Writer
	file   *output.File // nil for standard output
}

// Open opens the file called name, or standard output where it is "" or "-", for the
// answers to so many queries, in a format; where that is "", the one that fits: ndjson for
// several queries off a terminal, else a table.
func Open(ctx context.Context, format, name string, queries int, s console.Streams) (*Output, error) {
	if format == "" {
		format = "table"
		if queries > 1 && (name != "" || !console.IsTerminal(s.Out.File)) {
			format = "ndjson"
		}
	}
	w := &Output{}
	var target io.Writer = s.Out
	if name != "" && name != "-" {
		file, err := output.Create(ctx, name)
		if err != nil {
			return nil, err
		}
		w.file, target = file, file
	}
	w.buffer = bufio.NewWriter(target)
	w.Writer = To(format, w.buffer)
	return w, nil
}

// Write prints a record and hands it on at once: a reader should not wait for
// the next one.
func (w *Output) Write(r *record.Record) error {
	if err := w.Writer.Write(r); err != nil {
		return err
	}
	return w.buffer.Flush()
}

// Close ends the output and gives the file its name.
func (w *Output) Close() error {
	err := w.Flush()
	if err == nil {
		err = w.buffer.Flush()
	}
	switch {
	case w.file == nil:
		return err
	case err != nil:
		return errors.Join(err, w.Abandon())
	}
	return w.file.Commit(0o644)
}

// Abandon ends the output and leaves nothing behind.
func (w *Output) Abandon() error {
	if w.file == nil {
		return nil
	}
	return w.file.Abandon()
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
