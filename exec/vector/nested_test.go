package vector_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/vector"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// Lists in lists, with values of all around them, some missing: blocks of any size agree
// with the reference.
func TestNestedLists(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var data strings.Builder
	for i := range 500 {
		fmt.Fprintf(&data, `{"_id":"p%d","n":%d`, i, rng.IntN(5))
		if rng.IntN(3) > 0 {
			fmt.Fprintf(&data, `,"q":%d`, rng.IntN(7)-3)
		}
		data.WriteString(`,"xEvent":[`)
		for e := range rng.IntN(5) {
			if e > 0 {
				data.WriteString(",")
			}
			fmt.Fprintf(&data, `{"v":%d,"q":%d`, rng.IntN(10), rng.IntN(4))
			if rng.IntN(4) > 0 {
				data.WriteString(`,"items":[`)
				for k := range rng.IntN(4) {
					if k > 0 {
						data.WriteString(",")
					}
					fmt.Fprintf(&data, `{"p":%v}`, float64(rng.IntN(40))/4)
				}
				data.WriteString("]")
			}
			data.WriteString("}")
		}
		data.WriteString("]}\n")
	}
	snap, _, err := load.Reader(t.Context(), strings.NewReader(data.String()), "ndjson", "d", load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, text := range []string{
		`xEvent.exists(items[p - 6.5 >= p % ^.q])`,
		`xEvent[items[0 >= 2.5 + p]].sum(v) <= 1`,
		`xEvent[items[p / ^^.n <= p]].count() = 1`,
		`xEvent[items[p > ^.v and p < ^^.q + 5].count() > 1].count() >= 1`,
		`xEvent.items.p.sum() > n * 3`,
		`xEvent[items.p.max() > v].count() > 1`,
		`xEvent.exists(items.exists(p + 1 = ^.v))`,
	} {
		q, ds := lang.Compile(text, column.Catalog{Snapshot: snap}, check.Options{})
		if ds.Failed() {
			t.Fatalf("%s: %v", text, ds)
		}
		for _, block := range []int{1, 7, 64, 100, 500} {
			p := vector.New(snap, now)
			if err := p.Add(q.Cond, q.Slots); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			e := &engine{t: t, block: block}
			e.compare(p, snap, q, now)
		}
	}
}
