package load

import (
	"math/bits"
	"math/rand/v2"
	"testing"
)

// TestPlanesOfLevels compares what is done with 64 levels at once with what is done with
// each.
func TestPlanesOfLevels(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		n, most := r.IntN(300), 1+r.IntN(255)
		levels := make([]byte, n)
		for i := range levels {
			levels[i] = byte(r.IntN(most + 1))
		}
		least := byte(1 + r.IntN(most))
		got := make([]uint64, (n+63)/64)
		atLeast(got, levels, least, byte(most))
		for i, level := range levels {
			if is := got[i>>6]>>(i&63)&1 != 0; is != (level >= least) {
				t.Fatalf("level %d of %d is %d, at least %d: %v", i, n, level, least, is)
			}
		}
	}
}

// TestExtract compares moved bits with bits moved one by one, densely and thinly set.
func TestExtract(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	for range 20_000 {
		x, m := r.Uint64(), r.Uint64()
		for range r.IntN(4) {
			m &= r.Uint64()
		}
		if r.IntN(2) == 0 {
			m = ^m
		}
		want, at := uint64(0), 0
		for b := m; b != 0; b &= b - 1 {
			want |= x >> bits.TrailingZeros64(b) & 1 << at
			at++
		}
		if got := extract(x, m); got != want {
			t.Fatalf("%x of %x is %x, not %x", m, x, got, want)
		}
		to := make([]uint64, 3)
		from := r.IntN(64)
		compress(to, from, []uint64{x}, []uint64{m})
		if got := to[0]>>from | to[1]<<(64-from); got != want {
			t.Fatalf("%x of %x, from bit %d, is %x, not %x", m, x, from, got, want)
		}
	}
}

// TestToSlots compares values moved to their slots with values moved one by one.
func TestToSlots(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	for range 3000 {
		from, slots, dense := r.IntN(100), r.IntN(900), r.IntN(11)
		at := span{from: from, slots: slots, valid: make([]uint64, (from+slots+63)/64+1)}
		want := make([]float64, slots)
		var values []float64
		for i := range slots {
			if r.IntN(10) < dense {
				at.valid.Set(from + i)
				values = append(values, float64(1+i))
				want[i] = float64(1 + i)
			}
		}
		at.n = len(values)
		got, bytes, shorts := make([]float64, slots), make([]uint8, slots), make([]uint16, slots)
		copy(got[slots-at.n:], values)
		for i, v := range values {
			bytes[slots-at.n+i], shorts[slots-at.n+i] = uint8(v), uint16(v)
		}
		toSlots(got, at)
		toSlots(bytes, at)
		toSlots(shorts, at)
		for i := range want {
			if got[i] != want[i] || bytes[i] != uint8(want[i]) || shorts[i] != uint16(want[i]) {
				t.Fatalf("slot %d of %d is %v, %v and %v, not %v", i, slots, got[i], bytes[i], shorts[i], want[i])
			}
		}
	}
}
