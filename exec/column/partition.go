package column

import "sort"

// wordRows is the rows of a word of a bitmap: boundaries are multiples of it where they may
// be, for then no word is shared by two ranges.
const wordRows = 64

// A table has at most maxPartitions partitions. Another one is worth while for so many
// rows, or for so much cost. The number does not depend on that of the processors.
const (
	maxPartitions = 64
	partitionRows = 8 << 10
	partitionCost = 64 << 10
)

// Range is the rows [Start, End).
type Range struct {
	Start, End int
}

// Rows is the number of rows.
func (r Range) Rows() int { return r.End - r.Start }

// Partition is rows that are scanned, and whose progress is told, as one.
type Partition struct {
	Range
	// Events is how many events they have, as far as that was known.
	Events int64
}

// Cost is what the rows cost.
func (p Partition) Cost() int64 { return int64(p.Rows()) + p.Events }

// Partitions splits the rows into at most n contiguous ranges of about equal cost, where a
// row costs one and each of its events one more; n below 1 means as many as suit the table.
// The dearest is as cheap as can be, to a few percent; a range is one row at least. Boundaries
// are multiples of 64 where that makes little difference. It gives none without rows. A
// table that says what it knows of the cost of its rows gives the same ranges whatever of it
// is loaded.
func (s *Snapshot) Partitions(n int) []Partition {
	c := &cost{rows: s.Rows(), events: s.knownEvents()}
	if c.rows == 0 {
		return nil
	}
	var ends []int
	if n < 1 {
		ends = c.suit()
	} else {
		ends, _ = c.cut(min(n, c.rows))
	}
	parts := make([]Partition, 0, len(ends))
	start := 0
	for _, end := range ends {
		parts = append(parts, Partition{Range{start, end}, c.of(start, end) - int64(end-start)})
		start = end
	}
	return parts
}

// suit cuts the rows into as many ranges as suit them: fewer, down to a quarter, where
// single rows cost more than the share of a range, if the shares are about equal then.
func (c *cost) suit() []int {
	total := c.before(c.rows)
	n := min(maxPartitions, 1+max(c.rows/partitionRows, int(total/partitionCost)), c.rows)
	most, _ := c.cut(n)
	for k := n; k > n/4; k -= 1 + k/8 {
		if ends, dearest := c.cut(k); dearest <= total/int64(k)*6/5 {
			return ends
		}
	}
	return most
}

// cut returns the ends of at most n ranges, and what the dearest costs. Each is as near to
// its share of what is left as the limit for all allows.
func (c *cost) cut(n int) (ends []int, dearest int64) {
	c.grain = c.before(c.rows) / int64(n) / 32
	limit := c.limit(n)
	earliest := make([]int, n+1) // by range: where it ends so that the others can hold the rest
	earliest[n] = c.rows
	for k := n - 1; k > 0 && earliest[k+1] > 0; k-- {
		earliest[k] = c.start(earliest[k+1], limit)
	}
	for start, k := 0, 1; start < c.rows; k++ {
		share := c.of(start, c.rows) / int64(n-k+1)
		end := max(earliest[k], min(c.nearest(start, share), c.end(start, limit)))
		dearest = max(dearest, c.of(start, end))
		ends = append(ends, end)
		start = end
	}
	return ends, dearest
}

// limit returns the least cost, to a few percent of the mean, that no range of n need exceed
// but those of a single row.
func (c *cost) limit(n int) int64 {
	const steps = 32
	mean := c.before(c.rows)/int64(n) + 1
	limit := func(k int) int64 { return mean + mean*int64(k)/steps }
	enough := 1
	for !c.fits(n, limit(enough)) {
		enough *= 2
	}
	return limit(sort.Search(enough, func(k int) bool { return k > enough/2 && c.fits(n, limit(k)) }))
}

// fits says whether n ranges of at most so much hold all rows.
func (c *cost) fits(n int, most int64) bool {
	start := 0
	for range n {
		if start = c.end(start, most); start == c.rows {
			return true
		}
	}
	return false
}

// nearest returns where the rows from start on end so that they cost about so much.
func (c *cost) nearest(start int, share int64) int {
	end := c.end(start, share)
	if end == c.rows || c.of(end, end+1) <= c.grain {
		return end
	}
	if c.of(start, end+1)-share < share-c.of(start, end) {
		return end + 1
	}
	return end
}
