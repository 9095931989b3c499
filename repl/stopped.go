package repl

import (
	"strings"
	"time"

	"github.com/segq/segq/redisx/estimate"
	"github.com/segq/segq/repl/show"
)

// renderStopped says how a query ended that was cancelled: how far it was, and what is known of its count.
func (m *canvas) renderStopped(q *query, j Job) string {
	p, took := m.palette, m.words.dash+m.palette.paint(faint, show.Took(time.Since(q.started)))
	rows, _, total := q.seen()
	if rows == 0 || total == 0 || !q.counts() {
		return p.paint(yellow, "cancelled") + " after " + show.Took(time.Since(q.started))
	}
	said := append([]string{show.StoppedAt(rows, total)}, m.estimated(q.parts)...)
	if q.satisfied {
		said = append(said, "good enough: "+m.margin(q.goal))
	}
	return strings.Join(said, m.words.dash) + took
}

// margin writes a goal, in an accessible session without the sign.
func (m *canvas) margin(g goal) string {
	if m.accessible {
		return strings.TrimPrefix(g.String(), "±")
	}
	return g.String()
}

// estimated says about how many profiles match of a query that has not come to its end, as far as that can be told.
func (m *canvas) estimated(parts []Partition) []string {
	p := m.palette
	e, ok := estimate.Project(parts)
	switch rows, matched, _ := estimate.Sum(parts); {
	case !ok:
		return []string{show.Count(matched) + " matched of " + show.Count(rows) + " seen", p.paint(yellow, "too few for an estimate")}
	case m.accessible:
		return []string{spokenEstimate(e), show.EstimatedShare(e)}
	}
	return []string{p.paint(yellow, show.Estimated(e)), show.EstimatedShare(e)}
}
