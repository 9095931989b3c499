package kernel_test

import (
	"math/rand/v2"
	"testing"

	"github.com/segq/segq/exec/kernel"
)

func TestTranspose(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		var m [64]uint64
		for i := range m {
			m[i] = r.Uint64() & r.Uint64()
		}
		got := m
		kernel.Transpose(&got)
		for i := range 64 {
			for j := range 64 {
				if m[i]>>j&1 != got[j]>>i&1 {
					t.Fatalf("bit %d of word %d", j, i)
				}
			}
		}
	}
}

func BenchmarkTranspose(b *testing.B) {
	var m [64]uint64
	for i := range m {
		m[i] = uint64(i) * 0x9e3779b97f4a7c15
	}
	for b.Loop() {
		kernel.Transpose(&m)
	}
}
