package printer

import (
	"encoding/csv"
	"io"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// csvWriter prints a header and a line a record, or a line for each value, clause, pair or row of a
// record, with what it is of before it. Records are flushed one by one, so that a reader sees each
// answer when it is known.
type csvWriter struct {
	w     *csv.Writer
	clean bool             // for a screen: nothing in the data may control it
	bare  bool             // the part of a record alone
	name  string           // of the kind, "" until it is known
	kind  *kind            // the columns, nil until there is a header
	held  []*record.Record // those that failed before it is known
}

func newCSVWriter(w io.Writer, l Layout) Writer { return separated(w, l, ',') }

func newTSVWriter(w io.Writer, l Layout) Writer { return separated(w, l, '\t') }

func separated(w io.Writer, l Layout, comma rune) Writer {
	c := &csvWriter{w: csv.NewWriter(w), clean: l.Look.Width > 0, name: l.Kind, bare: l.Bare}
	c.w.Comma = comma
	return c
}

func (c *csvWriter) Write(r *record.Record) error {
	if c.kind == nil {
		if c.name == "" {
			c.name = kindOf(r)
		}
		if r.Status != record.OK && (c.name == "" || c.name == rowsKind) && r.Rows == nil && len(c.held) < sampled {
			c.held = append(c.held, r)
			return nil
		}
		if err := c.begin(r); err != nil {
			return err
		}
	}
	return c.write(r)
}

// begin prints the header that suits a record, and what was held.
func (c *csvWriter) begin(r *record.Record) error {
	c.kind = columnsOf(c.name, r)
	c.kind.bare = c.bare
	if err := c.w.Write(c.kind.header()); err != nil {
		return err
	}
	held := c.held
	c.held = nil
	for _, r := range held {
		if err := c.write(r); err != nil {
			return err
		}
	}
	return nil
}

func (c *csvWriter) write(r *record.Record) error {
	lines, err := c.kind.lines(r)
	if err != nil {
		return err
	}
	for _, line := range lines {
		for i := range line {
			if c.clean {
				line[i] = show.Clean(line[i])
			}
		}
		if err := c.w.Write(line); err != nil {
			return err
		}
	}
	c.w.Flush()
	return c.w.Error()
}

// Flush prints the header where there is none yet.
func (c *csvWriter) Flush() error {
	if c.kind == nil {
		if err := c.begin(&record.Record{}); err != nil {
			return err
		}
	}
	c.w.Flush()
	return c.w.Error()
}
