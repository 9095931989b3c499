package kernel_test

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/segq/segq/exec/kernel"
)

// sizes are numbers of rows around the ends of words and tiles.
var sizes = []int{0, 1, 7, 63, 64, 65, 511, 512, 513, 1000, 1024, 4096, 8191, 8192, 9000}

// randomBits returns words for n bits, of which about one in every is set, and the
// rest of the last word zero.
func randomBits(rng *rand.Rand, n, words, every int) []uint64 {
	b := make([]uint64, words)
	for i := range n {
		if rng.IntN(every) == 0 {
			b[i>>6] |= 1 << (i & 63)
		}
	}
	return b
}

func get(b []uint64, i int) bool { return b[i>>6]>>(i&63)&1 != 0 }

func TestSelect8(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range sizes {
		for _, classes := range []int{1, 2, 16, 17, 64, 65, 128, 129, 255, 256} {
			src := make([]uint8, n)
			for i := range src {
				src[i] = uint8(rng.IntN(classes))
			}
			var valid []uint64
			if classes%2 == 0 {
				valid = randomBits(rng, n, (n+63)/64, 2)
			}
			null := uint8(rng.IntN(classes))
			var table [256]uint8
			for i := range classes {
				table[i] = uint8(rng.Uint32())
			}
			staged := make([]uint8, kernel.Staged(n))
			kernel.Stage(staged, src, valid, null)
			stride := kernel.Words(n) + rng.IntN(3)*8
			dst := dirty(64 * (7*stride + kernel.Words(n)))
			kernel.Select8(dst, stride, staged, n, &table, classes)
			for p := range 8 {
				got := dst[p*stride : p*stride+kernel.Words(n)]
				for i := range 64 * len(got) {
					want := false
					if i < n {
						class := src[i]
						if valid != nil && !get(valid, i) {
							class = null
						}
						want = table[class]>>p&1 != 0
					}
					if get(got, i) != want {
						t.Fatalf("%d rows, %d classes, predicate %d: row %d is %t", n, classes, p, i, !want)
					}
				}
			}
		}
	}
}

func TestProgram(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, n := range sizes {
		words := kernel.Words(n)
		const given, made = 12, 40
		stride := words + 8*rng.IntN(2)
		arena := make([]uint64, (given+made)*stride)
		for slot := range given {
			copy(arena[slot*stride:], randomBits(rng, n, words, 2))
		}
		want := slices.Clone(arena)
		var p kernel.Program
		var counts []int
		for i := range made {
			and, andNot, or := 1+rng.IntN(5), rng.IntN(4), rng.IntN(4)
			dst := uint32((given + i) * stride)
			var operands []uint32
			for range and + andNot + or {
				operands = append(operands, uint32(rng.IntN(given+i)*stride))
			}
			count := 0
			for k := range words {
				w := ^uint64(0)
				for j, o := range operands {
					x := want[int(o)+k]
					switch {
					case j < and:
						w &= x
					case j < and+andNot:
						w &^= x
					default:
						w |= x
					}
				}
				count += bits.OnesCount64(w)
				if i%5 != 0 {
					want[int(dst)+k] = w
				}
			}
			if i%5 == 0 {
				dst = kernel.NoPlace
			}
			p.Add(dst, operands, and, andNot)
			counts = append(counts, count)
		}
		ones := make([]int, p.Len())
		p.Run(ones, arena, kernel.Tiles(n))
		if !slices.Equal(ones, counts) {
			t.Fatalf("%d rows: counted %d, want %d", n, ones, counts)
		}
		if !slices.Equal(arena, want) {
			t.Fatalf("%d rows: other bits than the plain loop", n)
		}
	}
}

// lists returns the bits of the last elements of lists of random lengths, and which
// lists have any, and the first element of each and one more.
func lists(rng *rand.Rand, rows, longest int) (ends, filled []uint64, offsets []int) {
	offsets = []int{0}
	filled = make([]uint64, (rows+63)/64)
	for i := range rows {
		n := rng.IntN(longest + 1)
		if n > 0 {
			filled[i>>6] |= 1 << (i & 63)
		}
		offsets = append(offsets, offsets[i]+n)
	}
	ends = make([]uint64, (offsets[rows]+63)/64)
	for i := range rows {
		if last := offsets[i+1] - 1; last >= offsets[i] {
			ends[last>>6] |= 1 << (last & 63)
		}
	}
	return ends, filled, offsets
}

