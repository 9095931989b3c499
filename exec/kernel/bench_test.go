package kernel_test

import (
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
