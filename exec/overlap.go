package exec

import (
	"context"
	"errors"

	"github.com/segq/segq/lang/check"
)

// Overlap is what several audiences have in common, exactly.
type Overlap struct {
	// Both[i][j] is the number of profiles in audience i and in audience j; Both[i][i]
	// is the size of audience i.
	Both [][]int
	// All is the number in every audience, Any in at least one.
	All, Any int
	// Only[i] is the number in audience i and in no other.
	Only []int
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

// OverlapOf compares audiences in one scan. The error says that there are none, or is
// that of the run.
func OverlapOf(ctx context.Context, r Runner, op Operation, audiences []*check.Query) (*Overlap, error) {
	if len(audiences) == 0 {
		return nil, errors.New("an overlap needs audiences")
	}
	conds := make([]check.Node, len(audiences))
	for i, q := range audiences {
		conds[i] = &check.Segment{Info: check.Info{T: check.BoolType}, Query: q}
	}
	counts, err := op.counts(ctx, r, overlapping(conds), -1)
	if err != nil {
		return nil, err
	}
	o := &Overlap{Both: make([][]int, len(conds))}
	for i := range conds {
		o.Both[i] = make([]int, len(conds))
		for j := range i + 1 {
			o.Both[i][j], o.Both[j][i] = counts[0], counts[0]
			counts = counts[1:]
		}
	}
	o.All, o.Any, o.Only = counts[0], counts[1], counts[2:]
	return o, nil
}

// overlapping returns the queries of an overlap: each pair, all, any, and each alone.
func overlapping(conds []check.Node) []*check.Query {
	var out []*check.Query
	for i := range conds {
		for j := range i + 1 {
			out = append(out, joined(check.And, 1, []check.Node{conds[i], conds[j]}))
		}
	}
	out = append(out, joined(check.And, 1, conds), joined(check.Or, 1, conds))
	for i, c := range conds {
		others := append(append([]check.Node{}, conds[:i]...), conds[i+1:]...)
		none := &check.Call{Info: check.Info{T: check.BoolType}, Op: check.Not, Args: []check.Node{joined(check.Or, 1, others).Cond}}
		out = append(out, joined(check.And, 1, []check.Node{c, none}))
	}
	return out
}
