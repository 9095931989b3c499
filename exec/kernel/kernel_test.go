package kernel_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/segq/segq/exec/kernel"
)

// lengths are those where whole words, ragged tails and nothing at all meet.
var lengths = []int{0, 1, 7, 8, 63, 64, 65, 127, 128, 200, 1000}

// pack is the twin of every kernel that writes one bit a value: it asks f.
func pack(n int, f func(i int) bool) []uint64 {
	b := make([]uint64, (n+63)/64)
	for i := range n {
		if f(i) {
			b[i/64] |= 1 << (i % 64)
		}
	}
	return b
}

// dirty returns a destination whose old contents must not shine through.
func dirty(n int) []uint64 {
	b := make([]uint64, (n+63)/64)
	for i := range b {
		b[i] = 0xdeadbeefdeadbeef
	}
	return b
}

func same(t *testing.T, what string, n int, got, want []uint64) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Fatalf("%s over %d values: got %x, want %x", what, n, got, want)
	}
}

func testRange[T kernel.Integer](t *testing.T, edges ...T) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range lengths {
		src := make([]T, n)
		for i := range src {
			src[i] = T(rng.Uint64())
			if rng.IntN(2) == 0 {
				src[i] = edges[rng.IntN(len(edges))]
			}
		}
		for _, lo := range edges {
			for _, hi := range edges {
				want := pack(n, func(i int) bool { return lo <= src[i] && src[i] <= hi })
				got := dirty(n)
				kernel.Range(got, src, lo, hi)
				same(t, "Range", n, got, want)
				got = dirty(n)
				switch s := any(src).(type) {
				case []uint8:
					kernel.RangeUint8(got, s, uint8(lo), uint8(hi))
					same(t, "RangeUint8", n, got, want)
				case []int8:
					kernel.RangeInt8(got, s, int8(lo), int8(hi))
					same(t, "RangeInt8", n, got, want)
				}
			}
		}
	}
}

func TestRange(t *testing.T) {
	testRange[int8](t, -128, -127, -1, 0, 1, 5, 126, 127)
	testRange[uint8](t, 0, 1, 2, 127, 128, 129, 254, 255)
	testRange[int16](t, math.MinInt16, -1, 0, 3, math.MaxInt16)
	testRange[uint16](t, 0, 1, 0x7fff, 0x8000, math.MaxUint16)
	testRange[int32](t, math.MinInt32, -1, 0, 3, math.MaxInt32)
	testRange[uint32](t, 0, 1, 0x7fffffff, 0x80000000, math.MaxUint32)
	testRange[int64](t, math.MinInt64, -1, 0, 3, math.MaxInt64)
}

// Every byte against every range of bytes: all there is.
func TestRangeBytesExhaustive(t *testing.T) {
	src := make([]uint8, 256)
	for i := range src {
		src[i] = uint8(i)
	}
	got := make([]uint64, 4)
	for lo := range 256 {
		for hi := range 256 {
			kernel.RangeUint8(got, src, uint8(lo), uint8(hi))
			same(t, "RangeUint8", 256, got, pack(256, func(i int) bool { return lo <= i && i <= hi }))
		}
	}
}

func TestRangeFloat(t *testing.T) {
	edges := []float64{math.Inf(-1), -math.MaxFloat64, -1, math.Copysign(0, -1), 0,
		math.SmallestNonzeroFloat64, 0.5, math.MaxFloat64, math.Inf(1), math.NaN()}
	rng := rand.New(rand.NewPCG(3, 4))
	for _, n := range lengths {
		src := make([]float64, n)
		for i := range src {
			src[i] = edges[rng.IntN(len(edges))]
		}
		for _, lo := range edges {
			for _, hi := range edges {
				got := dirty(n)
				kernel.RangeFloat(got, src, lo, hi)
				same(t, "RangeFloat", n, got, pack(n, func(i int) bool { return src[i] >= lo && src[i] <= hi }))
			}
		}
	}
}

