package load_test

import (
	"runtime"
	"testing"

	"github.com/segq/segq/exec/load"
)

const benchRows = 100_000

func BenchmarkNDJSON(b *testing.B) { benchmarkLoad(b, writeNDJSON(b, profiles(benchRows)), "ndjson") }

func BenchmarkParquet(b *testing.B) {
	benchmarkLoad(b, writeParquet(b, profiles(benchRows)), "parquet")
}

// benchmarkLoad reports the bytes allocated for each byte of the table besides
// the time: what a load costs in memory, garbage included.
func benchmarkLoad(b *testing.B, data []byte, format string) {
	b.SetBytes(int64(len(data)))
	var before, after runtime.MemStats
	var result int64
	runtime.ReadMemStats(&before)
	for b.Loop() {
		s, _ := mustLoad(b, data, format, load.Options{})
		if s.Rows() != benchRows {
			b.Fatal(s.Rows())
		}
		result += s.Bytes()
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(result), "B/result-B")
	b.ReportMetric(float64(benchRows*b.N)/b.Elapsed().Seconds(), "rows/s")
}
