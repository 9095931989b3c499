package worker

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/output"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/redisx/record"
)

// Delivery is what a command of this process says that no other may: where its export goes, a file of any name, or with which
// data a diff compares.
type Delivery struct {
	// File is the name of the file, Format that of its rows, and Replace says that it may be there already.
	File, Format string
	Replace      bool
	// Before opens the data with which a diff compares, and tells progress how many bytes of it are read; nil for the members of
	// a segment. Who asks closes it.
	Before func(ctx context.Context, progress func(done, total int64)) (*dataset.Dataset, error)
}

// deliverTo gives the profiles of a task's query, which were counted, to a delivery.
func (h *handler) deliverTo(ctx context.Context, w *work, sink *twice, to Delivery) error {
	c := &w.task.Command
	if _, err := os.Stat(to.File); err == nil && !to.Replace {
		return takenFile(to.File)
	}
	f, err := output.Create(ctx, to.File)
	if err != nil {
		return err
	}
	counted := &counter{to: f}
	out := bufio.NewWriterSize(counted, 64<<10)
	written, err := h.give(ctx, w, sink, printer.RowsIn(to.Format)(out, rows.Options{Fields: w.columns.Fields}))
	if err == nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err == nil {
		err = errors.Join(out.Flush(), f.Keep())
	}
	if _, there := os.Stat(to.File); err == nil && there == nil && !to.Replace {
		err = takenFile(to.File)
	}
	if err != nil {
		return errors.Join(err, f.Abandon())
	}
	if err := f.Commit(exportMode); err != nil {
		return err
	}
	w.record.Export = &record.Export{To: c.To, Name: filepath.Base(to.File), File: to.File, Bytes: counted.n, Rows: &written, Holds: h.holds(w, w.ids)}
	return nil
}

// exportMode is that of a file of profiles: they are nobody else's business.
const exportMode = 0o600

// takenFile is the error of a file that is there already.
func takenFile(name string) error { return taken(fmt.Sprintf("%s is there already", name)) }

// counter counts what is written.
type counter struct {
	to io.Writer
	n  int64
}

// Write writes on.
func (c *counter) Write(b []byte) (int, error) {
	n, err := c.to.Write(b)
	c.n += int64(n)
	return n, err
}
