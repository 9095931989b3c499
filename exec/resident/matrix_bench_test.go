package resident

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkCodes makes lists of a thousand rules of which each holds for one row in 14.
func BenchmarkCodes(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	words := make([]uint64, 512*16)
	for i := range words {
		for range r.IntN(10) {
			words[i] |= 1 << r.IntN(64)
		}
	}
	var codes []uint16
	pairs := 0
	for b.Loop() {
		pairs = 0
		for row := range 512 {
			codes, pairs = appendCodes(codes, pairs, words[row*16:][:16])
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(pairs), "ns/pair")
}
