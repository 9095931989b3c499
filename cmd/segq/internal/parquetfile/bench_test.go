package parquetfile

import (
	"fmt"
	"io"
	"testing"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

func benchmarkColumn(b *testing.B, t *check.Type, c column.Column) {
	w := NewColumns(io.Discard, []*check.Field{{Name: "c", Type: t}})
	for b.Loop() {
		p := w.Begin()
		for range 4 {
			if err := p.Add(c.Len(), []column.Column{c}); err != nil {
				b.Fatal(err)
			}
		}
		p.End()
		if err := p.Emit(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(4*c.Len()), "ns/row")
}

func BenchmarkColumns(b *testing.B) {
	const n = 8192
	ids, ints, codes := &column.Texts{Offsets: []uint32{0}}, &column.Ints{}, &column.Strings{Dict: &column.Dict{Offsets: []uint32{0}}}
	for i := range 5000 {
		codes.Dict.Bytes = fmt.Appendf(codes.Dict.Bytes, "city %05d", i)
		codes.Dict.Offsets = append(codes.Dict.Offsets, uint32(len(codes.Dict.Bytes)))
	}
	for i := range n {
		ids.Bytes = fmt.Appendf(ids.Bytes, "p-%07d", 1_000_000+i)
		ids.Offsets = append(ids.Offsets, uint32(len(ids.Bytes)))
		ints.I64 = append(ints.I64, int64(i*7919%16))
		codes.Codes.U32 = append(codes.Codes.U32, uint32(i*7919%5000))
	}
	b.Run("texts", func(b *testing.B) { benchmarkColumn(b, check.StringType, ids) })
	b.Run("integers", func(b *testing.B) { benchmarkColumn(b, check.IntType, ints) })
	b.Run("codes", func(b *testing.B) { benchmarkColumn(b, check.StringType, codes) })
}
