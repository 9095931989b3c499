package statistic

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// Sum is the exact sum of floats: a fixed-point number that is wide enough for all of them,
// rounded once, when it is asked for. It depends neither on the order of the numbers nor on
// how they are divided among sums that are merged. After the small superaccumulator of
// Neal, Fast Exact Summation Using Small and Large Superaccumulators, arXiv:1505.05571,
// 2015. The zero value is an empty sum.
type Sum struct {
	// limbs are digits of 32 bits with a sign, the least first, the unit of the first
	// being the smallest float. They are wider than that by carries that are still to be
	// passed on; pending bounds how many numbers each has taken in since they were.
	limbs   [sumLimbs]int64
	pending int
	// special is the sum of the numbers that are not finite.
	special float64
}

const (
	limbBits = 32
	// A float has 2098 bits at most, from 2^-1074 up to 2^1024; two limbs more hold the sum
	// of 2^64 of them.
	sumLimbs = (1074+1024)/limbBits + 3
	// mostPending is far below the 2^31 that would overflow a limb.
	mostPending = 1 << 30
)

// Add adds a number.
func (s *Sum) Add(x float64) {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		s.special += x
		return
	}
	b := math.Float64bits(x)
	exponent, mantissa := int(b>>52&0x7ff), b&(1<<52-1)
	if exponent > 0 {
		exponent, mantissa = exponent-1, mantissa|1<<52
	}
	at, shift := exponent/limbBits, exponent%limbBits
	high, low := bits.Mul64(mantissa, 1<<shift)
	sign := 1 - 2*int64(b>>63)
	s.limbs[at] += sign * int64(low&math.MaxUint32)
	s.limbs[at+1] += sign * int64(low>>limbBits)
	s.limbs[at+2] += sign * int64(high)
	if s.pending++; s.pending >= mostPending {
		s.carry()
	}
}

// AddTimes adds a number n times.
func (s *Sum) AddTimes(x float64, n int) {
	for n > 0 {
		// As often as a power of two says, in multiples that are floats.
		k := bits.Len(uint(n)) - 1
		n -= 1 << k
		times := 0
		for times < k && math.IsInf(math.Ldexp(x, k-times), 0) {
			times++
		}
		for range 1 << times {
			s.Add(math.Ldexp(x, k-times))
		}
	}
}

// Merge adds another sum, which stays as it is.
func (s *Sum) Merge(other *Sum) {
	add := *other
	add.carry()
	s.carry()
	for i, x := range add.limbs {
		s.limbs[i] += x
	}
	s.pending = 2
	s.special += add.special
}

// carry passes the carries on: every limb but the last is then from 0 to 2^32-1.
func (s *Sum) carry() {
	s.pending = 1
	carry := int64(0)
	for i, x := range s.limbs[:sumLimbs-1] {
		x += carry
		carry = x >> limbBits
		s.limbs[i] = x & math.MaxUint32
	}
	s.limbs[sumLimbs-1] += carry
}

// SumBytes is how many bytes a sum has in another process.
const SumBytes = 8 * (sumLimbs + 1)

// Append appends the sum to dst, so that another process can read it.
func (s *Sum) Append(dst []byte) []byte {
	own := *s
	own.carry()
	for _, x := range own.limbs {
		dst = binary.LittleEndian.AppendUint64(dst, uint64(x))
	}
	return binary.LittleEndian.AppendUint64(dst, math.Float64bits(own.special))
}

// Read reads a sum that Append has written: the first SumBytes of b.
func (s *Sum) Read(b []byte) {
	for i := range s.limbs {
		s.limbs[i] = int64(binary.LittleEndian.Uint64(b[8*i:]))
	}
	s.special, s.pending = math.Float64frombits(binary.LittleEndian.Uint64(b[8*sumLimbs:])), 1
}

// Value returns the sum: the float that is nearest to it, the even one of two; an infinity
// where it is beyond all floats.
func (s *Sum) Value() float64 {
	if s.special != 0 {
		return s.special
	}
	sum := *s
	sum.carry()
	negative := sum.limbs[sumLimbs-1] < 0
	if negative {
		for i := range sum.limbs {
			sum.limbs[i] = -sum.limbs[i]
		}
		sum.carry()
	}
	x := sum.magnitude()
	if negative {
		return -x
	}
	return x
}

// magnitude rounds a sum that is not negative and has no carries.
func (s *Sum) magnitude() float64 {
	top := sumLimbs - 1
	for top > 0 && s.limbs[top] == 0 {
		top--
	}
	if top < 2 {
		// Below 2^-1010 the floats have one distance, up to 2^53 of it, and conversion
		// rounds above.
		return math.Ldexp(float64(uint64(s.limbs[1])<<limbBits|uint64(s.limbs[0])), -1074)
	}
	// The uppermost 64 bits; the last of them stands for all below it that are not 0.
	lead := bits.LeadingZeros32(uint32(s.limbs[top]))
	word := uint64(s.limbs[top])<<limbBits | uint64(s.limbs[top-1])
	word = word<<lead | uint64(s.limbs[top-2])>>(limbBits-lead)
	rest := s.limbs[top-2] & (1<<(limbBits-lead) - 1)
	for _, x := range s.limbs[:top-2] {
		rest |= x
	}
	if rest != 0 {
		word |= 1
	}
	return math.Ldexp(float64(word), (top-1)*limbBits-lead-1074)
}
