package statistic_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/segq/segq/exec/statistic"
)

// exactly adds with so many bits that nothing is rounded before the end.
func exactly(numbers []float64) float64 {
	sum := new(big.Float).SetPrec(4096)
	for _, x := range numbers {
		sum.Add(sum, new(big.Float).SetFloat64(x))
	}
	f, _ := sum.Float64()
	return f
}

// numbers makes floats of all magnitudes, some of which cancel out.
func numbers(r *rand.Rand, n int) []float64 {
	spread := []uint64{1, 4, 64, 0x7fe}[r.IntN(4)]
	least := r.Uint64N(0x7ff - spread)
	var out []float64
	for len(out) < n {
		x := math.Float64frombits(r.Uint64()&(1<<63|1<<52-1) | (least+r.Uint64N(spread))<<52)
		out = append(out, x)
		if r.IntN(3) == 0 {
			out = append(out, -x)
		}
	}
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func TestSumIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		all := numbers(r, r.IntN(12))
		var s statistic.Sum
		for _, x := range all {
			s.Add(x)
		}
		if got, want := s.Value(), exactly(all); got != want {
			t.Fatalf("the sum of %v: got %g, want %g", all, got, want)
		}
	}
}

// However the numbers are divided, and in whatever order the parts come.
func TestSumOfParts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		all := numbers(r, 1+r.IntN(50))
		parts := make([]statistic.Sum, 1+r.IntN(5))
		for _, x := range all {
			parts[r.IntN(len(parts))].Add(x)
		}
		var s statistic.Sum
		for i := range parts {
			before := parts[i]
			s.Merge(&parts[i])
			if parts[i] != before {
				t.Fatal("merging has changed the other sum")
			}
		}
		if got, want := s.Value(), exactly(all); got != want {
			t.Fatalf("the sum of %v: got %g, want %g", all, got, want)
		}
	}
}

// A number that is added at once as often as another sum adds it.
func TestSumOfManyTimes(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	inf := math.Inf(1)
	for range 2000 {
		all := append(numbers(r, 1+r.IntN(4)), 0, math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, inf, math.NaN())
		var at, one statistic.Sum
		for range 3 {
			x, n := all[r.IntN(len(all))], r.IntN(300)
			at.AddTimes(x, n)
			for range n {
				one.Add(x)
			}
		}
		if got, want := at.Value(), one.Value(); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Fatalf("got %g, want %g", got, want)
		}
	}
}

func TestSumAtTheEdges(t *testing.T) {
	inf, least := math.Inf(1), math.SmallestNonzeroFloat64
	for _, c := range []struct {
		numbers []float64
		want    float64
	}{
		{nil, 0},
		{[]float64{math.Copysign(0, -1)}, 0},
		{[]float64{least}, least},
		{[]float64{-least, -least}, -2 * least},
		{[]float64{1e308, 1e308, -1e308}, 1e308},
		{[]float64{math.MaxFloat64, math.MaxFloat64}, inf},
		{[]float64{-math.MaxFloat64, -math.MaxFloat64}, -inf},
		{[]float64{math.MaxFloat64, least}, math.MaxFloat64},
		{[]float64{1, 1e100, 1, -1e100}, 2},
		{[]float64{1, math.Ldexp(1, -53)}, 1},                       // half way, to the even one
		{[]float64{1, math.Ldexp(1, -53), least}, 1 + 0x1p-52},      // a little above half way
		{[]float64{1 + 0x1p-52, math.Ldexp(1, -53)}, 1 + 2*0x1p-52}, // half way, to the even one
		{[]float64{inf, 1}, inf},
		{[]float64{1, -inf}, -inf},
	} {
		var s statistic.Sum
		for _, x := range c.numbers {
			s.Add(x)
		}
		if got := s.Value(); got != c.want || math.Signbit(got) != math.Signbit(c.want) {
			t.Errorf("the sum of %v: got %g, want %g", c.numbers, got, c.want)
		}
	}
	for _, odd := range [][]float64{{math.NaN(), 1}, {inf, -inf}, {inf, math.NaN()}} {
		var s statistic.Sum
		for _, x := range odd {
			s.Add(x)
		}
		if got := s.Value(); !math.IsNaN(got) {
			t.Errorf("the sum of %v: got %g", odd, got)
		}
	}
}

func BenchmarkSum(b *testing.B) {
	var s statistic.Sum
	for i := 0; b.Loop(); i++ {
		s.Add(float64(i) * 1.1)
	}
}
