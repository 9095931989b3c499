package show

import (
	"fmt"

	"github.com/segq/segq/redisx/estimate"
)

// Estimated says about how many profiles match: ≈ 178,600 ± 5,200.
func Estimated(p estimate.Projection) string {
	return "≈ " + Rounded(p.Count, p.Margin()) + " ± " + Rounded(p.Margin(), p.Margin())
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
		return Estimated(p) + " (" + Fraction(p.Share()) + ")"
	}
	rows, matched, _ := estimate.Sum(parts)
	if rows == 0 {
		return ""
	}
	return fmt.Sprintf("%s matched of %s seen, too few for an estimate", Count(matched), Count(rows))
}
