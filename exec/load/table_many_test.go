package load_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
)

// TestTableEvicts asks an engine a thousand times, over a table of which less than half may be
// resident, from several goroutines, while the rest is loaded as well.
func TestTableEvicts(t *testing.T) {
	files := someFiles(t)
	whole, _, err := load.Open(t.Context(), files, load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	queries := []string{
		`home.state = "s3"`, `home.city = "city 2"`, "home.isNull()", "tags.count() = 2", `tags.exists(this = "t1")`,
		`counts.get("x") > 30`, "n > 40", `_id = "a17"`, `_id.startsWith("b2")`, `home.city = "city 2" or n < 3 or tags.count() > 2`,
	}
	want := answers(t, whole, queries...)
	table := openTable(t, load.Options{Threads: 1, Columns: whole.Bytes() * 4 / 10}, files...)
	e := resident.Open(table, resident.Options{Threads: 2})
	defer e.Close()
	var all sync.WaitGroup
	for seed := range 4 {
		rng := rand.New(rand.NewPCG(uint64(seed), 1))
		all.Go(func() {
			for range 250 {
				i, k := rng.IntN(len(queries)), rng.IntN(len(queries))
				got, err := counted(t.Context(), e, queries[i], queries[k])
				var full *load.MemoryError
				if errors.As(err, &full) {
					continue // of all that are under way at a time
				}
				if err != nil || got[0] != want[i] || got[1] != want[k] {
					t.Errorf("%s, %s: %v, %v, not %d and %d", queries[i], queries[k], got, err, want[i], want[k])
					return
				}
				if rng.IntN(20) == 0 {
					if err := table.LoadRest(t.Context(), func(context.Context) error { return nil }); err != nil && !errors.As(err, &full) {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	all.Wait()
	if r := table.Residency(); r.Evictions < 100 || r.Bytes > whole.Bytes() {
		t.Errorf("%+v", r)
	}
}

// TestTableWaits asks many queries at once of which each fits into memory, and all together do
// not: none fails for its neighbours.
func TestTableWaits(t *testing.T) {
	files := someFiles(t)
	queries := []string{`home.state = "s3"`, "home.isNull()", "tags.count() = 2", `counts.get("x") > 30`, "n > 40", `_id = "a17"`}
	most := int64(0)
	for _, q := range queries {
		table := openTable(t, load.Options{}, files...)
		e := resident.Open(table, resident.Options{Threads: 1})
		if _, err := counted(t.Context(), e, q); err != nil {
			t.Fatal(err)
		}
		most = max(most, table.Residency().Bytes)
		e.Close()
	}
	table := openTable(t, load.Options{Threads: 1, Columns: most}, files...)
	e := resident.Open(table, resident.Options{Threads: 2})
	defer e.Close()
	var all sync.WaitGroup
	for seed := range 8 {
		rng := rand.New(rand.NewPCG(uint64(seed), 2))
		all.Go(func() {
			for range 40 {
				q := queries[rng.IntN(len(queries))]
				if _, err := counted(t.Context(), e, q); err != nil {
					t.Errorf("%s: %v", q, err)
				}
			}
		})
	}
	all.Wait()
}

// TestTableDamagedColumn: a column that cannot be read fails those who name it, and not those who
// wait for others beside it.
func TestTableDamagedColumn(t *testing.T) {
	type row struct {
		A int64 `parquet:"a"`
		B int64 `parquet:"b"`
	}
	rows := make([]row, 5000)
	for i := range rows {
		rows[i] = row{int64(i) * 7919, int64(i)}
	}
	data := writeParquet(t, rows)
	for i := range 8 { // the header of the first page of a
		data[4+i] ^= 0xff
	}
	table := openTable(t, load.Options{Threads: 2}, writeFile(t, t.TempDir(), "1.parquet", data))
	e := resident.Open(table, resident.Options{Threads: 2})
	defer e.Close()
	if _, err := counted(t.Context(), e, "a > 500"); err == nil {
		t.Fatal("the damage is not seen")
	}
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			switch got, err := counted(t.Context(), e, []string{"b > 500", "a > 500 or b > 500"}[i%2]); {
			case i%2 == 1 && err == nil:
				t.Errorf("%v from a damaged column", got)
			case i%2 == 0 && (err != nil || got[0] != 4499):
				t.Errorf("%v, %v", got, err)
			}
		})
	}
	all.Wait()
}
