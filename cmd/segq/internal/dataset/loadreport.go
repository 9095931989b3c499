package dataset

import (
	"fmt"
	"io"

	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/repl/show"
)

// reportLines is how many lines of each kind a report has at most: with all of them
// it fits a screen.
const reportLines = 8

// noteLoad tells what was left out, never silently: the rows that could not be
// read, then the values that did not fit their field, then what was decided.
func noteLoad(w io.Writer, r *load.Report) {
	if r.Rejected > 0 {
		were := "were"
		if r.Rejected == 1 {
			were = "was"
		}
		fmt.Fprintf(w, "segq: %s of %s rows could not be read and %s left out (--strict makes this an error):\n",
			show.Count(r.Rejected), show.Count(r.Rows+r.Rejected), were)
		lines := make([]string, len(r.Rejects))
		for i, reject := range r.Rejects {
			lines[i] = reject.Where() + ": " + reject.Message
		}
		noteLines(w, lines, r.Rejected)
	}
	if len(r.Misfits) > 0 {
		values := 0
		lines := make([]string, len(r.Misfits))
		for i, m := range r.Misfits {
			values += m.Count
			lines[i] = m.String()
		}
		do := "values do not fit their field and are"
		if values == 1 {
			do = "value does not fit its field and is"
		}
		fmt.Fprintf(w, "segq: %s %s null (--type FIELD=TYPE decides what a field is):\n", show.Count(values), do)
		noteLines(w, lines, len(lines))
	}
	if len(r.Notes) > 0 {
		fmt.Fprintf(w, "segq: about the data:\n")
		noteLines(w, r.Notes, len(r.Notes))
	}
}

// noteLines writes the first of all lines.
func noteLines(w io.Writer, lines []string, all int) {
	shown := min(len(lines), reportLines)
	for _, line := range lines[:shown] {
		fmt.Fprintf(w, "  %s\n", show.OneLine(line))
	}
	if all > shown {
		fmt.Fprintf(w, "  and %s more\n", show.Count(all-shown))
	}
}
