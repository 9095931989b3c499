package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// output is where records go: standard output, or a file that appears under its
// name only when it is complete.
type output struct {
	recordWriter
	buffer *bufio.Writer
	file   *os.File // nil for standard output
	name   string
}

// openOutput opens -o or standard output in the format that fits: --format,
// else ndjson for several queries off a terminal, else a table.
func openOutput(o *options, queries int, io stdio) (*output, error) {
	format := o.format
	if format == "" {
		format = "table"
		if queries > 1 && (o.output != "" || !terminal(io.out)) {
			format = "ndjson"
		}
	}
	w := &output{name: o.output}
	target := io.out
	if o.output != "" && o.output != "-" {
		file, err := os.CreateTemp(filepath.Dir(o.output), ".segq-*")
		if err != nil {
			return nil, usageError(fmt.Errorf("cannot write %s: %w", o.output, err))
		}
		w.file, target = file, file
	}
	w.buffer = bufio.NewWriter(target)
	w.recordWriter = openFormat(format, w.buffer)
	return w, nil
}

// write prints a record and hands it on at once: a reader should not wait for
// the next one.
func (w *output) write(r *record) error {
	if err := w.recordWriter.write(r); err != nil {
		return err
	}
	return w.buffer.Flush()
}

// close ends the output and gives the file its name.
func (w *output) close() error {
	err := w.flush()
	if err == nil {
		err = w.buffer.Flush()
	}
	if w.file == nil {
		return err
	}
	if err != nil {
		return errors.Join(err, w.abandon())
	}
	if err := w.file.Chmod(0o644); err != nil {
		return err
	}
	if err := w.file.Close(); err != nil {
		return err
	}
	return os.Rename(w.file.Name(), w.name)
}

// abandon ends the output and leaves nothing behind.
func (w *output) abandon() error {
	if w.file == nil {
		return nil
	}
	return errors.Join(w.file.Close(), os.Remove(w.file.Name()))
}

// inOrder passes records on in the order of their index, each as soon as all
// before it are there. put may be called from many goroutines.
type inOrder struct {
	mu      sync.Mutex // guards what follows
	records []*record
	next    int
	w       recordWriter
	err     error
}

func (in *inOrder) put(r *record) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.records[r.Index] = r
	for in.next < len(in.records) && in.records[in.next] != nil {
		if in.err == nil {
			in.err = in.w.write(in.records[in.next])
		}
		in.next++
	}
}
