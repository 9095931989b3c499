package pack_test

import (
	"fmt"
	"testing"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/pack"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

// BenchmarkOpen opens a table of 5,000 columns and closes it.
func BenchmarkOpen(b *testing.B) {
	const rows = 1000
	root := &column.Struct{N: rows}
	var fields []*check.Field
	for i := range 5000 {
		fields = append(fields, &check.Field{Name: fmt.Sprintf("field%d", i), Type: check.IntType})
		root.Fields = append(root.Fields, column.NewInts(make([]int64, rows), nil))
	}
	name := packed(b, &column.Snapshot{Schema: check.ObjectOf(fields...), Root: root}, nil)
	for b.Loop() {
		table, err := pack.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		table.Close()
	}
}

// BenchmarkFirstAnswer opens a table of four million integers of eight bytes and answers a
// query about them.
func BenchmarkFirstAnswer(b *testing.B) {
	s := numbers(4_000_000)
	column.Index(s.Root, 2)
	name := packed(b, s, nil)
	q := ask(b, s, "n > 1000000000")
	reads := reading("n")
	for b.Loop() {
		table, err := pack.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		got, release, err := table.Load(b.Context(), reads, nil)
		if err != nil {
			b.Fatal(err)
		}
		e := resident.New(got, resident.Options{})
		if _, err := e.Run(b.Context(), exec.Batch{Now: now, Queries: []exec.Query{{ID: "q", Typed: q}}}); err != nil {
			b.Fatal(err)
		}
		e.Close()
		release()
		table.Close()
	}
}

// BenchmarkLoad verifies 100,000 profiles of many kinds.
func BenchmarkLoad(b *testing.B) {
	s, r := people(b, 100_000)
	name := packed(b, s, r)
	b.SetBytes(s.Bytes())
	for b.Loop() {
		table, err := pack.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		if _, release, err := table.Load(b.Context(), all, nil); err != nil {
			b.Fatal(err)
		} else {
			release()
		}
		table.Close()
	}
}
