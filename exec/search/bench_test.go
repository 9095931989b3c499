package search_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/segq/segq/exec/search"
	"github.com/segq/segq/lang/check"
)

// BenchmarkBlock searches a million mail addresses, in blocks of 4,096 rows.
func BenchmarkBlock(b *testing.B) {
	const rows, block = 1_000_000, 4096
	var text []byte
	offsets := []uint32{0}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range rows {
		text = fmt.Appendf(text, "u%d@ex%d.com", i, r.IntN(50))
		offsets = append(offsets, uint32(len(text)))
	}
	var hundred []any
	for i := range 100 {
		hundred = append(hundred, fmt.Sprintf("u%d@ex%d.com", i*1234, i%50))
	}
	for _, test := range []struct {
		name string
		op   check.Op
		fold bool
		part any
	}{
		{"equal", check.Eq, false, "u123456@ex7.com"},
		{"prefix", check.StartsWith, false, "u12"},
		{"suffix", check.EndsWith, false, "7.com"},
		{"contains", check.Contains, false, "5@ex3"},
		{"contains-all", check.Contains, false, "@"},
		{"contains-none", check.Contains, false, "nobody"},
		{"contains-nocase", check.Contains, true, "5@EX3"},
		{"in-100", check.In, false, hundred},
		{"regex", check.Matches, false, `^u[0-9]*7@ex1[0-9]\.com$`},
		{"like", check.Like, false, "u%7@ex1_.com"},
	} {
		b.Run(test.name, func(b *testing.B) {
			s, ok := search.New(&check.Call{Op: test.op, Fold: test.fold, Args: []check.Node{nil, constant(test.part)}}, text)
			if !ok {
				b.Fatal(test)
			}
			dst := make([]uint64, block/64)
			for b.Loop() {
				for at := 0; at < rows; at += block {
					end := min(at+block, rows)
					s.Block(dst[:(end-at+63)/64], text, offsets[at:end+1], nil)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
		})
	}
}
