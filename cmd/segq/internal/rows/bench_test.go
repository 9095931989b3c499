package rows_test

import (
	"fmt"
	"io"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// BenchmarkIDs writes ids that all differ.
func BenchmarkIDs(b *testing.B) {
	const n = 8192
	ids := &column.Texts{Offsets: []uint32{0}}
	for i := range n {
		ids.Bytes = fmt.Appendf(ids.Bytes, "p-%07d", 1_000_000+i)
		ids.Offsets = append(ids.Offsets, uint32(len(ids.Bytes)))
	}
	for name, open := range map[string]rows.Open{"lines": rows.Lines, "csv": rows.CSV, "ndjson": rows.NDJSON, "parquet": rows.Parquet, "arrow": rows.Arrow} {
		b.Run(name, func(b *testing.B) {
			w := open(io.Discard, rows.Options{Fields: []*check.Field{{Name: "id", Type: check.StringType}}})
			for b.Loop() {
				p := w.Begin()
				for range 4 {
					if err := p.Add(n, []column.Column{ids}); err != nil {
						b.Fatal(err)
					}
				}
				p.End()
				if err := p.Emit(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(4*n), "ns/row")
		})
	}
}
