package resident

import (
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/plan"
)

// A turn is not to be long, and what a row costs that may be long is not known beforehand.
// So the blocks of such queries are cut into portions, small at first, that grow until a
// turn is long enough for what is done once for each not to count.

const (
	// leastPortion is the rows of the first portions, and of the smallest.
	leastPortion = 64
	// portionTime is how long a turn of a portion should be at least; above four times of
	// that, the next is smaller.
	portionTime = time.Millisecond
)

// firstPortion returns the rows of the first portions of queries, 0 for whole blocks.
func firstPortion(queries []*query, p *plan.Plan) int {
	for i, q := range queries {
		if q.valued() || len(p.Long(i)) > 0 {
			return leastPortion
		}
	}
	return 0
}

// next returns the rows of the next turn: like a block, they end at a multiple of 64 or with
// the rows of the partition.
func (p *part) next() column.Range {
	rows := p.blocks[0]
	if p.portion > 0 {
		rows.End = min(rows.End, rows.Start&^63+p.portion)
	}
	return rows
}

// through notes that rows had their turn, and how long it took.
func (p *part) through(rows column.Range, took time.Duration) {
	if p.blocks[0].Start = rows.End; p.blocks[0].Rows() == 0 {
		p.blocks = p.blocks[1:]
	}
	switch {
	case took < portionTime && rows.Rows() >= p.portion:
		p.portion *= 2
	case took > 4*portionTime:
		p.portion = max(min(p.portion, leastPortion), p.portion/2&^63)
	}
}
