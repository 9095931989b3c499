package resident

import (
	"math"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang/check"
)

// mostBins is how many bins the numbers are divided into at most; perValue how many for each of
// few different ones.
const (
	mostBins = 20
	perValue = 2
)

// far is how many times as far as between two quantiles, from the 1st to the 99th percentile, the 5th to the 95th, or the 25th to
// the 75th, the numbers reach where those beyond these have a bin of their own at either end.
const far = 20

// bins returns how many numbers are in bins of the same width, which is 1, 2 or 5 times a power of
// ten, as are multiples of it the borders, or is a unit of time: none where the pile is lost, or where a border or the
// distance of the numbers is no float. Bins of whole numbers have whole numbers as borders. Those of numbers of
// which some are far from the rest have wider ones at the ends.
func (d *distribution) bins(quantiles []exec.Quantile) []exec.Bin {
	if d.lost || d.n == 0 {
		return nil
	}
	if d.min == d.max {
		return []exec.Bin{{Low: d.min, High: d.max, Count: d.n}}
	}
	low, high, most := d.min, d.max, d.mostBins()
	for i := 1; i < len(quantiles)/2; i++ {
		if from, to := quantiles[i].Value, quantiles[len(quantiles)-1-i].Value; from < to && high-low > far*(to-from) {
			low, high, most = from, to, max(d.mostBins()-2, 1)
			break // what is narrower would have more than the few beyond in the bins at the ends
		}
	}
	borders := d.borders(low, high, most)
	if len(borders) < 2 {
		return nil
	}
	first, perWidth := borders[0], float64(len(borders)-1)/(borders[len(borders)-1]-borders[0])
	if d.max > borders[len(borders)-1] {
		borders = append(borders, d.max)
	}
	if d.min < first {
		borders = append([]float64{d.min}, borders...)
	}
	return d.countBins(borders, func(x float64) int { return int((x - first) * perWidth) })
}

// mostBins is how many bins there may be.
func (d *distribution) mostBins() int {
	if d.many || len(d.chunks) > 0 {
		return mostBins
	}
	return min(mostBins, perValue*d.some.used)
}

// countBins counts the numbers between borders. Near is about the index of the bin of a number.
func (d *distribution) countBins(borders []float64, near func(x float64) int) []exec.Bin {
	bins := make([]exec.Bin, len(borders)-1)
	for i := range bins {
		bins[i].Low, bins[i].High = borders[i], borders[i+1]
	}
	last := len(bins) - 1
	count := func(x float64, n int) {
		i := min(max(near(x), 0), last)
		for i > 0 && x < borders[i] {
			i--
		}
		for i < last && x >= borders[i+1] {
			i++
		}
		bins[i].Count += n
	}
	for _, chunk := range d.chunks {
		for _, key := range chunk {
			count(d.number(key), 1)
		}
	}
	for _, one := range d.some.slots {
		if one.n > 0 {
			count(d.number(one.key), one.n)
		}
	}
	return bins
}

// borders returns the borders of bins for the numbers from low to high: those of the least width that makes
// no more than most.
func (d *distribution) borders(low, high float64, most int) []float64 {
	if d.kind == check.Timestamp {
		return timeBorders(int64(low), int64(high), most)
	}
	distance := high - low
	if math.IsInf(distance, 0) || math.IsNaN(distance) {
		return nil
	}
	exponent := int(math.Floor(math.Log10(distance / mostBins)))
	if d.whole {
		exponent = max(exponent, 0)
	}
	for ; exponent <= mostExponent; exponent++ {
		for _, digit := range []float64{1, 2, 5} {
			first, end := d.around(low, high, digit, exponent)
			if end-first <= float64(most) {
				return multiples(first, end, digit, exponent)
			}
		}
	}
	return nil
}

// mostExponent is that of the greatest float.
const mostExponent = 308

// around returns the multiples of a width next to the numbers from low to high: the last bin
// has floats at its upper border, but no whole numbers.
func (d *distribution) around(low, high, digit float64, exponent int) (first, end float64) {
	first, end = math.Floor(inUnits(low, exponent)/digit), math.Ceil(inUnits(high, exponent)/digit)
	if inUnits(first*digit, -exponent) > low { // as it was rounded
		first--
	}
	if border := inUnits(end*digit, -exponent); border < high || d.whole && border == high {
		end++
	}
	return first, end
}

// multiples returns the multiples of a width, those from first to end. They are none where they are
// no different floats.
func multiples(first, end, digit float64, exponent int) []float64 {
	var out []float64
	for k := first; k <= end; k++ {
		x := inUnits(k*digit, -exponent)
		if n := len(out); math.IsInf(x, 0) || n > 0 && x <= out[n-1] {
			return nil
		}
		out = append(out, x)
	}
	return out
}

// inUnits returns x divided by a power of ten: exactly rounded for the powers that are floats.
func inUnits(x float64, exponent int) float64 {
	if exponent >= 0 {
		return x / math.Pow10(exponent)
	}
	return x * math.Pow10(-exponent)
}
