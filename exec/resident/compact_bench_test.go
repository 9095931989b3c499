package resident_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// fewTable is a table of n rows, one of every share of which has a value.
func fewTable(n, share int) *column.Snapshot {
	r := rand.New(rand.NewPCG(1, 2))
	valid, ints, floats := column.NewBitmap(n), make([]int64, n), make([]float64, n)
	for i := range n {
		if r.IntN(share) == 0 {
			valid.Set(i)
			ints[i], floats[i] = r.Int64N(100), r.Float64()
		}
	}
	schema := check.ObjectOf(&check.Field{Name: "i", Type: check.IntType}, &check.Field{Name: "f", Type: check.FloatType})
	root := &column.Struct{N: n, Fields: []column.Column{column.NewInts(ints, valid), &column.Floats{Valid: valid, V: floats}}}
	return &column.Snapshot{Schema: schema, Root: root}
}

// BenchmarkCompact asks for mostly null columns, one of 64 and of 200 of whose rows have a value:
//
//	SEGQ_ROWS=4000000 go test ./exec/resident -run - -bench Compact
func BenchmarkCompact(b *testing.B) {
	for _, share := range []int{64, 200} {
		dense := fewTable(textRows(b), share)
		sparse := exectest.AsCompact(dense)
		column.Index(dense.Root, 2)
		column.Index(sparse.Root, 2)
		for name, s := range map[string]*column.Snapshot{"dense": dense, "sparse": sparse} {
			e := resident.New(s, resident.Options{Threads: 2})
			defer e.Close()
			for _, rules := range []int{1, 50, 1000} {
				asked := exec.Batch{Now: now}
				for i := range rules {
					text := fmt.Sprintf("i >= %d and f < 0.%03d", i%100, i+1)
					q, ds := lang.Compile(text, column.Catalog{Snapshot: s}, check.Options{})
					if ds.Failed() {
						b.Fatal(ds)
					}
					asked.Queries = append(asked.Queries, exec.Query{ID: text, Typed: q})
				}
				b.Run(fmt.Sprintf("share=%d/rules=%d/%s", share, rules, name), func(b *testing.B) {
					for b.Loop() {
						if _, err := e.Run(b.Context(), asked); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		}
	}
}
