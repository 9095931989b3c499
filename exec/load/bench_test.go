package load_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/segq/segq/exec/load"
)

const benchRows = 100_000

func BenchmarkNDJSON(b *testing.B) { benchmarkLoad(b, writeNDJSON(b, profiles(benchRows)), "ndjson") }

func BenchmarkParquet(b *testing.B) {
	benchmarkLoad(b, writeParquet(b, profiles(benchRows)), "parquet")
}

// BenchmarkOpen loads the files that SEGQ_LOAD names, such as those that exec/peers makes, or
// some rows, and reports what the columns hold, what the load says that it held at most, and
// what the process did (of Linux), all for one load with -benchtime 1x:
//
//	SEGQ_LOAD=flat.parquet go test ./exec/load -run - -bench Open -benchtime 1x
func BenchmarkOpen(b *testing.B) {
	file := os.Getenv("SEGQ_LOAD")
	if file == "" {
		file = filepath.Join(b.TempDir(), "profiles.parquet")
		if err := os.WriteFile(file, writeParquet(b, profiles(benchRows)), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	const mb = 1 << 20
	rows := 0
	for b.Loop() {
		s, report, err := load.Open(b.Context(), []string{file}, load.Options{})
		if err != nil {
			b.Fatal(err)
		}
		rows += s.Rows()
		b.ReportMetric(float64(report.Columns)/mb, "columns-MB")
		b.ReportMetric(float64(report.Peak)/mb, "peak-MB")
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		if _, after, ok := strings.Cut(string(status), "VmHWM:"); ok {
			var kb float64
			if _, err := fmt.Sscan(after, &kb); err == nil {
				b.ReportMetric(kb/1024, "process-MB")
			}
		}
	}
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

func BenchmarkCSV(b *testing.B) { benchmarkLoad(b, writeCSV(benchRows), "csv") }

// writeCSV returns a table of cells of all kinds.
func writeCSV(rows int) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	b := []byte("id,name,age,score,x,ok,day,city,note,empty\n")
	for i := range rows {
		b = fmt.Appendf(b, "%d,user-%06d,%d,%.2f,%v,%t,2026-01-%02d,%s,\"a, %d\",\n", i, random.IntN(rows), random.IntN(99),
			random.Float64()*1000, random.NormFloat64(), i%3 == 0, 1+i%31, []string{"Berlin", "Boston", "Paris"}[i%3], i%7)
	}
	return b
}
