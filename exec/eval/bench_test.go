package eval_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/parse"
)

// BenchmarkProfile evaluates conditions over one profile of 1,000 events; each
// has an answer that is known.
func BenchmarkProfile(b *testing.B) {
	var events []string
	start := time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 1000 {
		at := start.Add(time.Duration(i) * 8 * time.Hour).Format(time.RFC3339)
		events = append(events, fmt.Sprintf(`{"timestamp":%q,"type":"t%d","price":%d}`, at, i%10, i))
	}
	line := `{"_id":"a","xEvent":[` + strings.Join(events, ",") + `]}`
	snap, _, err := load.Reader(context.Background(), strings.NewReader(line), "ndjson", "bench", load.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for name, text := range map[string]string{
		"count":  `xEvent[type = "t3" and price > 500].count() = 50`,
		"occurs": `xEvent[timestamp occurs <= 30 days before now].count() = 0`,
		"chain":  `chain(xEvent, timestamp, [A: WHAT(type = "t1"), B: WHAT(type = "t9") COUNT(50), C: WHAT(price = 999)])`,
		"pairs":  `(select A from xEvent where A.type = "t1", B from xEvent where B.price = A.price + 1).count() = 100`,
	} {
		b.Run(name, func(b *testing.B) {
			x, _ := parse.Query(text)
			q, diagnostics := check.Check(x, column.Catalog{Snapshot: snap}, check.Options{})
			if diagnostics.Failed() {
				b.Fatal(diagnostics)
			}
			e := eval.New(q, snap, start.AddDate(2, 0, 0)).Evaluator()
			b.ReportAllocs()
			for b.Loop() {
				if ok, err := e.Cond(0); !ok || err != nil {
					b.Fatalf("got %v, %v", ok, err)
				}
			}
		})
	}
}
