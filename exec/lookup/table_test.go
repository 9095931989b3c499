package lookup_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/lookup"
	engine "github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// shop is a table with two lookups, one through the other, and the queries of its tests.
func shop(t *testing.T, columns int64) *lookup.Table {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	var makers []object
	for i := range 4 {
		makers = append(makers, object{"no": i, "country": fmt.Sprint("c", i%3), "staff": 100 * i})
	}
	table, err := lookup.New(column.Resident(read(t, profiles(r, 3000))), []lookup.Lookup{
		{Name: "product", Path: []string{"xEvent", "items", "sku"}, Source: resident(t, products(r, 30), "sku")},
		{Name: "by", Path: []string{"xEvent", "items", "product", "maker", "no"}, Source: resident(t, makers, "no")},
	}, lookup.Options{Threads: 2, Columns: columns})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// asked are conditions over the shop, each of other fields.
var asked = []string{
	`xEvent.exists(items.exists(product.category = "c1"))`, `xEvent.exists(items.exists(product.rank > 20))`,
	`xEvent.exists(items.exists(product.sold))`, `xEvent.exists(items.exists(product.price < 3))`,
	`xEvent.exists(items.exists(product.isNull()))`, `xEvent.exists(items.exists(product.maker.name = "m1"))`,
	`xEvent.exists(items.exists(product.maker.by.country = "c2"))`, `xEvent.exists(items.exists(product.maker.by.staff > 100 and product.sold))`,
	`xEvent.exists(items.exists(product.labels.count() = 2))`, `xEvent.exists(items.exists(n > 3))`, `favourite = "s4"`,
}

func compile(t *testing.T, table column.Table, text string) *check.Query {
	t.Helper()
	q, ds := lang.Compile(text, column.Catalog{Snapshot: table.Snapshot()}, check.Options{})
	if ds.Failed() {
		t.Fatal(text, ds)
	}
	return q
}

// count asks an engine.
func count(ctx context.Context, e *engine.Engine, class exec.Class, queries ...*check.Query) ([]int, error) {
	b := exec.Batch{Now: time.Unix(1_800_000_000, 0), Class: class}
	for i, q := range queries {
		b.Queries = append(b.Queries, exec.Query{ID: fmt.Sprint(i), Typed: q})
	}
	results, err := e.Run(ctx, b)
	if err != nil {
		return nil, err
	}
	counts := make([]int, len(results))
	for i, r := range results {
		if r.Err != nil {
			return nil, r.Err
		}
		counts[i] = r.Count
	}
	return counts, nil
}

// TestColumnsComeAndGo asks at the same time for more columns than there is room for.
func TestColumnsComeAndGo(t *testing.T) {
	whole := shop(t, 0)
	all := engine.Open(whole, engine.Options{Threads: 1})
	defer all.Close()
	var queries []*check.Query
	want := make([]int, len(asked))
	for i, text := range asked {
		q := compile(t, whole, text)
		counts, err := count(t.Context(), all, exec.Interactive, q)
		if err != nil {
			t.Fatal(text, err)
		}
		queries, want[i] = append(queries, q), counts[0]
	}
	table := shop(t, 100_000)
	for i, text := range asked {
		queries[i] = compile(t, table, text)
	}
	e := engine.Open(table, engine.Options{Threads: 2})
	defer e.Close()
	var workers sync.WaitGroup
	for w := range 6 {
		workers.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 3))
			for range 60 {
				i, class := r.IntN(len(queries)), exec.Interactive
				if w == 5 {
					class = exec.Idle
				}
				got, err := count(t.Context(), e, class, queries[i])
				if class == exec.Idle && errors.Is(err, exec.ErrGaveWay) {
					continue
				}
				if err != nil || got[0] != want[i] {
					t.Errorf("%s: %v (%v), not %d", asked[i], got, err, want[i])
				}
			}
		})
	}
	workers.Wait()
	if r := table.Residency(); r.Evictions == 0 || r.Bytes > 100_000 {
		t.Errorf("%+v", r)
	}
	if some := table.GiveUp(); !some || table.Residency().Bytes != 0 || table.GiveUp() {
		t.Errorf("given up: %v, %+v", some, table.Residency())
	}
	if got, err := count(t.Context(), e, exec.Interactive, queries[0]); err != nil || got[0] != want[0] {
		t.Errorf("then %v (%v)", got, err)
	}
}

