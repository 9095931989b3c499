package kernel

// Number is what pairs of are compared.
type Number interface{ int64 | float64 }

// Less sets bit i where x[i] < y[i]. Not-a-number is less than nothing, and nothing
// than it. y must not be shorter than x.
func Less[T Number](dst []uint64, x, y []T) {
	pairs(dst, x, y, isLess, func(a, b T) bool { return a < b })
}

// LessEqual sets bit i where x[i] <= y[i], with not-a-number as in [Less].
func LessEqual[T Number](dst []uint64, x, y []T) {
	pairs(dst, x, y, isLessEqual, func(a, b T) bool { return a <= b })
}

// Equal sets bit i where x[i] = y[i]. Not-a-number equals nothing.
func Equal[T Number](dst []uint64, x, y []T) {
	pairs(dst, x, y, isEqual, func(a, b T) bool { return a == b })
}

// relation says which of the three it is.
type relation uint8

const (
	isLess relation = iota
	isLessEqual
	isEqual
)

func pairs[T Number](dst []uint64, x, y []T, r relation, holds func(a, b T) bool) {
	dst, y = dst[:words(len(x))], y[:len(x)]
	done := pairWords(dst, x, y, r)
	for i := 64 * done; i < len(x); i += 64 {
		var w uint64
		for k := i; k < min(i+64, len(x)); k++ {
			w |= bit(holds(x[k], y[k])) << (k & 63)
		}
		dst[i>>6] = w
	}
}
