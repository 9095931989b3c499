package show

import (
	"fmt"

	"github.com/segq/segq/redisx/record"
)

// Values says in lines what values a query took.
func Values(v *record.Values) []string {
	lines := []string{"with a value: " + Count(v.Present)}
	if v.Numeric && v.Present > 0 {
		what := ""
		if v.Sizes {
			what = "size "
		}
		lines = append(lines, fmt.Sprintf("%smin %s, average %s, max %s, sum %s",
			what, Number(float64(v.Min)), Number(float64(v.Average)), Number(float64(v.Max)), Number(float64(v.Sum))))
	}
	for _, t := range v.Top {
		lines = append(lines, fmt.Sprintf("%s: %s", t.Value, Count(t.Count)))
	}
	if rest := v.Distinct - len(v.Top); rest > 0 {
		lines = append(lines, fmt.Sprintf("and %s other values", Count(rest)))
	}
	return append(lines, v.Examples...)
}
