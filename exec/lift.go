package exec

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/segq/segq/lang/check"
)

// Lift is how much more or less frequent a value of a field is in an audience than
// among all profiles.
type Lift struct {
	Value string
	// Count is the number of profiles of the audience with the value, of all that of all
	// profiles.
	Count, All int
	// Share is the part of the audience that has the value, Base that of all profiles;
	// Index is Share as a percentage of Base.
	Share, Base, Index float64
	// P is the probability that a random set of profiles of the audience's size has a
	// share that differs as much: two-sided, by the normal approximation of the
	// hypergeometric distribution.
	P float64
}

// LiftOf compares an audience with all profiles, by the values of a field, those that
// differ most surely first. Profiles without a value count for the sizes. The error is
// that of the run.
func LiftOf(ctx context.Context, r Runner, o Operation, q *check.Query, by []string) (lifts []Lift, count int, err error) {
	everyone := joined(check.And, 1, nil)
	results, err := o.run(ctx, r, []Query{{Typed: q, By: by}, {Typed: everyone, By: by}}, 0)
	if err != nil {
		return nil, 0, err
	}
	inside := map[string]int{}
	for _, g := range results[0].Groups {
		inside[g.Value] = g.Count
	}
	size, all := results[0].Count, results[1].Count
	out := make([]Lift, 0, len(results[1].Groups))
	for _, g := range results[1].Groups {
		out = append(out, liftOf(g.Value, inside[g.Value], size, g.Count, all))
	}
	slices.SortStableFunc(out, func(a, b Lift) int { return cmp.Compare(a.P, b.P) })
	return out, size, nil
}

// liftOf compares count of size with base of all.
func liftOf(value string, count, size, base, all int) Lift {
	l := Lift{Value: value, Count: count, All: base, Base: float64(base) / float64(all), P: 1}
	if size == 0 {
		return l
	}
	l.Share = float64(count) / float64(size)
	l.Index = 100 * l.Share / l.Base
	// The variance of the count without replacement.
	n, all64 := float64(size), float64(all)
	variance := n * l.Base * (1 - l.Base) * (all64 - n) / max(all64-1, 1)
	if variance > 0 {
		l.P = math.Erfc(math.Abs(float64(count)-n*l.Base) / math.Sqrt(2*variance))
	}
	return l
}
