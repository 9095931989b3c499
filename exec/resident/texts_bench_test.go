package resident_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// textRows is the number of rows of the benchmarks of texts.
func textRows(b *testing.B) int {
	n := 1_000_000
	if s := os.Getenv("SEGQ_ROWS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			b.Fatal(err)
		}
	}
	return n
}

// mails makes a column of unique mail addresses.
func mails(n int) *column.Texts {
	c := &column.Texts{Offsets: make([]uint32, 1, n+1)}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		c.Bytes = fmt.Appendf(c.Bytes, "u%d@ex%d.com", i, r.IntN(50))
		c.Offsets = append(c.Offsets, uint32(len(c.Bytes)))
	}
	return c
}

// mailTable is a table of one column.
func mailTable(c column.Column) *column.Snapshot {
	schema := check.ObjectOf(&check.Field{Name: "email", Type: check.StringType})
	return &column.Snapshot{Schema: schema, Root: &column.Struct{N: c.Len(), Fields: []column.Column{c}}}
}

// BenchmarkTexts asks for unique texts, in the order of the rows and by a sorted
// dictionary, whose answers are remembered ("again") or not ("first"):
//
//	SEGQ_ROWS=10000000 go test ./exec/resident -run - -bench Texts
func BenchmarkTexts(b *testing.B) {
	texts := mails(textRows(b))
	sorted, err := column.Sorted(b.Context(), texts, 2)
	if err != nil {
		b.Fatal(err)
	}
	for _, query := range []struct{ name, text string }{
		{"equal", `email = "u123456@ex7.com"`},
		{"prefix", `email.startsWith("u12")`},
		{"suffix", `email.endsWith("7.com")`},
		{"contains", `email.contains("5@ex3")`},
		{"contains-all", `email.contains("@")`},
		{"contains-none", `email.contains("nobody")`},
		{"contains-nocase", `email.contains("5@EX3", false)`},
		{"in-100", hundredMails()},
		{"regex", `email matches "^u[0-9]*7@ex1[0-9]\\.com$"`},
		{"like", `email like "u%7@ex1_.com"`},
	} {
		counts := map[string]int{}
		for _, kind := range []struct {
			name string
			snap *column.Snapshot
		}{{"texts", mailTable(texts)}, {"strings", mailTable(sorted)}} {
			q, ds := lang.Compile(query.text, column.Catalog{Snapshot: kind.snap}, check.Options{})
			if ds.Failed() {
				b.Fatal(ds)
			}
			batch := exec.Batch{Now: now, Queries: []exec.Query{{ID: "q", Typed: q}}}
			ask := func(b *testing.B, e *resident.Engine) {
				results, err := e.Run(context.Background(), batch)
				if err != nil {
					b.Fatal(err)
				}
				counts[kind.name] = results[0].Count
			}
			b.Run(query.name+"/"+kind.name+"/first", func(b *testing.B) {
				for b.Loop() {
					e := resident.New(kind.snap, resident.Options{Threads: 2})
					ask(b, e)
					e.Close()
				}
			})
			b.Run(query.name+"/"+kind.name+"/again", func(b *testing.B) {
				e := resident.New(kind.snap, resident.Options{Threads: 2})
				defer e.Close()
				for b.Loop() {
					ask(b, e)
				}
			})
		}
		if counts["texts"] != counts["strings"] {
			b.Errorf("%s: %v", query.text, counts)
		}
	}
}

// hundredMails asks for some addresses, of which some are there.
func hundredMails() string {
	text := "email in ["
	for i := range 100 {
		text += fmt.Sprintf(`%.*s"u%d@ex%d.com"`, min(i, 1), ",", i*1234, i%50)
	}
	return text + "]"
}

// BenchmarkSorted makes a dictionary of unique texts.
func BenchmarkSorted(b *testing.B) {
	texts := mails(textRows(b))
	for b.Loop() {
		if _, err := column.Sorted(b.Context(), texts, 2); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkManyTexts asks a thousand rules about unique texts at once.
func BenchmarkManyTexts(b *testing.B) {
	texts := mails(textRows(b))
	sorted, err := column.Sorted(b.Context(), texts, 2)
	if err != nil {
		b.Fatal(err)
	}
	for _, kind := range []struct {
		name string
		snap *column.Snapshot
	}{{"texts", mailTable(texts)}, {"strings", mailTable(sorted)}} {
		b.Run(kind.name, func(b *testing.B) {
			batch := exec.Batch{Now: now}
			for i := range 1000 {
				q, ds := lang.Compile(fmt.Sprintf(`email = "u%d@ex%d.com"`, i*731, i%50), column.Catalog{Snapshot: kind.snap}, check.Options{})
				if ds.Failed() {
					b.Fatal(ds)
				}
				batch.Queries = append(batch.Queries, exec.Query{ID: strconv.Itoa(i), Typed: q})
			}
			e := resident.New(kind.snap, resident.Options{Threads: 2})
			defer e.Close()
			for b.Loop() {
				if _, err := e.Run(context.Background(), batch); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
