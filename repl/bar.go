package repl

import (
	"fmt"
	"math"
	"strings"

	"github.com/segq/segq/redisx/estimate"
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

// renderRunning gives the one line of a running query above the prompt.
func renderRunning(q *query, p palette, width int) string {
	label := fmt.Sprintf("#%d %s", q.number, title(q, max(width/6, 8)))
	pieces := []piece{{text: p.paint(bold, label)}}
	rows, matched, total := q.seen()
	if total > 0 {
		pieces = append(pieces,
			piece{text: bar(rows, total, barWidth(width)), rank: 1},
			piece{text: fmt.Sprintf("%3d %%", percent(rows, total))})
	}
	switch {
	case q.cancelling:
		pieces = append(pieces, piece{text: p.paint(yellow, "cancelling…")})
	case q.id == "":
		pieces = append(pieces, piece{text: p.paint(faint, "submitting")})
	case rows == 0 && total == 0:
		pieces = append(pieces, piece{text: p.paint(faint, clean(string(q.state)))})
	}
	if rows > 0 {
		// Where the percentage is known, the number of rows seen can go first.
		rank := 2
		if total > 0 {
			rank = lastRank
		}
		pieces = append(pieces,
			piece{text: count(matched) + " matched", rank: 2},
			piece{text: " of " + short(float64(rows)) + " seen", rank: rank, tight: true})
	}
	if e, ok := estimate.Project(q.parts); ok {
		pieces = append(pieces, piece{text: fmt.Sprintf("≈ %s ± %s", rounded(e.Count, e.Margin()), rounded(e.Margin(), e.Margin())), rank: 2})
	}
	if q.pace.rate > 0 {
		pieces = append(pieces, piece{text: short(q.pace.rate) + "/s", rank: 4})
	}
	if d, ok := q.remaining(); ok && !q.cancelling {
		pieces = append(pieces, piece{text: left(d), rank: 3})
	}
	return fit(join(pieces, width), width)
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
		if limit == 0 || cells(b.String()) <= width {
			return b.String()
		}
	}
}

// title is what a query is called in narrow places.
func title(q *query, width int) string {
	if q.name != "" {
		return fit(clean(q.name), width)
	}
	return fit(oneLine(q.text), width)
}

// barWidth is the length of a bar on a screen of the given width.
func barWidth(width int) int { return min(max(width/7, 8), 24) }

// bar draws done of total.
func bar(done, total int64, width int) string {
	n := int(float64(width) * min(float64(done)/float64(total), 1))
	return strings.Repeat("█", n) + strings.Repeat("░", width-n)
}

// percent is rounded down: 100 means that all rows were seen.
func percent(done, total int64) int {
	return int(min(float64(done)/float64(total), 1) * 100)
}

// rounded writes x without the digits that lie below a tenth of its margin,
// since they would mean nothing.
func rounded(x, margin float64) string {
	step := 1.0
	if margin >= 10 {
		step = math.Pow(10, math.Floor(math.Log10(margin))-1)
	}
	return count(int64(math.Round(x/step) * step))
}
