package printer

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// sampled is how many records decide the widths of the columns of a table.
const sampled = 1000

// tableWriter prints one aligned table of counts for people, or a block a record where records hold
// tables of their own. The first records are kept until there are enough to know the widths.
type tableWriter struct {
	w        io.Writer
	look     show.Look
	first    []*record.Record
	table    *show.Table  // nil until the widths are known
	blocks   bool         // some record was printed as a block
	inBlocks bool         // all are
	skipped  int          // rows of the data that are in no count
	told     map[int]bool // the records, by index, whose errors need not be told
}

func newTableWriter(w io.Writer, l Layout) Writer {
	return &tableWriter{w: w, look: l.Look, inBlocks: l.Kind == Values || l.Kind == Why, told: map[int]bool{}}
}

func (t *tableWriter) Write(r *record.Record) error {
	if r.RowsSkipped != nil {
		t.skipped = max(t.skipped, *r.RowsSkipped)
	}
	switch {
	case t.blocks || t.inBlocks || t.table == nil && tabular(r):
		first := append(t.first, r)
		t.first = nil
		return t.printBlocks(first)
	case t.table != nil:
		return t.printRows([]*record.Record{r})
	}
	if t.first = append(t.first, r); len(t.first) == sampled {
		return t.begin()
	}
	return nil
}

// tabular says whether a record holds tables that would not fit below a line of a table.
func tabular(r *record.Record) bool {
	return r.Breakdown != nil || r.Funnel != nil || r.Near != nil || r.Lift != nil || r.Compared > 0 || r.Overlap != nil || r.Rows != nil || r.Schema != nil || r.Values != nil || r.Why != nil || r.Qualify != nil || r.Diff != nil || r.Changes != nil || r.Saved != nil
}

// begin prints the head of a table of counts, and the records that there are, if any.
func (t *tableWriter) begin() error {
	if len(t.first) == 0 {
		return nil
	}
	columns := []show.Column{
		{Head: "query", Fold: true}, {Head: "count", Right: true, Role: show.Loud}, {Head: "total", Right: true, Spare: 2}, {Head: "share", Right: true, Spare: 1}, {Head: "ms", Right: true, Role: show.Faint, Spare: 3},
	}
	rows := make([][]string, len(t.first))
	for i, r := range t.first {
		rows[i] = countRow(r)
	}
	t.table = show.NewTable(columns, t.look, rows)
	if _, err := fmt.Fprintf(t.w, "%s\n%s\n", t.table.Head(), t.table.Rule()); err != nil {
		return err
	}
	first := t.first
	t.first = nil
	return t.printRows(first)
}

func countRow(r *record.Record) []string {
	if r.Count == nil || r.Total == nil {
		return []string{show.Title(r), r.Status, "", "", ""}
	}
	return []string{
		show.Title(r), show.Count(*r.Count), show.Count(*r.Total), show.Share(*r.Count, *r.Total),
		strconv.FormatFloat(r.ElapsedMS, 'f', 1, 64),
	}
}

// printRows prints a line a record, and below it what the record holds beside its count.
func (t *tableWriter) printRows(records []*record.Record) error {
	var b strings.Builder
	look := t.look.Narrower(2)
	for _, r := range records {
		b.WriteString(t.table.Line(countRow(r)) + "\n")
		var failed []string
		if r.Error != nil && !t.told[r.Index] {
			failed = show.Words(show.OneLine(r.Error.Message), look.Width)
		}
		for _, lines := range [][]string{failed, show.Remarks(r, look), show.Lines(r, look), show.Sample(r.Sample, look.Width)} {
			for _, line := range lines {
				b.WriteString(strings.TrimRight("  "+line, " ") + "\n")
			}
		}
	}
	_, err := io.WriteString(t.w, b.String())
	return err
}

// printBlocks prints what each record answers, its tables, and how it ended.
func (t *tableWriter) printBlocks(records []*record.Record) error {
	var b strings.Builder
	for _, r := range records {
		if t.blocks {
			b.WriteByte('\n')
		}
		t.blocks = true
		lines := show.Lines(r, t.look)
		if title := show.Title(r); title != "" {
			lines = append(show.Words(title, t.look.Width), lines...)
		}
		lines = append(append(lines, t.outcome(r)...), show.Remarks(r, t.look)...)
		for _, line := range append(lines, show.Sample(r.Sample, t.look.Width)...) {
			b.WriteString(line + "\n")
		}
	}
	_, err := io.WriteString(t.w, b.String())
	return err
}

// outcome says how a record ended, on as many lines as it takes.
func (t *tableWriter) outcome(r *record.Record) (lines []string) {
	if t.told[r.Index] {
		silent := *r
		silent.Error = nil
		r = &silent
	}
	for _, line := range show.Flow(strings.Split(show.Outcome(r, t.look), "  "), "  ", t.look.Width) {
		lines = append(lines, show.Words(line, t.look.Width)...)
	}
	return lines
}

// Flush prints what is left to be said of all records.
func (t *tableWriter) Flush() error {
	if t.table == nil && !t.blocks {
		if err := t.begin(); err != nil {
			return err
		}
	}
	var notes []string
	if t.table != nil && t.table.Folded() {
		notes = append(notes, t.look.Said(show.Faint, "… queries with this mark are shortened; --format vertical shows them whole")...)
	}
	if t.table != nil {
		notes = append(notes, show.SparedLines(t.table, t.look)...)
	}
	switch {
	case t.skipped == 1:
		notes = append(notes, "1 row could not be read and is not counted")
	case t.skipped > 1:
		notes = append(notes, show.Count(t.skipped)+" rows could not be read and are not counted")
	}
	for _, note := range notes {
		if _, err := fmt.Fprintln(t.w, note); err != nil {
			return err
		}
	}
	return nil
}
