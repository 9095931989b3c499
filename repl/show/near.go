package show

import (
	"math"
	"strconv"

	"github.com/segq/segq/redisx/record"
)

// nearParts shows what keeps profiles just out of the audience: a line for each clause, and below it one for
// each loosening.
func nearParts(r *record.Record, l Look) []Part {
	if len(r.Near) == 0 {
		return nil
	}
	p := Part{Columns: []Column{
		{Head: "one clause away", Fold: true, Least: 12}, {Head: "", Fold: true, Least: 18}, {Head: "would add", Right: true}, {Head: "", Right: true, Spare: 1}, {Role: Loud},
	}}
	for _, n := range r.Near {
		p.Rows = append(p.Rows, []string{OneLine(n.Clause), "all else holds for", Count(n.Missed), growth(r, n.Missed), ""})
		for _, one := range n.Loosened {
			mark := ""
			if one.Best {
				mark = "▲"
				p.Below = Words(l.As(Loud, "▲")+" the loosening that adds most: "+OneLine(one.Query)+beside(l.More[Suggested]), l.Width)
			}
			part := "  " + OneLine(one.Part)
			if one.Part == n.Clause {
				part = ""
			}
			p.Rows = append(p.Rows, []string{part, "→ " + OneLine(one.Becomes), Count(one.Adds), growth(r, one.Adds), mark})
		}
	}
	return []Part{p}
}

// beside sets what can be done with a text behind it.
func beside(how string) string {
	if how == "" {
		return ""
	}
	return "  " + how
}

// growth writes by which part of the audience it would grow, always as what is added; nothing where there is none yet.
func growth(r *record.Record, adds int) string {
	if r.Count == nil || *r.Count == 0 || adds == 0 {
		return ""
	}
	share := float64(adds) / float64(*r.Count)
	switch {
	case share > 0 && share < 0.001:
		return "+<0.1 %"
	case share < 0.1:
		return sign(share) + strconv.FormatFloat(100*share, 'f', 1, 64) + " %"
	}
	return sign(share) + Count(int(math.Round(100*share))) + " %"
}

// sign is what stands before a number that is not negative.
func sign(x float64) string {
	if x < 0 {
		return ""
	}
	return "+"
}
