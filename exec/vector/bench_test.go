package vector_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/vector"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// BenchmarkCond evaluates conditions over a block of 4,096 profiles of ten events each;
// how many match is known.
func BenchmarkCond(b *testing.B) {
	const rows = 4096
	var data strings.Builder
	for i := range rows {
		fmt.Fprintf(&data, `{"_id":"p%d","n":%d,"s":"s%d","xEvent":[`, i, i%8, i%8)
		for k := range 10 {
			fmt.Fprintf(&data, `%s{"type":"t%d","price":%d.5,"timestamp":"2019-01-%02dT00:00:00Z"}`, ","[:min(k, 1)], k, i%8+k, k+1)
		}
		data.WriteString("]}\n")
	}
	snap, _, err := load.Reader(b.Context(), strings.NewReader(data.String()), "ndjson", "bench", load.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"numbers", `n * 2 + 1 >= 9 and n % 2 = 0`, rows / 4},
		{"texts", `s.endsWith("3", false) or n = 4`, rows / 4},
		{"sum", `xEvent[type != "t0"].sum(price) > n * 9 + 49`, rows},
		{"outer", `xEvent.exists(price > 2 * ^.n + 4 and type = "t9")`, rows * 3 / 4},
		{"top", `xEvent.topN(price, 2).sum(price) > 28`, rows / 4},
		{"groups", `xEvent.groupBy(type).count() = 10`, rows},
		{"chain", `chain(xEvent, timestamp, [A: WHAT(type = "t1"), B: WHAT(price > 15)])`, rows / 4},
	} {
		b.Run(c.name, func(b *testing.B) {
			q, ds := lang.Compile(c.text, column.Catalog{Snapshot: snap}, check.Options{})
			if ds.Failed() {
				b.Fatal(ds)
			}
			p := vector.New(snap, time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))
			if err := p.Add(q.Cond, q.Slots); err != nil {
				b.Fatal(err)
			}
			e, bits := p.Evaluator(), column.NewBitmap(rows)
			b.ReportAllocs()
			for b.Loop() {
				e.Block(column.Range{End: rows})
				if err := e.Cond(bits, q.Cond, nil); err != nil {
					b.Fatal(err)
				}
			}
			if got := bits.Ones(); got != c.want {
				b.Fatalf("%d match, want %d", got, c.want)
			}
		})
	}
}
