package parquet

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// packed returns values of width bits one after another, the lowest bit first.
func packed(values []uint32, width uint) []byte {
	out := make([]byte, (uint(len(values))*width+7)/8)
	for i, v := range values {
		for k := range width {
			bit := uint(i)*width + k
			out[bit>>3] |= byte(v>>k&1) << (bit & 7)
		}
	}
	return out
}

// TestGatherPacked looks up indexes of all widths, and one that is beyond the table at any
// place.
func TestGatherPacked(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for width := range uint(21) {
		for _, n := range []int{1, 7, 8, 9, 64, 65, 200, 1003} {
			size := 1 + r.IntN(1<<width)
			table, indexes := make([]uint32, size), make([]uint32, n)
			for i := range table {
				table[i] = r.Uint32()
			}
			want := make([]uint32, n)
			for i := range indexes {
				indexes[i] = uint32(r.IntN(size))
				want[i] = table[indexes[i]]
			}
			got := make([]uint32, n)
			if err := gatherPacked(got, packed(indexes, width), width, table); err != nil || !slices.Equal(got, want) {
				t.Fatalf("width %d, %d values: %v", width, n, err)
			}
			few := make([]uint8, size)
			for i := range few {
				few[i] = uint8(table[i])
			}
			bytes := make([]uint8, n)
			err := gatherPacked(bytes, packed(indexes, width), width, few)
			if i := slices.IndexFunc(want, func(v uint32) bool { b := bytes[0]; bytes = bytes[1:]; return b != uint8(v) }); i >= 0 || err != nil {
				t.Fatalf("width %d, %d values: byte %d: %v", width, n, i, err)
			}
			if size == 1<<width {
				continue
			}
			indexes[r.IntN(n)] = uint32(size)
			if err := gatherPacked(got, packed(indexes, width), width, table); err == nil {
				t.Fatalf("width %d, %d values: an index beyond %d is read", width, n, size)
			}
			if err := gatherPacked(make([]uint8, n), packed(indexes, width), width, few); err == nil {
				t.Fatalf("width %d, %d values: an index beyond %d of bytes is read", width, n, size)
			}
		}
	}
}

// TestUnpackLevels reads levels of all widths, and one that is too high.
func TestUnpackLevels(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for limit := 1; limit < 256; limit += 1 + limit/7 {
		width := widthOf(byte(limit))
		for _, n := range []int{1, 8, 63, 64, 100, 1000} {
			want := make([]uint32, n)
			for i := range want {
				want[i] = uint32(r.IntN(limit + 1))
			}
			got := make([]byte, n)
			if !unpack(got, packed(want, width), width, byte(limit)) {
				t.Fatalf("limit %d: refused", limit)
			}
			for i, v := range want {
				if uint32(got[i]) != v {
					t.Fatalf("limit %d: value %d is %d, not %d", limit, i, got[i], v)
				}
			}
			if limit+1 == 1<<width {
				continue
			}
			want[r.IntN(n)] = uint32(limit + 1)
			if unpack(got, packed(want, width), width, byte(limit)) {
				t.Fatalf("limit %d: %d is read", limit, limit+1)
			}
		}
	}
}

func BenchmarkGather(b *testing.B) {
	for _, width := range []uint{1, 6, 8, 13} {
		b.Run("", func(b *testing.B) {
			const n = 50_000
			r := rand.New(rand.NewPCG(3, 4))
			indexes, table, to := make([]uint32, n), make([]uint8, 1<<width), make([]uint8, n)
			for i := range indexes {
				indexes[i] = r.Uint32N(1 << width)
			}
			src := packed(indexes, width)
			b.SetBytes(n)
			for b.Loop() {
				if err := gatherPacked(to, src, width, table); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
