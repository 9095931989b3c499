package repl

import (
	"fmt"
	"time"

	"github.com/segq/segq/redisx/estimate"
	"github.com/segq/segq/repl/show"
)

// waits says what a query waits for, or why, also in fewer words, and in what look; "" for one that is under way.
func (q *query) waits() (text, short string, look style) {
	switch {
	case q.cancelling && q.hangs != "":
		return "cancelling: " + q.hangs, "cancelling…", yellow
	case q.cancelling:
		return "", "", plain
	case q.sent.kept:
		return "kept until the queue answers", "kept", yellow
	case q.takers != "":
		return q.lost.then("no worker has this data; " + q.takers), q.lost.then("no worker"), yellow
	case q.unserved != "":
		text, short = q.stands()
		return text, short, yellow
	case q.id == "":
		return "submitting", "submitting", faint
	case q.state == Suspect:
		text, short = q.waitsAlone()
		return text, short, yellow
	case q.state == Delayed:
		return "waits to be tried again: " + q.trouble, "waits to be tried again", yellow
	case q.state == Queued && q.before != "":
		return q.lost.then(queuedAt(q.place) + ", waits while " + q.before + " runs alone"), queuedAt(q.place), yellow
	case q.state == Queued && q.lost.happened():
		return q.lost.String() + ", " + queuedAt(q.place), q.lost.String(), yellow
	case q.state == Queued:
		return queuedAt(q.place), queuedAt(q.place), faint
	case q.behind() && q.lost.how == interrupted:
		return fmt.Sprintf("%s, counts again, at %d %%", q.lost, q.again()), fmt.Sprintf("again at %d %%", q.again()), yellow
	case q.behind():
		return fmt.Sprintf("%s, another is at %d %%", q.lost, q.again()), fmt.Sprintf("lost, another at %d %%", q.again()), yellow
	}
	return "", "", plain
}

// queuedAt says at which place a query waits: 3rd in the queue.
func queuedAt(place int) string {
	if place <= 0 {
		return "in the queue"
	}
	if place == 1 {
		return "next in the queue"
	}
	return ordinal(place) + " in the queue"
}

// ordinal writes 2nd, 3rd, 11th.
func ordinal(n int) string {
	end := "th"
	if n%100/10 != 1 {
		switch n % 10 {
		case 1:
			end = "st"
		case 2:
			end = "nd"
		case 3:
			end = "rd"
		}
	}
	return show.Count(n) + end
}

// loads says what a query loads that has not begun to count; "" for nothing.
func (q *query) loads() string {
	if rows, _, _ := q.seen(); rows > 0 || q.loading.Total == 0 {
		return ""
	}
	if q.loading.Columns == 0 {
		return "loading columns"
	}
	return "loading " + show.Plural(q.loading.Columns, "column", "columns")
}

// finds says what a query that is under way has found so far, and in what look; share is how many of all profiles
// that would be.
func (q *query) finds() (text, share string, look style) {
	rows, matched, total := q.seen()
	loads := q.loads()
	e, estimated := estimate.Project(q.parts)
	switch {
	case q.satisfied:
		return "good enough", "", faint
	case q.cancelling:
		return "cancelling…", "", yellow
	case loads != "":
		return loads, "", faint
	case rows == 0:
		return "starting", "", faint
	case total > 0 && rows >= total:
		return "finishing", "", faint
	case q.values:
		return "values", "", faint
	case !q.counts():
		return "running", "", faint
	case estimated:
		return show.Estimated(e), show.EstimatedShare(e), yellow
	case total == 0:
		return show.Count(matched) + " matched of " + show.Short(float64(rows)) + " seen", "", plain
	}
	return show.Count(matched) + " so far", "", plain
}

// spoken tells in words how far a query is.
func (m *Model) spoken(q *query, now time.Time) string {
	line := fmt.Sprintf("%s%d", m.words.number, q.number)
	if q.name != "" {
		line += " (" + show.Clean(q.name) + ")"
	}
	state := "running"
	waits, _, _ := q.waits()
	if loads := q.loads(); q.cancelling {
		state = "cancelling"
	} else if waits != "" {
		state = waits
	} else if loads != "" {
		state = loads + fmt.Sprintf(", %d percent", show.Percent(q.loading.Done, q.loading.Total))
	}
	line += fmt.Sprintf(": %s for %s", state, show.Took(now.Sub(q.started)))
	if q.unserved != "" {
		line += "; start one: " + q.unserved
	}
	rows, matched, total := q.seen()
	if total > 0 && (rows > 0 || q.loads() == "") && !q.behind() { // which says how far it is
		line += fmt.Sprintf(", %d percent", q.percent())
	}
	if rows > 0 && q.counts() {
		line += fmt.Sprintf(", %s matched of %s seen", show.Count(matched), show.Count(rows))
		if e, ok := estimate.Project(q.parts); ok {
			line += ", " + spokenEstimate(e)
		}
	}
	return line
}

// spokenEstimate says in words about how many profiles match.
func spokenEstimate(e estimate.Projection) string {
	if below, ok := show.Below(e); ok {
		return "estimate: fewer than " + below
	}
	return "estimate: about " + show.Rounded(e.Count, e.Margin()) + " give or take " + show.Rounded(e.Margin(), e.Margin())
}
