package show

import (
	"fmt"
	"math"
	"strings"

	"github.com/segq/segq/redisx/estimate"
)

// Estimated says about how many profiles match: ≈ 178,600 ± 5,200; where it may be none, less than how many: < 20,000.
func Estimated(p estimate.Projection) string {
	if below, ok := Below(p); ok {
		return "< " + below
	}
	return "≈ " + Rounded(p.Count, p.Margin()) + " ± " + Rounded(p.Margin(), p.Margin())
}

// Below is the number that the size is below of which no more is known than that: its margin reaches down to none, and a size
// below 0 there is not.
func Below(p estimate.Projection) (number string, ok bool) {
	if p.Margin() < p.Count {
		return "", false
	}
	step := math.Pow(10, math.Floor(math.Log10(max(p.High, 1))))
	return Count(int64((math.Floor(p.High/step) + 1) * step)), true
}

// EstimatedShare is the share that Estimated is of all profiles.
func EstimatedShare(p estimate.Projection) string {
	if _, ok := Below(p); ok {
		return "< " + strings.TrimPrefix(Fraction(p.High/p.Total), "<")
	}
	return Fraction(p.Share())
}

// StoppedAt says how far a query was that has not come to its end: stopped at 2 %. Total must not be 0.
func StoppedAt(seen, total int64) string {
	if seen > 0 && Percent(seen, total) == 0 {
		return "stopped at less than 1 %"
	}
	return fmt.Sprintf("stopped at %d %%", Percent(seen, total))
}

// Known says of a query that has not come to its end how many profiles match: about, as far as that can be told, else
// among those that were seen; "" where none was.
func Known(parts []estimate.Partition) string {
	if p, ok := estimate.Project(parts); ok {
		return Estimated(p) + " (" + EstimatedShare(p) + ")"
	}
	rows, matched, _ := estimate.Sum(parts)
	if rows == 0 {
		return ""
	}
	return fmt.Sprintf("%s matched of %s seen, too few for an estimate", Count(matched), Count(rows))
}
