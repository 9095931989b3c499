package load

import (
	"math"
	"math/big"
	"math/bits"
	"sync"
)

// mostDigits is how many digits are a number within 64 bits.
const mostDigits = 19

// reciprocal is 2^shift / 10^n, rounded down to the 128 bits that it has.
type reciprocal struct {
	hi, lo uint64
	shift  int
}

// reciprocals are those of the powers of ten that 64 bits hold, but the first.
var reciprocals = sync.OnceValue(func() *[20]reciprocal {
	var all [20]reciprocal
	for n := range all {
		power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
		r := &all[n]
		r.shift = 127 + power.BitLen()
		q := new(big.Int).Lsh(big.NewInt(1), uint(r.shift))
		q.Div(q, power)
		r.lo = new(big.Int).And(q, new(big.Int).SetUint64(math.MaxUint64)).Uint64()
		r.hi = new(big.Int).Rsh(q, 64).Uint64()
	}
	return &all
})

// decimalFloat returns mantissa / 10^decimals, which is not zero, rounded to the nearest
// float. It multiplies by a reciprocal with an error below one in its last place, as in
// Lemire, Number Parsing at a Gigabyte per Second, 2021, and is not ok where numbers
// within that error would be rounded differently.
func decimalFloat(mantissa uint64, decimals int) (f float64, ok bool) {
	if decimals == 0 {
		return float64(mantissa), true
	}
	if mantissa < 1<<53 {
		return float64(mantissa) / powers[decimals], true // both are exact
	}
	r := &reciprocals()[decimals]
	zeros := bits.LeadingZeros64(mantissa)
	x := mantissa << zeros
	hi, mid := bits.Mul64(x, r.hi)
	carry, lo := bits.Mul64(x, r.lo)
	mid, c := bits.Add64(mid, carry, 0)
	hi += c
	// The product is from here to less than x more.
	_, c = bits.Add64(lo, x, 0)
	_, c = bits.Add64(mid, 0, c)
	if c != 0 {
		return 0, false // it may change hi
	}
	drop := 9 + int(hi>>63) // of hi, 54 bits are kept, of which the last one rounds
	top := hi >> drop
	if top&1 != 0 && hi&(1<<drop-1) == 0 && mid == 0 {
		return 0, false // it may be just between two floats
	}
	m := top>>1 + top&1
	exponent := 1 + 128 + drop - zeros - r.shift + 52 + 1023
	if m>>53 != 0 {
		m >>= 1
		exponent++
	}
	return math.Float64frombits(uint64(exponent)<<52 | m&(1<<52-1)), true
}

// sameDigits says whether f, which is above zero, written with so many digits after the
// point, has the digits of mantissa: whether it is less than half of the last one off. It
// may say no where that takes more than 128 bits to find out.
func sameDigits(f float64, mantissa uint64, decimals int) bool {
	b := math.Float64bits(f)
	exponent := int(b>>52) - 1023 - 52
	if decimals >= len(integerPowers) || exponent > 0 || exponent < -62 {
		return false
	}
	// f is m / 2^places; both sides are multiplied by 2^places and 10^decimals.
	m, places := b&(1<<52-1)|1<<52, -exponent
	hi, lo := bits.Mul64(m, integerPowers[decimals])
	wantHi, wantLo := bits.Mul64(mantissa, 1<<places)
	lo, borrow := bits.Sub64(lo, wantLo, 0)
	hi, borrow = bits.Sub64(hi, wantHi, borrow)
	if borrow != 0 {
		lo, borrow = bits.Sub64(0, lo, 0)
		hi, _ = bits.Sub64(0, hi, borrow)
	}
	return hi == 0 && lo < (1<<places)>>1
}

// integerPowers are the powers of ten that 64 bits hold.
var integerPowers = func() (p [20]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = 10 * p[i-1]
	}
	return p
}()
