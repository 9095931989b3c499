package column_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/segq/segq/exec/column"
)

// Columns of each kind have the filling that a map of their values has.
func TestFilling(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for round := range 200 {
		n, most := rng.IntN(300), 1+rng.IntN(300)
		keys := make([]int, n)
		valid := column.NewBitmap(n)
		ints, floats, times := &column.Ints{Valid: valid, I64: make([]int64, n)}, &column.Floats{Valid: valid, V: make([]float64, n)}, &column.Timestamps{Valid: valid, V: make([]int64, n)}
		texts := &column.Texts{Valid: valid, Offsets: make([]uint32, 1, n+1)}
		for i := range keys {
			keys[i] = -1
			if rng.IntN(4) > 0 {
				keys[i] = rng.IntN(most)
				valid.Set(i)
				ints.I64[i], floats.V[i], times.V[i] = int64(keys[i])<<40, float64(keys[i])/8, int64(keys[i])
				texts.Bytes = fmt.Append(texts.Bytes, keys[i])
			}
			texts.Offsets = append(texts.Offsets, uint32(len(texts.Bytes)))
		}
		want := fillingOf(keys)
		sorted, err := column.Sorted(t.Context(), texts, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []column.Column{ints, floats, times, texts, sorted, column.Compact(ints), column.Compact(sorted)} {
			if got := column.FillingOf(c); got != want {
				t.Fatalf("round %d, %T: %+v, not %+v", round, c, got, want)
			}
		}
	}
}

func fillingOf(keys []int) (f column.Filling) {
	counts := map[int]int{}
	for row, k := range keys {
		if k < 0 {
			continue
		}
		f.Values++
		if counts[k]++; counts[k] == 2 && f.First == 0 {
			f.First = row
		}
	}
	f.Distinct = len(counts)
	for _, n := range counts {
		if n > 1 {
			f.Repeated++
			f.Repeats += n
		}
	}
	return f
}

func TestFillingOfZeros(t *testing.T) {
	got := column.FillingOf(&column.Floats{V: []float64{0, math.Copysign(0, -1), 1}})
	if want := (column.Filling{Values: 3, Distinct: 2, Repeated: 1, Repeats: 2, First: 1}); got != want {
		t.Errorf("%+v, not %+v", got, want)
	}
}

// 10M texts all of which differ, as ids are.
func BenchmarkFillingOfTexts(b *testing.B) {
	const n = 10_000_000
	c := &column.Texts{Offsets: make([]uint32, 1, n+1)}
	for i := range n {
		c.Bytes = fmt.Appendf(c.Bytes, "p-%07d", i)
		c.Offsets = append(c.Offsets, uint32(len(c.Bytes)))
	}
	for b.Loop() {
		column.FillingOf(c)
	}
}
