package plan_test

import (
	"fmt"
	"testing"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/plan"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// TestManyEqualTexts asks so much about one column that its rows are hashed.
func TestManyEqualTexts(t *testing.T) {
	const rows = 20_000
	texts := make([]string, rows)
	c := &column.Texts{Offsets: []uint32{0}, Valid: column.NewBitmap(rows)}
	for i := range texts {
		if i%7 > 0 {
			texts[i] = fmt.Sprintf("u%d@ex%d.com", i%1500, i%3)
			c.Valid.Set(i)
		}
		c.Bytes = append(c.Bytes, texts[i]...)
		c.Offsets = append(c.Offsets, uint32(len(c.Bytes)))
	}
	schema := check.ObjectOf(&check.Field{Name: "s", Type: check.StringType})
	snap := &column.Snapshot{Schema: schema, Root: &column.Struct{N: rows, Fields: []column.Column{c}}}
	var queries []*check.Query
	var want []func(s string) bool
	ask := func(text string, holds func(s string) bool) {
		q, ds := lang.Compile(text, column.Catalog{Snapshot: snap}, check.Options{})
		if ds.Failed() {
			t.Fatal(text, ds)
		}
		queries, want = append(queries, q), append(want, holds)
	}
	for i := range 40 {
		is := fmt.Sprintf("u%d@ex%d.com", i*31, i%3)
		other := fmt.Sprintf("u%d@ex%d.com", i*17, i%3)
		ask(fmt.Sprintf(`s = "%s"`, is), func(s string) bool { return s == is })
		ask(fmt.Sprintf(`s != "%s"`, is), func(s string) bool { return s != is })
		ask(fmt.Sprintf(`s in ["%s", "%s", "%s"]`, is, other, is), func(s string) bool { return s == is || s == other })
		ask(fmt.Sprintf(`s notIn ["%s", "", "a", "b", "c", "%s"]`, is, other), func(s string) bool { return s != is && s != other })
	}
	p, err := plan.New(t.Context(), queries, snap, now)
	if err != nil {
		t.Fatal(err)
	}
	counts := make([]int, len(queries))
	e := p.Evaluator()
	for rest := (column.Range{End: rows}); rest.Rows() > 0; {
		b := p.Block(rest)
		e.Block(b)
		e.Count(counts)
		rest.Start = b.End
	}
	for i, holds := range want {
		n := 0
		for k, s := range texts {
			if k%7 > 0 && holds(s) {
				n++
			}
		}
		if counts[i] != n {
			t.Errorf("rule %d: %d, want %d", i, counts[i], n)
		}
	}
}
