package resident

import (
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/plan"
)

// A turn is not to be long, and what a row costs that may be long is not known beforehand.
// So the blocks of such queries are cut into portions, small at first, that grow until a
// turn is long enough for what is done once for each not to count. A portion is so many rows
// and events: a few rows may have as many events as all others.

const (
	// leastPortion is the rows and events of the first portions, and of the smallest that
	// have more than one row.
	leastPortion = 64
	// portionTime is how long a turn of a portion should be at least; above four times of
	// that, the next is smaller.
	portionTime = time.Millisecond
)

// firstPortion returns the first portions of queries, 0 for whole blocks.
func firstPortion(queries []*query, p *plan.Plan) int64 {
	for i, q := range queries {
		if q.values != nil && q.values.slow() || len(p.Long(i)) > 0 {
			return leastPortion
		}
	}
	return 0
}

// next returns the rows of the next turn.
func (p *part) next() column.Range {
	if p.portion == 0 {
		return p.blocks[0]
	}
	return p.run.snap.Within(p.blocks[0], p.portion)
}

// through notes that rows had their turn, and how long it took.
func (p *part) through(rows column.Range, took time.Duration) {
	p.took += took
	whole := rows == p.blocks[0]
	if p.blocks[0].Start = rows.End; whole {
		p.blocks = p.blocks[1:]
	}
	switch {
	case took < portionTime && !whole:
		p.portion *= 2
	case took > 4*portionTime:
		p.portion = max(min(p.portion, leastPortion), p.portion/2)
	}
}
