package repl

import (
	"fmt"
	"strings"
	"time"
)

// words are the marks of a line, and what an accessible session says instead.
type words struct {
	number, arrow, dash string
}

var (
	glyphs = words{"#", "→", "  "}
	spoken = words{"query ", "result:", ", "}
)

// renderEnd gives the lines that a query leaves in the scrollback: its answer,
// or how else it ended.
func (m *Model) renderEnd(q *query, j Job) []string {
	p := m.palette
	var outcome string
	var below []string
	switch {
	case j.State == Done && j.Answer != nil:
		outcome, below = renderAnswer(j.Answer, q.values, p, m.words, m.snapshot)
	case j.State == Done:
		outcome = p.paint(boldRed, "failed") + ": the job is done but came without an answer"
	case j.State == Cancelled:
		outcome = p.paint(yellow, "cancelled") + " after " + took(time.Since(q.started))
	default:
		outcome = p.paint(boldRed, clean(string(j.State)))
		if j.Error == "" {
			j.Error = reasons[j.State]
		}
		if lines := cleanLines(j.Error); lines[0] != "" {
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
	text := oneLine(q.text)
	if q.name != "" {
		text = clean(q.name) + ": " + text
	}
	tail := "  " + w.arrow + "  " + outcome
	room := width - cells(head) - cells(tail)
	if cells(text) <= room || room >= 24 {
		return []string{p.paint(bold, head) + fit(text, room) + tail}
	}
	return []string{
		p.paint(bold, head) + fit(text, width-cells(head)),
		"    " + w.arrow + "  " + outcome,
	}
}

// renderAnswer gives the end of the headline, and the lines below it: the count, or, where
// that has been told, the values. An answer over another snapshot than the session opened
// with says so.
func renderAnswer(a *Answer, told bool, p palette, w words, snapshot string) (string, []string) {
	var b strings.Builder
	if told {
		fmt.Fprintf(&b, "values of %s", count(a.Count))
	} else {
		fmt.Fprintf(&b, "%s of %s (%s)", p.paint(bold, count(a.Count)), count(a.Total), share(a.Count, a.Total))
	}
	if a.Exact {
		b.WriteString(w.dash + "exact")
	} else {
		b.WriteString(w.dash + p.paint(yellow, "estimate"))
	}
	b.WriteString(w.dash + p.paint(faint, took(a.Elapsed)))
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
		below = append(below, p.paint(yellow, "note: ")+"counted over snapshot "+clean(a.Snapshot))
	}
	if told {
		return b.String(), below
	}
	for _, text := range a.Warnings {
		below = append(below, p.paint(yellow, "warning: ")+clean(text))
	}
	if len(a.Sample) > 0 {
		ids := make([]string, len(a.Sample))
		for i, id := range a.Sample {
			ids[i] = clean(id)
		}
		below = append(below, "sample: "+strings.Join(ids, ", "))
	}
	return b.String(), below
}

// renderValues gives the block of a query that is not boolean.
func renderValues(v *Values, p palette) []string {
	var lines []string
	if v.Numeric && v.Present > 0 {
		what := ""
		if v.Sizes {
			what = "size: "
		}
		lines = append(lines, fmt.Sprintf("%smin %s · average %s · max %s · sum %s",
			what, number(v.Min), number(v.Average), number(v.Max), number(v.Sum)))
	}
	lines = append(lines, renderTop(v, p)...)
	for _, e := range v.Examples {
		lines = append(lines, "example: "+clean(e))
	}
	return lines
}

// renderTop gives the most frequent values, a line each, with their counts and
// shares, and says how many more there are.
func renderTop(v *Values, p palette) []string {
	wide := 0
	for _, t := range v.Top {
		wide = max(wide, cells(count(t.Count)))
	}
	lines := make([]string, 0, len(v.Top)+1)
	for _, t := range v.Top {
		lines = append(lines, fmt.Sprintf("%*s  %8s  %s", wide, count(t.Count), share(t.Count, v.Present), clean(t.Value)))
	}
	if more := v.Distinct - int64(len(v.Top)); len(v.Top) > 0 && more > 0 {
		lines = append(lines, p.paint(faint, fmt.Sprintf("and %s more different values", count(more))))
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
