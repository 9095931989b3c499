package show

import (
	"math"
	"strconv"

	"github.com/segq/segq/redisx/record"
)

// funnelParts shows what each clause does to the audience.
func funnelParts(r *record.Record, l Look) []Part {
	if len(r.Funnel) == 0 {
		return nil
	}
	p := Part{Columns: []Column{
		{Head: "clause", Fold: true}, {Head: "alone", Right: true, Spare: 2}, {Head: "so far", Right: true}, {Head: "kept", Right: true, Spare: 1}, {Head: "without it", Right: true}, {Role: Doubtful},
	}}
	for i, c := range r.Funnel {
		mark := ""
		if c.CostsMost && len(r.Funnel) > 1 && float64(c.Without) >= leastCost*float64(r.Funnel[len(r.Funnel)-1].SoFar) {
			mark = "▲"
			p.Below = append(p.Below, costsMost(r, c, l)...)
		}
		p.Rows = append(p.Rows, []string{OneLine(c.Clause), Count(c.Alone), Count(c.SoFar), Fraction(Kept(r, i)), Count(c.Without), mark})
	}
	if len(r.Funnel) == 1 {
		p.Below = l.Said(Faint, "one clause: nothing to compare")
	}
	return []Part{p}
}

// leastCost is how much larger the audience must be without the clause that costs most to speak of it.
const leastCost = 1.05

// Kept is the part of those before it, of all profiles for the first, that a clause of a funnel
// keeps. Records of before there was one have only the counts.
func Kept(r *record.Record, i int) float64 {
	c, before := r.Funnel[i], 0
	switch {
	case c.Kept > 0 || c.SoFar == 0:
		return c.Kept
	case i > 0:
		before = r.Funnel[i-1].SoFar
	case r.Total != nil:
		before = *r.Total
	}
	if before == 0 {
		return math.NaN()
	}
	return float64(c.SoFar) / float64(before)
}

// costsMost says how much larger the audience is without a clause.
func costsMost(r *record.Record, c record.Clause, l Look) []string {
	size := r.Funnel[len(r.Funnel)-1].SoFar
	said := "without it " + Count(c.Without) + " instead of none"
	if size > 0 {
		said = "without it " + times(float64(c.Without)/float64(size)) + " as many"
	}
	return Words(l.As(Doubtful, "▲")+" the clause that costs most: "+said, l.Width)
}

// times writes a factor: 5.31 ×, 12.4 ×, 1,204 ×.
func times(x float64) string { return factor(x) + " ×" }

func factor(x float64) string {
	switch {
	case x != 0 && x < 0.01:
		return "<0.01"
	case x < 10:
		return strconv.FormatFloat(x, 'f', 2, 64)
	case x < 100:
		return strconv.FormatFloat(x, 'f', 1, 64)
	case x > 1<<53:
		return strconv.FormatFloat(x, 'g', 3, 64)
	}
	return Count(int64(math.Round(x)))
}
