package exec

import (
	"context"
	"fmt"

	"github.com/segq/segq/lang/check"
)

// What an overlap has at most: audiences, and the sets of them that it names.
const (
	OverlapAudiences = 64
	OverlapSets      = 1000
)

// Overlap is what several audiences have in common, exactly.
type Overlap struct {
	// Both[i][j] is the number of profiles in audience i and in audience j; Both[i][i]
	// is the size of audience i.
	Both [][]int
	// All is the number in every audience, Any in at least one, of Total.
	All, Any, Total int
	// Only[i] is the number in audience i and in no other.
	Only []int
	// Exact are the sets of audiences that some profile is in, and in no other, largest first
	// and equally large ones in order of the indexes: the first [OverlapSets] of Distinct.
	Exact    []Intersection
	Distinct int
}

// Intersection is the number of profiles that are in the audiences with the indexes In, which
// ascend, and in no other.
type Intersection struct {
	In    []int
	Count int
}

// Jaccard is the part of the profiles in audience i or j that is in both, 0 when there
// are none.
func (o *Overlap) Jaccard(i, j int) float64 {
	either := o.Both[i][i] + o.Both[j][j] - o.Both[i][j]
	if either == 0 {
		return 0
	}
	return float64(o.Both[i][j]) / float64(either)
}

// OverlapOf compares audiences in one scan. The error says that there are none or too many, or is
// that of the run: a [MemoryError] where profiles are in millions of different sets.
func OverlapOf(ctx context.Context, r Runner, op Operation, audiences []*check.Query) (*Overlap, error) {
	switch n := len(audiences); {
	case n == 0:
		return nil, fmt.Errorf("an overlap needs audiences")
	case n > OverlapAudiences:
		return nil, fmt.Errorf("an overlap compares up to %d audiences, not %d", OverlapAudiences, n)
	}
	c := newCrossing(len(audiences))
	queries := make([]Query, len(audiences))
	for i, q := range audiences {
		queries[i] = Query{Typed: q, Matches: func(start int, words []uint64) error { return c.take(i, start, words) }}
	}
	results, err := op.run(ctx, r, queries, -1)
	if err != nil {
		return nil, err
	}
	o, err := c.overlap()
	if err == nil {
		o.Total = results[0].Total
	}
	return o, err
}
