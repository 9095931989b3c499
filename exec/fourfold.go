package exec

import (
	"math"
	"sort"
)

// fourfold is the table of an audience and a value: in profiles of the audience, which has
// size, have the value, of with among all.
type fourfold struct {
	in int
	hypergeometric
}

// few is the expected number under which little can be said.
const few = 5

// oneSide is what the 95 % interval leaves out at either end.
const oneSide = 0.025

// compares says whether there is anything to compare: profiles with the value and without, inside
// and outside.
func (f fourfold) compares() bool {
	return f.with > 0 && f.with < f.all && f.size > 0 && f.size < f.all
}

// expected is the number in a random set of the same size.
func (f fourfold) expected() float64 { return float64(f.size) * float64(f.with) / float64(f.all) }

// interval returns the ends of the 95 % interval of the share in the audience.
func (f fourfold) interval() (low, high float64) {
	if f.size == 0 {
		return 0, 1
	}
	// The share of those that have not the value has its ends the other way round.
	without := fourfold{f.size - f.in, hypergeometric{f.size, f.all - f.with, f.all}}
	size := float64(f.size)
	return f.leastExpected() / size, (size - without.leastExpected()) / size
}

// leastExpected is the number that is expected where odds are such that as many as in, or more, have a
// probability of [oneSide].
func (f fourfold) leastExpected() float64 {
	least, most := f.bounds()
	if f.in == least || least == most {
		return float64(f.in)
	}
	// The logarithm of the probability is a concave and increasing function of that of the
	// odds, since a tail of such a distribution varies less than all of it. So Newton's method comes
	// from below, or gets there by one step.
	logOdds, expected := f.start(least), 0.0
	for range 100 {
		tail, above, mean := f.tilted(math.Exp(logOdds))
		step := math.Log(oneSide/tail) / (above - mean)
		logOdds += step
		if expected = float64(f.in) + mean; math.Abs(step) < 1e-11 {
			break
		}
	}
	return expected
}

// start returns the logarithm of odds of which the most probable number lies below in, by about
// what the interval leaves out.
func (f fourfold) start(least int) float64 {
	in, with, size, all := float64(f.in), float64(f.with), float64(f.size), float64(f.all)
	a, b, c, d := in, with-in+1, size-in+1, all-with-size+in
	deviation := 1 / math.Sqrt(1/a+1/b+1/c+1/d)
	x := max(in-2*deviation, float64(least)+(in-float64(least))/20)
	return math.Log(x * (all - with - size + x) / ((with - x) * (size - x)))
}

// tilted is the distribution where each profile with the value is so many times as likely as one
// without it: Fisher's noncentral hypergeometric one. It returns the probability of in and more, what
// is expected of these, and what of all, both beyond in.
func (f fourfold) tilted(odds float64) (tail, above, mean float64) {
	least, most := f.bounds()
	// Weights are relative to that of in, from which they go both ways.
	var sumUp, momentUp, sumDown, momentDown float64
	for k, w := f.in, 1.0; ; k++ {
		sumUp += w
		momentUp += w * float64(k-f.in)
		ratio := 0.0
		if k < most {
			ratio = odds * f.ratio(k)
		}
		if w *= ratio; w == 0 || ratio < 1 && w < 1e-17*sumUp {
			break
		}
	}
	for k, w := f.in, 1.0; k > least; k-- {
		ratio := 1 / (odds * f.ratio(k-1))
		if w *= ratio; ratio < 1 && w < 1e-17*sumDown {
			break
		}
		sumDown += w
		momentDown += w * float64(k-1-f.in)
	}
	sum := sumUp + sumDown
	return sumUp / sum, momentUp / sumUp, (momentUp + momentDown) / sum
}

// p is the probability of a random set of the audience's size that has a number of profiles with the
// value that is no more probable than in.
func (f fourfold) p() float64 {
	if !f.compares() {
		return 1
	}
	least, most := f.bounds()
	mode := int((float64(f.size) + 1) * (float64(f.with) + 1) / (float64(f.all) + 2))
	mode = min(max(mode, least), most)
	// Numbers that are as probable may differ by how they are rounded.
	limit := f.log(f.in) + 1e-7
	if f.log(mode) <= limit {
		return 1
	}
	below := least + sort.Search(mode-least, func(i int) bool { return f.log(least+i) > limit }) - 1
	above := mode + 1 + sort.Search(most-mode, func(i int) bool { return f.log(mode+1+i) <= limit })
	return min(1, f.tail(below, least, -1)+f.tail(above, most, 1))
}
