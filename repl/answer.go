package repl

import (
	"fmt"
	"math"
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

// renderEnd returns what a query leaves in the scrollback: its answer, or how else it ended. The outcome
// stands beside the query, body and said below it; what is said is never cut.
func (m *canvas) renderEnd(q *query, j Job) (outcome string, body, said []string) {
	p := m.palette
	switch {
	case j.State == Done && j.Answer != nil && j.Answer.Count != nil && j.Answer.Total != nil:
		outcome, body, said = renderAnswer(j.Answer, q.values, m.lookOf(q), m.words, m.snapshot)
		said = append(said, without(q, j)...)
	case j.State == Done && j.Answer != nil && q.asks != nil:
		l := m.lookOf(q)
		outcome, body, said = show.Outcome(j.Answer, l), show.Drawn(j.Answer, l), append(show.MaskedIn(j.Answer, l), show.Remarks(j.Answer, l)...)
	case j.State == Done:
		outcome = p.paint(boldRed, "failed") + ": the job is done but came without an answer"
	case j.State == Cancelled:
		outcome = m.renderStopped(q, j)
	default:
		outcome = p.paint(boldRed, show.Clean(string(j.State)))
		if j.Error == "" {
			j.Error = reasons[j.State]
		}
		if lines := show.CleanLines(j.Error); lines[0] != "" {
			outcome += ": " + lines[0]
			said = lines[1:]
		}
		for i, line := range said {
			said[i] = m.inSession(line)
		}
	}
	return outcome, body, said
}

// without says why there are no values where they were asked for.
func without(q *query, j Job) []string {
	if q.asks == nil || !q.asks.values || j.Answer.Values != nil || *j.Answer.Count == 0 && j.Answer.Type != "" {
		return nil
	}
	return []string{"this is a condition, which has no values; .by and a field counts its profiles by those of the field"}
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
	fit := func(room int) string {
		if from, to := q.apart[0], q.apart[1]; to > 0 && q.name == "" && show.Cells(text) > room {
			return show.Fit(q.clauses(from, to, room), room)
		}
		return show.Fit(text, room)
	}
	tail := "  " + w.arrow + "  " + outcome
	room := width - show.Cells(head) - show.Cells(tail)
	if show.Cells(text) <= room || room >= 24 {
		return []string{p.paint(bold, head) + fit(room) + tail}
	}
	lines := []string{p.paint(bold, head) + fit(width-show.Cells(head))}
	before := "    " + w.arrow + "  "
	for _, row := range show.Flow(strings.Split(outcome, w.dash), w.dash, width-show.Cells(before)) {
		lines = append(lines, before+row)
		before = strings.Repeat(" ", show.Cells(before))
	}
	return lines
}

// renderAnswer returns the end of the headline, and the lines below it: the count, or, where
// that has been told, the values. An answer over another snapshot than the session opened
// with says so.
func renderAnswer(a *record.Record, told bool, l show.Look, w words, snapshot string) (outcome string, body, said []string) {
	var b strings.Builder
	if told {
		fmt.Fprintf(&b, "values of %s", show.Count(*a.Count))
	} else {
		fmt.Fprintf(&b, "%s of %s (%s)", l.As(show.Loud, show.Count(*a.Count)), show.Count(*a.Total), show.Share(*a.Count, *a.Total))
	}
	if a.Exact {
		b.WriteString(w.dash + "exact")
	} else {
		b.WriteString(w.dash + l.As(show.Doubtful, "estimate"))
	}
	if !l.Untimed {
		b.WriteString(w.dash + l.As(show.Faint, show.Took(time.Duration(a.ElapsedMS*float64(time.Millisecond)))))
	}
	if a.Cached {
		kept := "cached"
		if !a.Now.IsZero() {
			kept += ", now was " + a.Now.UTC().Format(time.RFC3339)
		}
		b.WriteString(w.dash + l.As(show.Faint, kept))
	}
	said = show.MaskedIn(a, l)
	if a.Snapshot != "" && a.Snapshot != snapshot {
		said = append(said, l.As(show.Doubtful, "note:")+" counted over snapshot "+show.Clean(a.Snapshot))
	}
	if n := a.RowsSkipped; n != nil && *n > 0 {
		said = append(said, l.As(show.Doubtful, "note:")+" "+show.Plural(*n, "row", "rows")+" could not be read, and no count has any of them")
	}
	if told {
		return b.String(), show.Drawn(a, l), said
	}
	said = append(said, show.Remarks(a, l)...)
	return b.String(), show.Drawn(a, l), append(said, show.Sample(a.Sample, l.Width)...)
}

// indent sets lines under the headline they belong to.
func indent(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = strings.TrimRight(margin+l, " ")
	}
	return out
}

// margin is before the lines under a headline.
const margin = "      "

// lookAtEdge is how what begins at the left edge of the screen is shown.
func (m *canvas) lookAtEdge() show.Look {
	l := m.look()
	if l.Width > 0 {
		l.Width, l.Start = m.width, 1
	}
	return l
}

// look is how parts of answers are shown under a headline.
func (m *canvas) look() show.Look {
	l := show.Look{Bars: !m.accessible, More: map[string]string{}}
	if !m.accessible {
		l.More[show.Suggested] = "(Tab takes it)"
	}
	if m.width < unwrapped {
		l.Width, l.Start = max(m.width-len(margin), 1), len(margin)+1
	}
	l.More[show.Unmasked] = ".set personal shown shows them"
	if m.palette.on {
		l.Paint = show.Colours
	}
	l.Untimed = m.untimed
	if m.whole {
		l.Whole, l.Top, l.Start = true, math.MaxInt, 0 // a pager shows columns that it knows alone
	}
	return l
}
