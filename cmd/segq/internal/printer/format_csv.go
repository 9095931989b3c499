package printer

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/segq/segq/redisx/record"
)

var csvHeader = []string{
	"id", "index", "name", "query", "status", "count", "total", "exact", "elapsed_ms",
	"snapshot", "now", "cached", "sample", "error_code", "error_message", "error_line", "error_column", "error_hint",
	"rows_skipped", "values_skipped", "segments",
}

// csvWriter prints a header and a line a record. Lines are flushed one by one,
// so that a reader sees each answer when it is known.
type csvWriter struct {
	w      *csv.Writer
	headed bool
}

func newCSVWriter(w io.Writer) Writer { return &csvWriter{w: csv.NewWriter(w)} }

func newTSVWriter(w io.Writer) Writer {
	c := csv.NewWriter(w)
	c.Comma = '\t'
	return &csvWriter{w: c}
}

func (c *csvWriter) Write(r *record.Record) error {
	if err := c.head(); err != nil {
		return err
	}
	e := record.Error{}
	if r.Error != nil {
		e = *r.Error
	}
	err := c.w.Write([]string{
		r.ID, strconv.Itoa(r.Index), r.Name, r.Query, r.Status,
		numberText(r.Count), numberText(r.Total), strconv.FormatBool(r.Exact),
		strconv.FormatFloat(r.ElapsedMS, 'f', -1, 64), r.Snapshot, r.Now.Format(time.RFC3339Nano),
		strconv.FormatBool(r.Cached), strings.Join(r.Sample, " "),
		e.Code, e.Message, placeText(e.Line), placeText(e.Column), e.Hint,
		numberText(r.RowsSkipped), pairsText(r.ValuesSkipped), pairsText(r.Segments),
	})
	if err != nil {
		return err
	}
	c.w.Flush()
	return c.w.Error()
}

func (c *csvWriter) head() error {
	if c.headed {
		return nil
	}
	c.headed = true
	return c.w.Write(csvHeader)
}

func (c *csvWriter) Flush() error {
	if err := c.head(); err != nil {
		return err
	}
	c.w.Flush()
	return c.w.Error()
}

// pairsText returns a map as name=value, in order of the names.
func pairsText[T any](m map[string]T) string {
	parts := make([]string, 0, len(m))
	for _, name := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%s=%v", name, m[name]))
	}
	return strings.Join(parts, " ")
}

// numberText returns a number's text, empty when there is none.
func numberText(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// placeText returns the text of a line or a column, empty for no place.
func placeText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
