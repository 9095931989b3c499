package main

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

// answers is where records go: standard output, or a file that appears under its
// name only when it is complete.
type answers struct {
	recordWriter
	buffer *bufio.Writer
	file   *output.File // nil for standard output
}

// openOutput opens the file called name, or standard output where it is "" or "-", for the
// answers to so many queries, in a format; where that is "", the one that fits: ndjson for
// several queries off a terminal, else a table.
func openOutput(ctx context.Context, format, name string, queries int, s console.Streams) (*answers, error) {
	if format == "" {
		format = "table"
		if queries > 1 && (name != "" || !console.IsTerminal(s.Out.File)) {
			format = "ndjson"
		}
	}
	w := &answers{}
	var target io.Writer = s.Out
	if name != "" && name != "-" {
		file, err := output.Create(ctx, name)
		if err != nil {
			return nil, err
		}
		w.file, target = file, file
	}
	w.buffer = bufio.NewWriter(target)
	w.recordWriter = openFormat(format, w.buffer)
	return w, nil
}

// write prints a record and hands it on at once: a reader should not wait for
// the next one.
func (w *answers) write(r *record.Record) error {
	if err := w.recordWriter.write(r); err != nil {
		return err
	}
	return w.buffer.Flush()
}

// close ends the output and gives the file its name.
func (w *answers) close() error {
	err := w.flush()
	if err == nil {
		err = w.buffer.Flush()
	}
	switch {
	case w.file == nil:
		return err
	case err != nil:
		return errors.Join(err, w.abandon())
	}
	return w.file.Commit(0o644)
}

// abandon ends the output and leaves nothing behind.
func (w *answers) abandon() error {
	if w.file == nil {
		return nil
	}
	return w.file.Abandon()
}

// inOrder passes records on in the order of their index, each as soon as all
// before it are there. put may be called from many goroutines.
type inOrder struct {
	mu      sync.Mutex // guards what follows
	records []*record.Record
	next    int
	w       recordWriter
	err     error
	failed  func(error) // hears of the first error of writing
}

// newInOrder gives one for n records; failed hears of the first error of writing.
func newInOrder(n int, w recordWriter, failed func(error)) *inOrder {
	return &inOrder{records: make([]*record.Record, n), w: w, failed: failed}
}

// put passes r on when it is its turn.
func (in *inOrder) put(r *record.Record) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.records[r.Index] = r
	for in.next < len(in.records) && in.records[in.next] != nil {
		if in.err == nil {
			if in.err = in.w.write(in.records[in.next]); in.err != nil {
				in.failed(in.err) // what nobody can read need not be computed
			}
		}
		in.next++
	}
}
