package parquet_test

import (
	"os"
	"testing"

	"github.com/segq/segq/exec/load/parquet"
)

// BenchmarkOpen reads the footer of the file that SEGQ_LOAD names, or of a small one, and
// what it says of one column.
func BenchmarkOpen(b *testing.B) {
	name := os.Getenv("SEGQ_LOAD")
	if name == "" {
		name = "../testdata/parquet/types.parquet"
	}
	file, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		f, err := parquet.Open(file, info.Size())
		if err != nil {
			b.Fatal(err)
		}
		if _, err := f.Meta.Column(len(f.Meta.Leaves) - 1); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(f.Footer())), "footer-B")
	}
}
