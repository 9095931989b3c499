package repl

import (
	"fmt"
	"strings"

	"github.com/segq/segq/redisx/estimate"
	"github.com/segq/segq/repl/show"
)

// piece is a part of a running query's line. Where the line is too long, the
// pieces with the highest rank are left out first. A tight piece follows the
// one before it without a gap.
type piece struct {
	text  string
	rank  int
	tight bool
}

// lastRank is the rank of the pieces that are left out first.
const lastRank = 5

// renderRunning returns the one line of a running query above the prompt.
func renderRunning(q *query, p palette, width int) string {
	label := fmt.Sprintf("#%d %s", q.number, title(q, max(width/6, 8)))
	pieces := []piece{{text: p.paint(bold, label)}}
	rows, matched, total := q.seen()
	loading := rows == 0 && q.toLoad > 0
	if loading {
		pieces = append(pieces,
			piece{text: show.Bar(q.loaded, q.toLoad, barWidth(width)), rank: 1},
			piece{text: fmt.Sprintf("%3d %%", show.Percent(q.loaded, q.toLoad))})
	} else if total > 0 {
		pieces = append(pieces,
			piece{text: show.Bar(rows, total, barWidth(width)), rank: 1},
			piece{text: fmt.Sprintf("%3d %%", show.Percent(rows, total))})
	}
	switch {
	case q.cancelling:
		pieces = append(pieces, piece{text: p.paint(yellow, "cancelling…")})
	case q.unserved != "":
		pieces = append(pieces, piece{text: p.paint(yellow, "waiting: no worker serves this data")},
			piece{text: p.paint(faint, "start one: "+q.unserved), rank: 1})
	case q.id == "":
		pieces = append(pieces, piece{text: p.paint(faint, "submitting")})
	case loading:
		pieces = append(pieces, piece{text: p.paint(faint, "loading columns")})
	case rows == 0 && total == 0:
		pieces = append(pieces, piece{text: p.paint(faint, show.Clean(string(q.state)))})
	}
	if rows > 0 {
		// Where the percentage is known, the number of rows seen can go first.
		rank := 2
		if total > 0 {
			rank = lastRank
		}
		pieces = append(pieces,
			piece{text: show.Count(matched) + " matched", rank: 2},
			piece{text: " of " + show.Short(float64(rows)) + " seen", rank: rank, tight: true})
	}
	if e, ok := estimate.Project(q.parts); ok {
		pieces = append(pieces, piece{text: fmt.Sprintf("≈ %s ± %s", show.Rounded(e.Count, e.Margin()), show.Rounded(e.Margin(), e.Margin())), rank: 2})
	}
	if q.pace.rate > 0 {
		pieces = append(pieces, piece{text: show.Short(q.pace.rate) + "/s", rank: 4})
	}
	if d, ok := q.remaining(); ok && !q.cancelling {
		pieces = append(pieces, piece{text: show.Left(d), rank: 3})
	}
	return show.Fit(join(pieces, width), width)
}

// join puts pieces on one line, leaving out by rank until it fits.
func join(pieces []piece, width int) string {
	for limit := lastRank; ; limit-- {
		var b strings.Builder
		for _, p := range pieces {
			if p.rank > limit {
				continue
			}
			if b.Len() > 0 && !p.tight {
				b.WriteString("  ")
			}
			b.WriteString(p.text)
		}
		if limit == 0 || show.Cells(b.String()) <= width {
			return b.String()
		}
	}
}

// title is what a query is called in narrow places.
func title(q *query, width int) string {
	if q.name != "" {
		return show.Fit(show.Clean(q.name), width)
	}
	return show.Fit(show.OneLine(q.text), width)
}

// barWidth is the length of a bar on a screen of the given width.
func barWidth(width int) int { return min(max(width/7, 8), 24) }
