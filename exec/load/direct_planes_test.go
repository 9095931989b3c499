package load

import (
	"math/bits"
	"math/rand/v2"
	"testing"
)

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
		for _, got := range []uint64{extract(x, m), squeeze(x, m)} {
			if got != want {
				t.Fatalf("%x of %x is %x, not %x", m, x, got, want)
			}
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

// TestBitsToSlots compares bits moved to their slots with bits moved one by one.
func TestBitsToSlots(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	for range 3000 {
		from, slots, dense := r.IntN(100), r.IntN(400), r.IntN(11)
		at := span{from: from, slots: slots, valid: make([]uint64, (from+slots+63)/64+1)}
		want := make([]uint64, (from+slots+63)/64+1)
		var values []uint64
		for i := range slots {
			if r.IntN(10) >= dense {
				continue
			}
			at.valid[(from+i)>>6] |= 1 << ((from + i) & 63)
			if at.n&63 == 0 {
				values = append(values, 0)
			}
			bit := r.Uint64() & 1
			values[at.n>>6] |= bit << (at.n & 63)
			want[(from+i)>>6] |= bit << ((from + i) & 63)
			at.n++
		}
		got := make([]uint64, len(want))
		bitsToSlots(got, values, at)
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%d slots from %d: word %d is %x, not %x", slots, from, i, got[i], want[i])
			}
		}
	}
}
