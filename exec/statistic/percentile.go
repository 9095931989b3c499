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
	below, part := Position(p, len(numbers))
	if part == 0 {
		return numbers[below], true
	}
	return Between(numbers[below], numbers[below+1], part), true
}

// Position returns where the percentile p is among n numbers in order, n above 0: at the index below, or the
// part of the way from there to the next one.
func Position(p float64, n int) (below int, part float64) {
	at := p / 100 * float64(n-1)
	if below = int(at); below+1 >= n {
		return n - 1, 0
	}
	return below, at - float64(below)
}

// Between returns what lies a part of the way from low to high: rounded where DuckDB rounds, as 1,000
// random lists show; so the median of two numbers is their rounded mean, and a difference beyond a
// float64 does no harm.
func Between(low, high, part float64) float64 { return math.FMA(low, 1-part, high*part) }

// median is the 50th percentile.
func median(numbers, _ []float64) (float64, bool) { return percentile(numbers, []float64{50}) }
