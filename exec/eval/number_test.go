package eval_test

import (
	"math"
	"math/big"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/segq/segq/lang/check"
)

// edges draws integers that are small, or close to where an int64 ends.
func edges() *rapid.Generator[int64] {
	return rapid.OneOf(
		rapid.Int64Range(-5, 5),
		rapid.Int64Range(math.MaxInt64-3, math.MaxInt64),
		rapid.Int64Range(math.MinInt64, math.MinInt64+3),
		rapid.Int64(),
	)
}

// orNull is the text of n, or null when it is no int64.
func orNull(n *big.Int) string {
	if n == nil || !n.IsInt64() {
		return "null"
	}
	return n.String()
}

func TestIntegersAreExactOrNull(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := edges().Draw(t, "x"), edges().Draw(t, "y")
		bx, by := big.NewInt(x), big.NewInt(y)
		var rem *big.Int
		if y != 0 {
			rem = new(big.Int).Rem(bx, by) // the sign of the dividend
		}
		for op, want := range map[check.Op]*big.Int{
			check.Add: new(big.Int).Add(bx, by),
			check.Sub: new(big.Int).Sub(bx, by),
			check.Mul: new(big.Int).Mul(bx, by),
			check.Mod: rem,
		} {
			e := evaluator(call(check.IntType, op, constant(x), constant(y)), 1)
			v, err := e.Value(0)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(v.AppendJSON(nil)); got != orNull(want) {
				t.Errorf("operation %d on %d and %d: %s, want %s", op, x, y, got, orNull(want))
			}
			if want != nil && e.Overflowed() == want.IsInt64() {
				t.Errorf("operation %d on %d and %d: overflowed is %v", op, x, y, e.Overflowed())
			}
		}
		neg := text(t, call(check.IntType, check.Neg, constant(x)))
		if want := orNull(new(big.Int).Neg(bx)); neg != want {
			t.Errorf("-(%d): %s, want %s", x, neg, want)
		}
	})
}

// TestSumOfIntegers sees that only a total which does not fit overflows, in
// whatever order the numbers come.
func TestSumOfIntegers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		xs := rapid.SliceOfN(edges(), 0, 8).Draw(t, "xs")
		total := new(big.Int)
		list := make([]any, len(xs))
		for i, x := range xs {
			list[i] = x
			total.Add(total, big.NewInt(x))
		}
		n := &check.Iterate{
			Info: info(check.IntType), Op: check.Sum, Slot: 1,
			X: constants(check.IntType, list...), Body: slot(check.IntType, 1),
		}
		if got := text(t, n); got != orNull(total) {
			t.Errorf("sum of %v: %s, want %s", xs, got, orNull(total))
		}
	})
}

func TestFloats(t *testing.T) {
	for _, c := range []struct {
		op   check.Op
		x, y any
		want string
	}{
		{check.Div, int64(7), int64(2), "3.5"},
		{check.Div, int64(0), int64(5), "0"},
		{check.Div, 1.0, 0.0, "null"},
		{check.Div, int64(math.MinInt64), int64(-1), "9223372036854776000"},
		{check.Mod, 5.5, 2.0, "1.5"},
		{check.Mod, -5.5, 2.0, "-1.5"},
		{check.Mod, 5.5, 0.0, "null"},
		{check.Mul, math.MaxFloat64, 2.0, "null"},
		{check.Mul, -1.0, 0.0, "0"},
		{check.Add, int64(1), 0.5, "1.5"},
		{check.Add, 1e21, 0.0, "1e+21"},
		{check.Add, 1e-7, 0.0, "1e-07"},
	} {
		got := text(t, call(check.FloatType, c.op, constant(c.x), constant(c.y)))
		if _, err := strconv.ParseFloat(got, 64); err != nil && got != "null" {
			t.Errorf("%s is no number", got)
		}
		if got != c.want {
			t.Errorf("operation %d on %v and %v: %s, want %s", c.op, c.x, c.y, got, c.want)
		}
	}
}