func testMember[T kernel.Code](t *testing.T, codes int) {
	t.Helper()
	rng := rand.New(rand.NewPCG(5, 6))
	for _, n := range lengths {
		set := make(map[T]bool)
		bitmap := make([]uint64, (codes+63)/64)
		for range codes / 3 {
			c := rng.IntN(codes)
			set[T(c)] = true
			bitmap[c/64] |= 1 << (c % 64)
		}
		src := make([]T, n)
		for i := range src {
			src[i] = T(rng.IntN(codes))
		}
		want := pack(n, func(i int) bool { return set[src[i]] })
		got := dirty(n)
		kernel.Member(got, src, bitmap)
		same(t, "Member", n, got, want)
		if s, ok := any(src).([]uint8); ok {
			got = dirty(n)
			kernel.MemberUint8(got, s, (*[4]uint64)(bitmap))
			same(t, "MemberUint8", n, got, want)
		}
	}
}

func TestMember(t *testing.T) {
	testMember[uint8](t, 256)
	testMember[uint16](t, 3000)
	testMember[uint32](t, 70000)
}

func TestMemberSorted(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for _, n := range lengths {
		for _, size := range []int{1, 2, 3, 7, 64, 100} {
			set := make([]int64, size)
			for i := range set {
				set[i] = rng.Int64N(300) - 150
			}
			slices.Sort(set)
			src := make([]int16, n)
			for i := range src {
				src[i] = int16(rng.IntN(320) - 160)
			}
			got := dirty(n)
			kernel.MemberSorted(got, src, set)
			same(t, "MemberSorted", n, got, pack(n, func(i int) bool { return slices.Contains(set, int64(src[i])) }))
		}
	}
}

func TestBitmaps(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for _, n := range lengths {
		a := pack(n, func(int) bool { return rng.IntN(2) == 0 })
		b := pack(n, func(int) bool { return rng.IntN(3) == 0 })
		get := func(x []uint64, i int) bool { return x[i/64]>>(i%64)&1 == 1 }
		for _, c := range []struct {
			name string
			run  func(dst []uint64)
			want func(i int) bool
		}{
			{"And", func(d []uint64) { kernel.And(d, b) }, func(i int) bool { return get(a, i) && get(b, i) }},
			{"Or", func(d []uint64) { kernel.Or(d, b) }, func(i int) bool { return get(a, i) || get(b, i) }},
			{"AndNot", func(d []uint64) { kernel.AndNot(d, b) }, func(i int) bool { return get(a, i) && !get(b, i) }},
			{"Not", func(d []uint64) { kernel.Not(d, b, n) }, func(i int) bool { return !get(b, i) }},
			{"Fill", func(d []uint64) { kernel.Fill(d, n) }, func(int) bool { return true }},
		} {
			d := slices.Clone(a)
			c.run(d)
			same(t, c.name, n, d, pack(n, c.want))
		}
		ones, both := 0, 0
		for i := range n {
			ones += int(a[i/64] >> (i % 64) & 1)
			if get(a, i) && get(b, i) {
				both++
			}
		}
		if got := kernel.Ones(a); got != ones {
			t.Errorf("Ones over %d: got %d, want %d", n, got, ones)
		}
		if got := kernel.OnesAnd(a, b); got != both {
			t.Errorf("OnesAnd over %d: got %d, want %d", n, got, both)
		}
		if got := kernel.Any(a); got != (ones > 0) {
			t.Errorf("Any over %d: got %v with %d bits", n, got, ones)
		}
	}
}

func TestExtract(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	const total = 300
	src := pack(total, func(int) bool { return rng.IntN(2) == 0 })
	for start := range total {
		for _, n := range []int{0, 1, 2, 63, 64, 65, 128, total - start} {
			if start+n > total {
				continue
			}
			got := dirty(n)
			kernel.Extract(got, src, start, n)
			same(t, "Extract", n, got, pack(n, func(i int) bool { return src[(start+i)/64]>>((start+i)%64)&1 == 1 }))
		}
	}
}

