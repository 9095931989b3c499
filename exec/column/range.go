package column

import (
	"math"

	"github.com/segq/segq/lang/check"
)

// FloatRange returns the ends of the floats that compare so with k, in the wrong order
// where there are none; o is one of Eq, Lt, Le, Gt and Ge.
func FloatRange(o check.Op, k float64) (lo, hi float64) {
	lo, hi = math.Inf(-1), math.Inf(1)
	switch o {
	case check.Eq:
		return k, k
	case check.Le:
		return lo, k
	case check.Ge:
		return k, hi
	case check.Lt:
		if k == lo {
			return 1, 0
		}
		return lo, math.Nextafter(k, lo)
	}
	if k == hi {
		return 1, 0
	}
	return math.Nextafter(k, hi), hi
}
