package resident

import (
	"math"

	"github.com/segq/segq/exec"
)

// mostBins is how many bins the numbers are divided into at most.
const mostBins = 20

// bins returns how many numbers are in bins of the same width, which is 1, 2 or 5 times a power of
// ten, as are multiples of it the borders: none where the pile is lost, or where a border or the
// distance of the numbers is no float. Bins of integers have integers as borders.
func (d *distribution) bins() []exec.Bin {
	if d.lost || d.n == 0 {
		return nil
	}
	if d.min == d.max {
		return []exec.Bin{{Low: d.min, High: d.max, Count: d.n}}
	}
	borders := d.borders()
	if len(borders) < 2 {
		return nil
	}
	bins := make([]exec.Bin, len(borders)-1)
	for i := range bins {
		bins[i].Low, bins[i].High = borders[i], borders[i+1]
	}
	perWidth := 1 / (borders[1] - borders[0])
	last := len(bins) - 1
	count := func(x float64, n int) {
		// What the division says may be a bin too far.
		i := min(max(int((x-borders[0])*perWidth), 0), last)
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

// borders returns the borders of the bins: those of the least width that makes no more than
// mostBins.
func (d *distribution) borders() []float64 {
	distance := d.max - d.min
	if math.IsInf(distance, 0) || math.IsNaN(distance) {
		return nil
	}
	exponent := int(math.Floor(math.Log10(distance / mostBins)))
	if !d.float {
		exponent = max(exponent, 0)
	}
	for ; exponent <= mostExponent; exponent++ {
		for _, digit := range []float64{1, 2, 5} {
			first, end := d.around(digit, exponent)
			if end-first <= mostBins {
				return multiples(first, end, digit, exponent)
			}
		}
	}
	return nil
}

// mostExponent is that of the greatest float.
const mostExponent = 308

// around returns the multiples of a width next to the least and the greatest number: the last bin
// has floats at its upper border, but no integers.
func (d *distribution) around(digit float64, exponent int) (first, end float64) {
	first, end = math.Floor(inUnits(d.min, exponent)/digit), math.Ceil(inUnits(d.max, exponent)/digit)
	if inUnits(first*digit, -exponent) > d.min { // as it was rounded
		first--
	}
	if border := inUnits(end*digit, -exponent); border < d.max || !d.float && border == d.max {
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
