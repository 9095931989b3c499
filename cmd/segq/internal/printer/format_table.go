package printer

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// tableWriter prints one aligned table for people. It keeps the records until
// flush, because a column's width depends on all of them.
type tableWriter struct {
	w       io.Writer
	records []*record.Record
}

func newTableWriter(w io.Writer) Writer { return &tableWriter{w: w} }

func (t *tableWriter) Write(r *record.Record) error {
	t.records = append(t.records, r)
	return nil
}

// tableQueryWidth is the most that the query column takes; a longer query is
// cut, with a mark. The other formats give it whole.
const tableQueryWidth = 60

func (t *tableWriter) Flush() error {
	rows := [][]string{{"query", "count", "total", "share", "ms"}}
	for _, r := range t.records {
		rows = append(rows, tableRow(r))
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], ansi.StringWidth(cell))
		}
	}
	b := &strings.Builder{}
	for i, row := range rows {
		appendTableRow(b, row, widths)
		if i == 0 {
			for j, w := range widths {
				row[j] = strings.Repeat("-", w)
			}
			appendTableRow(b, row, widths)
			continue
		}
		appendDetails(b, t.records[i-1])
	}
	switch n := t.skipped(); {
	case n == 1:
		b.WriteString("1 row could not be read and is not counted\n")
	case n > 1:
		fmt.Fprintf(b, "%s rows could not be read and are not counted\n", show.Count(n))
	}
	_, err := io.WriteString(t.w, b.String())
	return err
}

// skipped is how many rows of the data are in no count of the table.
func (t *tableWriter) skipped() (n int) {
	for _, r := range t.records {
		if r.RowsSkipped != nil {
			n = max(n, *r.RowsSkipped)
		}
	}
	return n
}

func tableRow(r *record.Record) []string {
	label := r.Query
	if r.Name != "" {
		label = r.Name + ": " + label
	}
	label = ansi.Truncate(show.OneLine(label), tableQueryWidth, "…")
	if r.Count == nil {
		return []string{label, r.Status, "", "", ""}
	}
	return []string{
		label, show.Count(*r.Count), show.Count(*r.Total), show.Share(*r.Count, *r.Total),
		strconv.FormatFloat(r.ElapsedMS, 'f', 1, 64),
	}
}

// appendTableRow prints the cells, the first to the left, the others to the
// right.
func appendTableRow(b *strings.Builder, row []string, widths []int) {
	line := ""
	for i, cell := range row {
		pad := strings.Repeat(" ", widths[i]-ansi.StringWidth(cell))
		if i == 0 {
			line = cell + pad
			continue
		}
		line += "  " + pad + cell
	}
	b.WriteString(strings.TrimRight(line, " ") + "\n")
}

// appendDetails prints what a record holds beside its figures.
func appendDetails(b *strings.Builder, r *record.Record) {
	if r.Error != nil {
		fmt.Fprintf(b, "  %s\n", show.OneLine(r.Error.Message))
	}
	for _, w := range r.Warnings {
		fmt.Fprintf(b, "  warning: %s\n", show.OneLine(w))
	}
	for _, field := range slices.Sorted(maps.Keys(r.ValuesSkipped)) {
		n, values := r.ValuesSkipped[field], "values"
		if n == 1 {
			values = "value"
		}
		fmt.Fprintf(b, "  skipped: %s %s of %s, not of its type\n", show.Count(n), values, show.Clean(field))
	}
	if v := r.Values; v != nil {
		for _, line := range show.Values(v) {
			fmt.Fprintf(b, "  %s\n", show.OneLine(line))
		}
	}
	if len(r.Sample) > 0 {
		fmt.Fprintf(b, "  sample: %s\n", show.Clean(strings.Join(r.Sample, " ")))
	}
}