// What needs more room than there is by itself is an error, and takes nothing from the others.
func TestTooLarge(t *testing.T) {
	table := shop(t, 2000)
	e := engine.Open(table, engine.Options{Threads: 1})
	defer e.Close()
	_, err := count(t.Context(), e, exec.Interactive, compile(t, table, asked[1]))
	var full *lookup.MemoryError
	if !errors.As(err, &full) || full.Limit != 2000 {
		t.Errorf("%v", err)
	}
	if _, err := count(t.Context(), e, exec.Interactive, compile(t, table, asked[9])); err != nil {
		t.Errorf("of no lookup: %v", err)
	}
	if r := table.Residency(); r.Bytes != 0 {
		t.Errorf("%+v", r)
	}
}

// Loading ends when its context is done, and leaves nothing that is kept.
func TestCancelled(t *testing.T) {
	table := shop(t, 100_000)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := table.Load(ctx, &check.Reads{All: true}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, release, err := table.Load(t.Context(), check.ReadsOf(compile(t, table, asked[1]).Root), nil); err != nil {
		t.Error(err)
	} else {
		release()
	}
}

// A lookup that is whole has its columns from the start, and its source is closed.
func TestWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	base, source := column.Resident(read(t, profiles(r, 300))), resident(t, products(r, 30), "sku")
	table, err := lookup.New(base, []lookup.Lookup{{Name: "product", Path: []string{"tags"}, Source: source, Whole: true}}, lookup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := table.WholeLookups(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := table.Snapshot(); s.Partial || column.Verify(s) != nil {
		t.Errorf("partial %v: %v", s.Partial, column.Verify(s))
	}
	if _, err := source.Rows(t.Context(), &column.Texts{}, nil); err == nil {
		t.Error("the source is open")
	}
	broadcast, err := lookup.New(base, []lookup.Lookup{{Name: "product", Path: []string{"tags"}, Source: resident(t, products(rand.New(rand.NewPCG(1, 2)), 30), "sku")}}, lookup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if broadcast.Snapshot().Fingerprint == base.Snapshot().Fingerprint {
		t.Error("the name of the snapshot is that without the lookup")
	}
}

// Keys of other types of numbers are equal as numbers.
func TestNumbersAsKeys(t *testing.T) {
	rows := []object{
		{"_id": "a", "i": 1, "f": 1.0}, {"_id": "b", "i": 2, "f": 2.5}, {"_id": "c", "i": 9007199254740993, "f": 9007199254740992.0},
		{"_id": "d", "i": 0, "f": -0.5}, {"_id": "e"},
	}
	whole := []object{{"k": 1, "v": "one"}, {"k": 9007199254740992, "v": "even"}, {"k": 9007199254740993, "v": "odd"}, {"k": 0, "v": "zero"}}
	broken := []object{{"k": 1.0, "v": "one"}, {"k": 2.5, "v": "two"}, {"k": 9007199254740992.0, "v": "even"}, {"k": 0.0, "v": "zero"}}
	for _, c := range []struct {
		path string
		rows []object
		want string
	}{
		{"i", whole, "one,,odd,zero,"}, {"f", whole, "one,,even,,"}, {"i", broken, "one,,,zero,"}, {"f", broken, "one,two,even,,"},
	} {
		table, err := lookup.New(column.Resident(read(t, rows)), []lookup.Lookup{{Name: "x", Path: []string{c.path}, Source: resident(t, c.rows, "k")}}, lookup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		s, release, err := table.Load(t.Context(), &check.Reads{All: true}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, row := range values(t, s) {
			x, _ := row.(object)["x"].(object)
			v, _ := x["v"].(string)
			got = append(got, v)
		}
		release()
		if joined := strings.Join(got, ","); joined != c.want {
			t.Errorf("%s in %v: %s, not %s", c.path, c.rows, joined, c.want)
		}
	}
}

// A key that stands twice is an error with its rows, whatever it is.
func TestTwice(t *testing.T) {
	for _, rows := range [][]object{
		{{"k": "a"}, {"k": "b"}, {"k": "a"}}, {{"k": 5}, {"k": nil}, {"k": 5}}, {{"k": 1.5}, {"k": 2}, {"k": 1.5}},
		{{"k": true}, {"k": false}, {"k": true}}, {{"k": "2026-01-01T00:00:00Z"}, {"k": "2026-01-02T00:00:00Z"}, {"k": "2026-01-01T00:00:00Z"}},
	} {
		_, err := lookup.NewResident(t.Context(), column.Resident(read(t, rows)), "k", 1)
		var twice *lookup.TwiceError
		if !errors.As(err, &twice) || twice.First != 1 || twice.Second != 3 {
			t.Errorf("%v: %v", rows, err)
		}
	}
}
