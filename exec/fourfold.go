package exec

import (
	"math"
	"sort"
)

// fourfold is the table of an audience and a value: in profiles of the audience, which has
// size, have the value, of with among all.
type fourfold struct{ in, size, with, all int }

// few is the expected number under which approximations are not to be trusted.
const few = 5

// z is the 97.5 % quantile of the normal distribution.
const z = 1.959963984540054

// compares says whether there is anything to compare: profiles with the value and without, inside
// and outside.
func (f fourfold) compares() bool {
	return f.with > 0 && f.with < f.all && f.size > 0 && f.size < f.all
}

// expected is the number in a random set of the same size.
func (f fourfold) expected() float64 { return float64(f.size) * float64(f.with) / float64(f.all) }

// interval returns the ends of the 95 % interval of the share in the audience.
func (f fourfold) interval() (low, high float64) {
	switch {
	case f.size == 0:
		return 0, 1
	case f.with == f.all || f.size == f.all:
		share := float64(f.in) / float64(f.size)
		return share, share
	}
	share := float64(f.in) / float64(f.size)
	// n is the size of a sample with replacement that tells as much.
	n := float64(f.size) * float64(f.all-1) / float64(f.all-f.size)
	middle := (share + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(share*(1-share)/n+z*z/(4*n*n))
	low, high = max(0, middle-half), min(1, middle+half)
	if f.in == 0 {
		low = 0
	}
	if f.in == f.size {
		high = 1
	}
	return low, high
}

// p is the probability of a difference as large by chance.
func (f fourfold) p() float64 {
	if !f.compares() {
		return 1
	}
	size, with, all := float64(f.size), float64(f.with), float64(f.all)
	if min(size, all-size)*min(with, all-with)/all < few {
		return f.exact()
	}
	variance := size * with / all * (1 - with/all) * (all - size) / (all - 1)
	return math.Erfc(math.Abs(float64(f.in)-f.expected()) / math.Sqrt(2*variance))
}

// exact is the probability of all numbers that are no more probable than in.
func (f fourfold) exact() float64 {
	least, most := max(0, f.size+f.with-f.all), min(f.size, f.with)
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

// tail is the probability of the numbers from one to the last, by steps of 1 or -1 away from the
// mode.
func (f fourfold) tail(from, last, step int) float64 {
	if (last-from)*step < 0 {
		return 0
	}
	term := math.Exp(f.log(from))
	sum := term
	for k := from; k != last && term > sum*1e-17; k += step {
		up := k // the ratio of the probabilities of up+1 and up
		if step < 0 {
			up--
		}
		ratio := float64(f.with-up) * float64(f.size-up) / (float64(up+1) * float64(f.all-f.with-f.size+up+1))
		if step > 0 {
			term *= ratio
		} else {
			term /= ratio
		}
		sum += term
	}
	return sum
}

// log is the logarithm of the probability of k.
func (f fourfold) log(k int) float64 {
	return logChoose(f.with, k) + logChoose(f.all-f.with, f.size-k) - logChoose(f.all, f.size)
}

func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}