// segments makes the offsets of a block that does not start at element 0.
func segments(rng *rand.Rand, rows int) []uint32 {
	offsets := []uint32{uint32(rng.IntN(1000))}
	for range rows {
		size := 0
		switch rng.IntN(4) {
		case 1, 2:
			size = rng.IntN(6)
		case 3:
			size = rng.IntN(200)
		}
		offsets = append(offsets, offsets[len(offsets)-1]+uint32(size))
	}
	return offsets
}

func TestSegments(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	for _, rows := range lengths {
		for density := range 4 {
			offsets := segments(rng, rows)
			first := offsets[0]
			n := int(offsets[rows] - first)
			elems := pack(n, func(int) bool { return rng.IntN(4) < density })
			want, sizes := make([]uint32, rows), make([]uint32, rows)
			for r := range rows {
				for e := offsets[r] - first; e < offsets[r+1]-first; e++ {
					want[r] += uint32(elems[e/64] >> (e % 64) & 1)
					sizes[r]++
				}
			}
			got := make([]uint32, rows)
			kernel.Counts(got, elems, offsets)
			if !slices.Equal(got, want) {
				t.Fatalf("Counts over %d rows: got %v, want %v", rows, got, want)
			}
			kernel.Lengths(got, offsets)
			if !slices.Equal(got, sizes) {
				t.Fatalf("Lengths over %d rows: got %v, want %v", rows, got, sizes)
			}
			bits := dirty(rows)
			kernel.Exists(bits, elems, offsets)
			same(t, "Exists", rows, bits, pack(rows, func(i int) bool { return want[i] > 0 }))

			owner := make([]int, 0, n)
			for r := range rows {
				for range sizes[r] {
					owner = append(owner, r)
				}
			}
			spread := dirty(n)
			kernel.Spread(spread, bits, offsets)
			same(t, "Spread", n, spread, pack(n, func(i int) bool { return want[owner[i]] > 0 }))
		}
	}
}

// A kernel runs for every block of every atom: none may allocate.
func TestNothingAllocates(t *testing.T) {
	const n = 1000
	dst, src := make([]uint64, 16), make([]uint64, 32)
	i16, u8, f := make([]int16, n), make([]uint8, n), make([]float64, n)
	offsets, counts := make([]uint32, n+1), make([]uint32, n)
	set := make([]uint64, 4)
	got := testing.AllocsPerRun(10, func() {
		kernel.Range(dst, i16, 1, 2)
		kernel.RangeUint8(dst, u8, 1, 2)
		kernel.RangeFloat(dst, f, 1, 2)
		kernel.Member(dst, u8, set)
		kernel.MemberUint8(dst, u8, (*[4]uint64)(set))
		kernel.And(dst, src)
		kernel.Not(dst, src, n)
		kernel.Extract(dst, src, 5, n)
		kernel.Counts(counts, src, offsets)
		kernel.Exists(dst, src, offsets)
		kernel.Spread(dst, src, offsets)
	})
	if got != 0 {
		t.Errorf("the kernels allocate %v times", got)
	}
}

func FuzzRangeBytes(f *testing.F) {
	f.Add([]byte("hello, world"), byte('a'), byte('m'))
	f.Add(make([]byte, 130), byte(0), byte(255))
	f.Fuzz(func(t *testing.T, src []byte, lo, hi byte) {
		want := pack(len(src), func(i int) bool { return lo <= src[i] && src[i] <= hi })
		got := dirty(len(src))
		kernel.RangeUint8(got, src, lo, hi)
		same(t, "RangeUint8", len(src), got, want)
		signed := make([]int8, len(src))
		for i, b := range src {
			signed[i] = int8(b)
		}
		kernel.RangeInt8(got, signed, int8(lo), int8(hi))
		same(t, "RangeInt8", len(src), got, pack(len(src), func(i int) bool { return int8(lo) <= signed[i] && signed[i] <= int8(hi) }))
	})
}
