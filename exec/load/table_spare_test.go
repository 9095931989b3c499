package load_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// spareQueries name each column of spareFile but one.
var spareQueries = []string{"a > 4000", "b > 4000", `at.c > 4000`, "at.d > 4000", `text = "t17"`, "e > 0.5", "many.count() = 2", "many.exists(this > 9)"}

// spareFile has several columns of about the same size.
func spareFile(t *testing.T) []string {
	t.Helper()
	type below struct {
		C int64 `parquet:"c"`
		D int64 `parquet:"d"`
	}
	type row struct {
		A    int64   `parquet:"a"`
		B    int64   `parquet:"b"`
		At   *below  `parquet:"at,optional"`
		Text string  `parquet:"text"`
		E    float64 `parquet:"e"`
		Many []int64 `parquet:"many,list"`
		G    int64   `parquet:"g"`
	}
	rng := rand.New(rand.NewPCG(1, 2))
	rows := make([]row, 5000)
	for i := range rows {
		rows[i] = row{A: rng.Int64N(8000) + 1<<40, B: rng.Int64N(8000), Text: fmt.Sprint("t", rng.IntN(300)), E: rng.Float64(), G: rng.Int64()}
		if i%3 > 0 {
			rows[i].At = &below{rng.Int64N(8000), rng.Int64N(8000)}
		}
		for range i % 4 {
			rows[i].Many = append(rows[i].Many, rng.Int64N(20))
		}
	}
	return []string{writeFile(t, t.TempDir(), "1.parquet", writeParquet(t, rows, groupsOf(1000)))}
}

// bytesFor is what is resident after some queries.
func bytesFor(t *testing.T, files []string, queries ...string) int64 {
	t.Helper()
	table := openTable(t, load.Options{}, files...)
	_, release, err := table.Load(t.Context(), reads(t, table.Snapshot(), queries...), nil)
	if err != nil {
		t.Fatal(err)
	}
	release()
	return table.Residency().Bytes
}

// Whatever nobody has asked for is loaded as long as there is room, in any order, and not one column
// goes for it, nor is there ever more than there may be.
func TestTableSpareEvictsNothing(t *testing.T) {
	files := spareFile(t)
	whole, _, err := load.Open(t.Context(), files, load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 3))
		limit := whole.Bytes() * int64(1+rng.IntN(12)) / 10
		table := openTable(t, load.Options{Threads: 1, Columns: limit}, files...)
		loaded, refused := 0, 0
		for range 12 {
			r := reads(t, table.Snapshot(), spareQueries[rng.IntN(len(spareQueries))])
			room := table.HasRoom(r)
			err := table.LoadSpare(t.Context(), r)
			switch {
			case err == nil && table.Snapshot().Covers(r):
				loaded++
			case errors.Is(err, load.ErrNoRoom):
				refused++
			default:
				t.Fatalf("%v, and loaded: %v", err, table.Snapshot().Covers(r))
			}
			if !room && err == nil {
				t.Error("it was loaded without room")
			}
			if got := table.Residency(); got.Bytes > limit || got.Evictions > got.Loads-got.Loaded {
				t.Fatalf("limit %d: %+v", limit, got)
			}
		}
		if limit > whole.Bytes() && refused > 0 || limit < whole.Bytes()/5 && refused == 0 {
			t.Errorf("limit %d of %d: %d were loaded, %d refused", limit, whole.Bytes(), loaded, refused)
		}
	}
}

// A column that was asked for stays, and one that nobody has asked for goes first.
func TestTableSpareGoesFirst(t *testing.T) {
	files := spareFile(t)
	both := bytesFor(t, files, "a > 4000", "b > 4000")
	table := openTable(t, load.Options{Threads: 1, Columns: both + both/4}, files...)
	ask := func(query string) {
		t.Helper()
		_, release, err := table.Load(t.Context(), reads(t, table.Snapshot(), query), nil)
		if err != nil {
			t.Fatal(err)
		}
		release()
	}
	resides := func(query string) bool { return table.Snapshot().Covers(reads(t, table.Snapshot(), query)) }
	ask("b > 4000")
	if err := table.LoadSpare(t.Context(), reads(t, table.Snapshot(), "a > 4000")); err != nil {
		t.Fatal(err)
	}
	if err := table.LoadSpare(t.Context(), reads(t, table.Snapshot(), "e > 0.5")); !errors.Is(err, load.ErrNoRoom) {
		t.Errorf("got %v", err)
	}
	if !resides("b > 4000") || !resides("a > 4000") || resides("e > 0.5") || table.Residency().Evictions > 0 {
		t.Errorf("%+v", table.Residency())
	}
	ask("e > 0.5")
	if !resides("b > 4000") || resides("a > 4000") || !resides("e > 0.5") {
		t.Error("another went than the one that nobody has asked for")
	}
}

// held opens a table inside a bubble, of which nothing is read until end is called.
func held(t *testing.T, files []string, limit int64) (table *load.Table, end func()) {
	t.Helper()
	table = openTable(t, load.Options{Threads: 1, Columns: limit}, files...)
	return table, table.HoldReading()
}

