package statistic

import (
	"math"
	"slices"

	"github.com/segq/segq/lang/check"
)

func init() {
	functions[check.Percentile] = percentile
	functions[check.Median] = median
}

// percentile returns the value below which p per cent of the numbers lie, p from 0 to 100,
// linear between the two neighbours: definition 7 of Hyndman and Fan, Sample Quantiles in
// Statistical Packages, The American Statistician 50(4), 1996, as DuckDB's quantile_cont
// has it. It is null of no numbers and of another p.
func percentile(numbers, operands []float64) (float64, bool) {
	p := operands[0]
	if len(numbers) == 0 || !(p >= 0 && p <= 100) {
		return 0, false
	}
	slices.Sort(numbers)
	at := p / 100 * float64(len(numbers)-1)
	below := int(at)
	low := numbers[below]
	if below+1 == len(numbers) || at == float64(below) {
		return low, true
	}
	// Rounded where DuckDB rounds, as 1,000 random lists show; so the median of two numbers
	// is their rounded mean, and a difference beyond a float64 does no harm.
	part, high := at-float64(below), numbers[below+1]
	return math.FMA(low, 1-part, high*part), true
}

// median is the 50th percentile.
func median(numbers, _ []float64) (float64, bool) { return percentile(numbers, []float64{50}) }