func TestFold(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, rows := range []int{1, 2, 63, 64, 65, 1000} {
		for _, longest := range []int{1, 3, 10, 200} {
			ends, filled, offsets := lists(rng, rows, longest)
			m := randomBits(rng, offsets[rows], len(ends), 1+rng.IntN(4))
			for drops := range 9 {
				rest, packed := slices.Clone(m), make([]uint64, len(filled)+1)
				kernel.Lists(packed, rest, rest, ends, drops)
				got := make([]uint64, len(filled))
				kernel.Unpack(got, packed, filled)
				for i := range rows {
					n := 0
					for e := offsets[i]; e < offsets[i+1]; e++ {
						is := get(m, e)
						if is {
							n++
						}
						if get(rest, e) != (is && n > drops) {
							t.Fatalf("%d rows of up to %d, %d drops: element %d of row %d is left: %t", rows, longest, drops, e, i, get(rest, e))
						}
					}
					if get(got, i) != (n > drops) {
						t.Fatalf("%d rows of up to %d: row %d has %d, and more than %d: %t", rows, longest, i, n, drops, n <= drops)
					}
				}
			}
		}
	}
}

func TestTranslate(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	table := new([1 << 16]uint8)
	for i := range table {
		table[i] = uint8(rng.Uint32())
	}
	for _, n := range sizes {
		src, small := make([]uint16, n), make([]uint8, n)
		for i := range src {
			src[i], small[i] = uint16(rng.Uint32()), uint8(rng.Uint32())
		}
		a, b, c := make([]uint8, n), make([]uint8, n), make([]uint8, n)
		kernel.TranslateUint16(a, src, table)
		kernel.Translate(b, src, table[:])
		kernel.Translate(c, small, table[:])
		for i := range src {
			if a[i] != table[src[i]] || b[i] != a[i] || c[i] != table[small[i]] {
				t.Fatalf("row %d of %d: %d, %d and %d", i, n, a[i], b[i], c[i])
			}
		}
	}
}

func TestPairs(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	floats := []float64{0, math.Copysign(0, -1), 1, -1, math.Inf(1), math.Inf(-1), math.NaN(), 1e300}
	for _, n := range sizes {
		x, y, a, b := make([]float64, n), make([]float64, n), make([]int64, n), make([]int64, n)
		for i := range n {
			x[i], y[i] = floats[rng.IntN(len(floats))], floats[rng.IntN(len(floats))]
			a[i], b[i] = rng.Int64N(3)-1, rng.Int64N(3)-1
			if rng.IntN(5) == 0 {
				a[i] = math.MinInt64
			}
		}
		for name, test := range map[string]struct {
			run  func(dst []uint64)
			want func(i int) bool
		}{
			"floats less":           {func(dst []uint64) { kernel.Less(dst, x, y) }, func(i int) bool { return x[i] < y[i] }},
			"floats less or equal":  {func(dst []uint64) { kernel.LessEqual(dst, x, y) }, func(i int) bool { return x[i] <= y[i] }},
			"floats equal":          {func(dst []uint64) { kernel.Equal(dst, x, y) }, func(i int) bool { return x[i] == y[i] }},
			"integers less":         {func(dst []uint64) { kernel.Less(dst, a, b) }, func(i int) bool { return a[i] < b[i] }},
			"integers less or same": {func(dst []uint64) { kernel.LessEqual(dst, a, b) }, func(i int) bool { return a[i] <= b[i] }},
			"integers equal":        {func(dst []uint64) { kernel.Equal(dst, a, b) }, func(i int) bool { return a[i] == b[i] }},
		} {
			dst := dirty(n)
			test.run(dst)
			same(t, name, n, dst, pack(n, test.want))
		}
	}
}

// A tier that the environment asks for is the one under test.
func TestTier(t *testing.T) {
	tier, err := kernel.Tier()
	if err != nil {
		t.Fatal(err)
	}
	if want := os.Getenv("SEGQ_KERNEL"); want != "" && want != tier {
		t.Errorf("%s is in use, not %s", tier, want)
	}
	t.Logf("kernels: %s", tier)
}
