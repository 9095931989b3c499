package kernel_test

import (
	"fmt"
	"testing"

	"github.com/segq/segq/exec/kernel"
)

// One block, the unit that the engine hands to a kernel.
const block = 8192

func benchmark[T any](b *testing.B, src []T, want int, run func(dst []uint64, src []T)) {
	b.Helper()
	dst := make([]uint64, block/64)
	for b.Loop() {
		run(dst, src)
	}
	if got := kernel.Ones(dst); got != want {
		b.Fatalf("got %d, want %d", got, want)
	}
	b.ReportMetric(float64(block)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "rows/ns")
}

// ramp holds 0 to period-1 over and over.
func ramp[T kernel.Integer | float64](period int) []T {
	v := make([]T, block)
	for i := range v {
		v[i] = T(i % period)
	}
	return v
}

func BenchmarkRange(b *testing.B) {
	b.Run("uint8", func(b *testing.B) {
		benchmark(b, ramp[uint8](128), block/128*3, func(d []uint64, s []uint8) { kernel.RangeUint8(d, s, 2, 4) })
	})
	b.Run("uint16", func(b *testing.B) {
		benchmark(b, ramp[uint16](128), block/128*3, func(d []uint64, s []uint16) { kernel.Range(d, s, 2, 4) })
	})
	b.Run("int64", func(b *testing.B) {
		benchmark(b, ramp[int64](128), block/128*3, func(d []uint64, s []int64) { kernel.Range(d, s, 2, 4) })
	})
	b.Run("float64", func(b *testing.B) {
		benchmark(b, ramp[float64](128), block/128*3, func(d []uint64, s []float64) { kernel.RangeFloat(d, s, 2, 4) })
	})
}

func BenchmarkMember(b *testing.B) {
	set := []uint64{1<<2 | 1<<3, 1 << 5, 0, 0}
	b.Run("uint8", func(b *testing.B) {
		benchmark(b, ramp[uint8](128), block/128*3, func(d []uint64, s []uint8) { kernel.MemberUint8(d, s, (*[4]uint64)(set)) })
	})
	b.Run("uint16", func(b *testing.B) {
		benchmark(b, ramp[uint16](128), block/128*3, func(d []uint64, s []uint16) { kernel.Member(d, s, set) })
	})
}

func BenchmarkExists(b *testing.B) {
	offsets := make([]uint32, block+1)
	for i := range offsets {
		offsets[i] = uint32(i * 10)
	}
	elems := make([]uint64, block*10/64)
	for i := 0; i < block; i += 4 {
		elems[(i*10)/64] |= 1 << (i * 10 % 64)
	}
	benchmark(b, offsets, block/4, func(d []uint64, s []uint32) { kernel.Exists(d, elems, s) })
}

func BenchmarkSelect8(b *testing.B) {
	const n = 8192
	staged := make([]uint8, n)
	for _, classes := range []int{16, 64, 128, 256} {
		for i := range staged {
			staged[i] = uint8(i * 7 % classes)
		}
		var table [256]uint8
		table[0] = 0x81
		dst := make([]uint64, 8*kernel.Words(n))
		b.Run(fmt.Sprint(classes), func(b *testing.B) {
			b.SetBytes(8 * n / 8)
			for b.Loop() {
				kernel.Select8(dst, kernel.Words(n), staged, n, &table, classes)
			}
			if ones := kernel.Ones(dst[:kernel.Words(n)]); ones != n/classes {
				b.Fatalf("%d ones", ones)
			}
		})
	}
}

func BenchmarkStage(b *testing.B) {
	src, dst, valid := make([]uint8, 8192), make([]uint8, 8192), make([]uint64, 128)
	b.SetBytes(8192)
	for b.Loop() {
		kernel.Stage(dst, src, valid, 7)
	}
	if dst[100] != 7 {
		b.Fatal(dst[100])
	}
}

func BenchmarkProgram(b *testing.B) {
	const n, rules = 4096, 1000
	arena := make([]uint64, 9*kernel.Words(n))
	kernel.Fill(arena, 64*len(arena))
	for _, and := range []int{2, 3, 4} {
		var p kernel.Program
		for i := range rules {
			operands := make([]uint32, and)
			for k := range operands {
				operands[k] = uint32((i + k) % 8 * kernel.Words(n))
			}
			p.Add(kernel.NoPlace, operands, and, 0)
		}
		ones := make([]int, rules)
		b.Run(fmt.Sprint(and), func(b *testing.B) {
			b.SetBytes(int64(rules * and * n / 8))
			for b.Loop() {
				p.Run(ones, arena, kernel.Tiles(n))
			}
			if ones[rules-1] != n {
				b.Fatal(ones)
			}
		})
	}
}

func BenchmarkTranslate(b *testing.B) {
	src, dst, table := make([]uint16, 8192), make([]uint8, 8192), new([1 << 16]uint8)
	for i := range src {
		src[i] = uint16(i * 13)
		table[src[i]] = uint8(i)
	}
	b.SetBytes(8192)
	for b.Loop() {
		kernel.TranslateUint16(dst, src, table)
	}
	if dst[200] != 200 {
		b.Fatal(dst[200])
	}
}

func BenchmarkLists(b *testing.B) {
	const n = 80 << 10
	m, ends, rest, out := make([]uint64, n/64), make([]uint64, n/64), make([]uint64, n/64), make([]uint64, n/640+1)
	for i := 9; i < n; i += 10 {
		ends[i>>6] |= 1 << (i & 63)
	}
	kernel.Fill(m, n)
	for _, drops := range []int{0, 1, 3} {
		b.Run(fmt.Sprint(drops), func(b *testing.B) {
			for b.Loop() {
				kernel.Lists(out, rest, m, ends, drops)
			}
			if kernel.Ones(out) != n/10 {
				b.Fatal(kernel.Ones(out))
			}
		})
	}
}
