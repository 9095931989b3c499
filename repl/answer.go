package repl

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// words are the marks of a line, and what an accessible session says instead.
type words struct {
	number, arrow, dash string
}

var (
	glyphs = words{"#", "→", "  "}
	spoken = words{"query ", "result:", ", "}
)

// renderEnd returns the lines that a query leaves in the scrollback: its answer,
// or how else it ended.
func (m *Model) renderEnd(q *query, j Job) []string {
	p := m.palette
	var outcome string
	var below []string
	switch {
	case j.State == Done && j.Answer != nil && j.Answer.Count != nil && j.Answer.Total != nil:
		outcome, below = renderAnswer(j.Answer, q.values, p, m.words, m.snapshot)
	case j.State == Done:
		outcome = p.paint(boldRed, "failed") + ": the job is done but came without an answer"
	case j.State == Cancelled:
		outcome = p.paint(yellow, "cancelled") + " after " + show.Took(time.Since(q.started))
	default:
		outcome = p.paint(boldRed, show.Clean(string(j.State)))
		if j.Error == "" {
			j.Error = reasons[j.State]
		}
		if lines := show.CleanLines(j.Error); lines[0] != "" {
			outcome += ": " + lines[0]
			below = lines[1:]
		}
	}
	return append(headline(q, outcome, p, m.words, m.width), indent(below)...)
}

// reasons say what an end means when the backend gave no words for it.
var reasons = map[State]string{
	Expired: "it ran past its deadline",
	Dead:    "its workers crashed several times and it was given up",
	Lost:    "the queue does not know it any more; run it again",
}

// headline puts a query and its outcome on one line, or on two where they do
// not fit; the query is shortened, the outcome never.
func headline(q *query, outcome string, p palette, w words, width int) []string {
	head := fmt.Sprintf("%s%d  ", w.number, q.number)
	text := show.OneLine(q.text)
	if q.name != "" {
		text = show.Clean(q.name) + ": " + text
	}
	tail := "  " + w.arrow + "  " + outcome
	room := width - show.Cells(head) - show.Cells(tail)
	if show.Cells(text) <= room || room >= 24 {
		return []string{p.paint(bold, head) + show.Fit(text, room) + tail}
	}
	return []string{
		p.paint(bold, head) + show.Fit(text, width-show.Cells(head)),
		"    " + w.arrow + "  " + outcome,
	}
}

// renderAnswer returns the end of the headline, and the lines below it: the count, or, where
// that has been told, the values. An answer over another snapshot than the session opened
// with says so.
func renderAnswer(a *record.Record, told bool, p palette, w words, snapshot string) (string, []string) {
	var b strings.Builder
	if told {
		fmt.Fprintf(&b, "values of %s", show.Count(*a.Count))
	} else {
		fmt.Fprintf(&b, "%s of %s (%s)", p.paint(bold, show.Count(*a.Count)), show.Count(*a.Total), show.Share(*a.Count, *a.Total))
	}
	if a.Exact {
		b.WriteString(w.dash + "exact")
	} else {
		b.WriteString(w.dash + p.paint(yellow, "estimate"))
	}
	b.WriteString(w.dash + p.paint(faint, show.Took(time.Duration(a.ElapsedMS*float64(time.Millisecond)))))
	if a.Cached {
		kept := "cached"
		if !a.Now.IsZero() {
			kept += ", now was " + a.Now.UTC().Format(time.RFC3339)
		}
		b.WriteString(w.dash + p.paint(faint, kept))
	}
	var below []string
	if a.Values != nil {
		below = renderValues(a.Values, p)
	}
	if a.Snapshot != "" && a.Snapshot != snapshot {
		below = append(below, p.paint(yellow, "note: ")+"counted over snapshot "+show.Clean(a.Snapshot))
	}
	if n := a.RowsSkipped; n != nil && *n > 0 {
		below = append(below, p.paint(yellow, "note: ")+show.Plural(*n, "row", "rows")+" could not be read, and no count has any of them")
	}
	for _, field := range slices.Sorted(maps.Keys(a.ValuesSkipped)) {
		below = append(below, p.paint(yellow, "note: ")+fmt.Sprintf("%s values of %s are not of its type, and count as nothing", show.Count(a.ValuesSkipped[field]), show.Clean(field)))
	}
	if told {
		return b.String(), below
	}
	for _, text := range a.Warnings {
		below = append(below, p.paint(yellow, "warning: ")+show.Clean(text))
	}
	for _, n := range a.Notes {
		below = append(below, p.paint(yellow, "note: ")+show.OneLine(n.Text))
		if n.Instead != "" {
			below = append(below, "      "+p.paint(faint, "instead: ")+show.OneLine(n.Instead))
		}
	}
	if len(a.Sample) > 0 {
		ids := make([]string, len(a.Sample))
		for i, id := range a.Sample {
			ids[i] = show.Clean(id)
		}
		below = append(below, "sample: "+strings.Join(ids, ", "))
	}
	return b.String(), below
}

// maxExample is how much of a value is shown, in terminal cells: some lines.
const maxExample = 240

// renderValues returns the block of a query that is not boolean.
func renderValues(v *record.Values, p palette) []string {
	var lines []string
	if v.Numeric && v.Present > 0 {
		what := ""
		if v.Sizes {
			what = "size: "
		}
		lines = append(lines, fmt.Sprintf("%smin %s · average %s · max %s · sum %s",
			what, show.Number(float64(v.Min)), show.Number(float64(v.Average)), show.Number(float64(v.Max)), show.Number(float64(v.Sum))))
	}
	lines = append(lines, renderTop(v, p)...)
	for _, e := range v.Examples {
		lines = append(lines, "example: "+show.Fit(show.Clean(e), maxExample))
	}
	return lines
}

// renderTop returns the most frequent values, a line each, with their counts and
// shares, and says how many more there are.
func renderTop(v *record.Values, p palette) []string {
	wide := 0
	for _, t := range v.Top {
		wide = max(wide, show.Cells(show.Count(t.Count)))
	}
	lines := make([]string, 0, len(v.Top)+1)
	for _, t := range v.Top {
		lines = append(lines, fmt.Sprintf("%*s  %8s  %s", wide, show.Count(t.Count), show.Share(t.Count, v.Present), show.Clean(t.Value)))
	}
	if more := v.Distinct - len(v.Top); len(v.Top) > 0 && more > 0 {
		lines = append(lines, p.paint(faint, fmt.Sprintf("and %s more different values", show.Count(more))))
	}
	return lines
}

// indent sets lines under the headline they belong to.
func indent(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = "      " + l
	}
	return out
}
