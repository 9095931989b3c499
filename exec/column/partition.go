package column

import "sort"

// blockRows is what the boundaries of partitions are multiples of, so that no
// word of a bitmap is shared by two of them.
const blockRows = 64

// Range is the rows [Start, End).
type Range struct {
	Start, End int
}

// Rows is the number of rows.
func (r Range) Rows() int { return r.End - r.Start }

// Partitions splits the rows into at most n contiguous ranges of about equal
// cost, where a row costs one and each of its events one more. Every boundary
// but the last end is a multiple of 64. It gives fewer ranges than n where
// there are fewer blocks of 64 rows, or where one block costs more than its
// share; none without rows. Equal snapshots give equal ranges.
func (s *Snapshot) Partitions(n int) []Range {
	rows := s.Rows()
	blocks := (rows + blockRows - 1) / blockRows
	n = min(max(n, 1), blocks)
	cost := s.cost()
	ranges := make([]Range, 0, n)
	start := 0
	for k := 1; k <= n; k++ {
		target := int64(float64(cost(rows)) * float64(k) / float64(n))
		block := sort.Search(blocks, func(b int) bool {
			return cost(min(b*blockRows, rows)) >= target
		})
		end := min(block*blockRows, rows)
		if k == n {
			end = rows
		}
		if end > start {
			ranges = append(ranges, Range{start, end})
			start = end
		}
	}
	return ranges
}

// cost returns the cost of the rows before row i.
func (s *Snapshot) cost() func(i int) int64 {
	if s.EventsField != nil {
		if l, ok := s.Root.Fields[s.EventsField.Index].(*List); ok {
			return func(i int) int64 { return int64(i) + int64(l.Offsets[i]) }
		}
	}
	return func(i int) int64 { return int64(i) }
}
