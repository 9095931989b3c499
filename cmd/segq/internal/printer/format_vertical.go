package printer

import (
	"fmt"
	"io"
	"time"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// verticalWriter prints a line a figure, each record as soon as it is known.
type verticalWriter struct{ w io.Writer }

func newVerticalWriter(w io.Writer) Writer { return verticalWriter{w} }

func (v verticalWriter) Write(r *record.Record) error {
	lines := [][2]string{{"query", show.OneLine(r.Query)}, {"status", r.Status}}
	if r.Count != nil {
		lines = append(lines, [2]string{"count", show.Count(*r.Count)}, [2]string{"total", show.Count(*r.Total)}, [2]string{"share", show.Share(*r.Count, *r.Total)})
	}
	if r.Error != nil {
		lines = append(lines, [2]string{"error", show.OneLine(r.Error.Message)})
	}
	for _, w := range r.Warnings {
		lines = append(lines, [2]string{"warning", show.OneLine(w)})
	}
	for _, id := range r.Sample {
		lines = append(lines, [2]string{"sample", show.Clean(id)})
	}
	lines = append(lines, [2]string{"ms", fmt.Sprintf("%.1f", r.ElapsedMS)}, [2]string{"now", r.Now.Format(time.RFC3339Nano)}, [2]string{"snapshot", r.Snapshot})
	if _, err := fmt.Fprintf(v.w, "-[ %s ]\n", show.Clean(r.ID)); err != nil {
		return err
	}
	for _, l := range lines {
		if _, err := fmt.Fprintf(v.w, "%-8s  %s\n", l[0], l[1]); err != nil {
			return err
		}
	}
	return nil
}

func (v verticalWriter) Flush() error { return nil }
