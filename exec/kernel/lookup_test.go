package kernel_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/segq/segq/exec/kernel"
)

// TestLookup unpacks values one by one, and looks them up. What is beyond the table is told.
func TestLookup(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		width, n := uint(r.IntN(10)), r.IntN(300)
		src, table := make([]byte, (uint(n)*width+7)/8+uint(r.IntN(20))), make([]uint8, r.IntN(1<<width)+1)
		for i := range src {
			src[i] = uint8(r.Uint32())
		}
		for i := range table {
			table[i] = uint8(r.Uint32())
		}
		got := make([]uint8, n)
		done, most := kernel.Lookup(got, src, width, table)
		greatest := 0
		for i := range done {
			v := 0
			for k := range width {
				bit := uint(i)*width + k
				v |= int(src[bit/8]>>(bit%8)&1) << k
			}
			greatest = max(greatest, v)
			if v < len(table) && got[i] != table[v] {
				t.Fatalf("value %d of %d, %d bits each, is %d, not %d", i, n, width, got[i], table[v])
			}
		}
		if done > n || int(most) != greatest {
			t.Fatalf("%d of %d values of %d bits, the greatest %d, not %d", done, n, width, most, greatest)
		}
	}
}

// TestExpand moves values one by one, within the same memory as well.
func TestExpand(t *testing.T) {
	t.Run("8", testExpand[uint8])
	t.Run("16", testExpand[uint16])
}

func testExpand[T uint8 | uint16](t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 1000 {
		mask, nulls := make([]uint64, r.IntN(8)), 0
		for i := range mask {
			mask[i] = r.Uint64() | r.Uint64() | r.Uint64()
			for b := range 64 {
				nulls += int(^mask[i] >> b & 1)
			}
		}
		places := 64 * len(mask)
		all := make([]T, places)
		values := all[nulls:]
		for i := range values {
			values[i] = T(1 + r.IntN(200))
		}
		src := append([]T(nil), values...)
		words, used := kernel.Expand(all, values, mask)
		next := 0
		for i := range 64 * words {
			want := T(0)
			if mask[i/64]>>(i%64)&1 == 1 {
				want = src[next]
				next++
			}
			if all[i] != want {
				t.Fatalf("place %d of %d is %d, not %d", i, places, all[i], want)
			}
		}
		if used != next {
			t.Fatalf("%d values, not %d", used, next)
		}
	}
}

func TestSomeNaN(t *testing.T) {
	for _, n := range []int{0, 1, 63, 4095, 4096, 4097, 9000} {
		values := make([]float64, n)
		for i := range values {
			values[i] = []float64{0, -1.5, math.Inf(1), math.Inf(-1), math.MaxFloat64}[i%5]
		}
		if kernel.SomeNaN(values) {
			t.Errorf("%d numbers", n)
		}
		for _, at := range []int{0, n / 2, n - 1} {
			if at < 0 || at >= n {
				continue
			}
			was := values[at]
			if values[at] = math.NaN(); !kernel.SomeNaN(values) {
				t.Errorf("none at %d of %d", at, n)
			}
			values[at] = was
		}
	}
}