// Who asks for what is being loaded joins, and it is loaded once; then it may take other columns.
func TestTableAskersJoinASpareLoad(t *testing.T) {
	files := spareFile(t)
	limit := bytesFor(t, files, "a > 4000") + 100
	synctest.Test(t, func(t *testing.T) {
		table, end := held(t, files, limit)
		r := reads(t, table.Snapshot(), "a > 4000")
		var all sync.WaitGroup
		all.Go(func() {
			if err := table.LoadSpare(t.Context(), r); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		all.Go(func() {
			s, release, err := table.Load(t.Context(), r, nil)
			if err != nil {
				t.Error(err)
				return
			}
			defer release()
			if !s.Covers(r) {
				t.Error("it is not there")
			}
		})
		synctest.Wait()
		end()
		all.Wait()
		if got := table.Residency(); got.Loads != 1 || got.Loaded != 1 {
			t.Errorf("%+v", got)
		}
	})
}

// Who asks for something else does not wait for a load that nobody has asked for: it ends.
func TestTableAskersPutOffASpareLoad(t *testing.T) {
	files := spareFile(t)
	limit := bytesFor(t, files, spareQueries...) // with room for all
	synctest.Test(t, func(t *testing.T) {
		table, end := held(t, files, limit)
		var all sync.WaitGroup
		all.Go(func() {
			if err := table.LoadSpare(t.Context(), reads(t, table.Snapshot(), "a > 4000")); !errors.Is(err, load.ErrPutOff) {
				t.Errorf("got %v", err)
			}
		})
		synctest.Wait()
		wanted := reads(t, table.Snapshot(), "e > 0.5")
		all.Go(func() {
			_, release, err := table.Load(t.Context(), wanted, nil)
			if err != nil {
				t.Error(err)
				return
			}
			release()
		})
		synctest.Wait()
		end()
		all.Wait()
		if got := table.Residency(); got.Loaded != 1 || !table.Snapshot().Covers(wanted) {
			t.Errorf("%+v", got)
		}
	})
}

// Columns that are only kept are let go of when somebody waits for their memory, and are not kept while
// somebody does.
func TestTableKeptColumnsGiveWay(t *testing.T) {
	files := spareFile(t)
	limit := bytesFor(t, files, "a > 4000")
	table := openTable(t, load.Options{Threads: 1, Columns: limit}, files...)
	r := reads(t, table.Snapshot(), "a > 4000")
	if _, _, ok := table.Keep(r, func() {}); ok {
		t.Error("what is not there is kept")
	}
	if err := table.LoadSpare(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	yield := make(chan struct{})
	var once sync.Once
	s, release, ok := table.Keep(r, func() { once.Do(func() { close(yield) }) })
	if !ok || !s.Covers(r) {
		t.Fatal("it is not kept")
	}
	var all sync.WaitGroup
	all.Go(func() {
		_, release, err := table.Load(t.Context(), reads(t, table.Snapshot(), "b > 4000", "at.c > 4000"), nil)
		if err != nil {
			t.Error(err)
			return
		}
		release()
	})
	<-yield
	if _, _, ok := table.Keep(r, func() {}); ok {
		t.Error("it is kept while somebody waits for memory")
	}
	release()
	release() // once is enough
	all.Wait()
	if got := table.Residency(); got.Evictions != 1 {
		t.Errorf("%+v", got)
	}
}

// TestTableSpareBesideAskers has queries answered over a table of which less than half may be resident, while
// others load what nobody asks for and count over what there is: no answer is wrong, and none fails.
func TestTableSpareBesideAskers(t *testing.T) {
	files := spareFile(t)
	whole, _, err := load.Open(t.Context(), files, load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := answers(t, whole, spareQueries...)
	table := openTable(t, load.Options{Threads: 1, Columns: whole.Bytes() * 6 / 10}, files...)
	e := resident.Open(table, resident.Options{Threads: 2})
	defer e.Close()
	var all sync.WaitGroup
	for seed := range uint64(2) {
		all.Go(func() {
			rng := rand.New(rand.NewPCG(seed, 1))
			for range 150 {
				i := rng.IntN(len(spareQueries))
				if got, err := counted(t.Context(), e, spareQueries[i]); err != nil || got[0] != want[i] {
					t.Errorf("%s: %v, %v, not %d", spareQueries[i], got, err, want[i])
				}
			}
		})
		all.Go(func() {
			rng := rand.New(rand.NewPCG(seed, 2))
			for range 150 {
				i := rng.IntN(len(spareQueries))
				err := table.LoadSpare(t.Context(), reads(t, whole, spareQueries[i]))
				if err != nil && !errors.Is(err, load.ErrNoRoom) && !errors.Is(err, load.ErrPutOff) {
					t.Error(err)
				}
				if got, err := peeked(t.Context(), e, spareQueries[i]); err == nil && got != want[i] {
					t.Errorf("%s: %d, not %d", spareQueries[i], got, want[i])
				} else if err != nil && !errors.Is(err, exec.ErrGaveWay) {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// peeked is counted for one query in the class of what nobody has asked for.
func peeked(ctx context.Context, e *resident.Engine, text string) (int, error) {
	q, _ := lang.Compile(text, column.Catalog{Snapshot: e.Snapshot()}, check.Options{})
	results, err := e.Run(ctx, exec.Batch{Class: exec.Idle, Now: time.Unix(1_800_000_000, 0), Queries: []exec.Query{{ID: "q", Typed: q}}})
	if err != nil {
		return 0, err
	}
	return results[0].Count, results[0].Err
}
