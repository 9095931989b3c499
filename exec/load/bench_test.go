package load_test

import (
	"testing"

	"github.com/segq/segq/exec/load"
)

func BenchmarkNDJSON(b *testing.B) {
	data := writeNDJSON(b, profiles(50_000))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if s, _ := mustLoad(b, data, "ndjson", load.Options{}); s.Rows() != 50_000 {
			b.Fatal(s.Rows())
		}
	}
}

func BenchmarkParquet(b *testing.B) {
	data := writeParquet(b, profiles(50_000))
	b.ReportAllocs()
	for b.Loop() {
		if s, _ := mustLoad(b, data, "parquet", load.Options{}); s.Rows() != 50_000 {
			b.Fatal(s.Rows())
		}
	}
	b.ReportMetric(50_000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
