package lookup_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/lookup"
	"github.com/segq/segq/lang/check"
)

type object = map[string]any

// lines writes rows as NDJSON.
func lines(t *testing.T, rows []object) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, r := range rows {
		if err := json.NewEncoder(&b).Encode(r); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// read reads rows by way of NDJSON.
func read(t *testing.T, rows []object) *column.Snapshot {
	t.Helper()
	s, _, err := load.Reader(t.Context(), bytes.NewReader(lines(t, rows)), "ndjson", "rows", load.Options{Types: types(rows)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// types says of the field counts, where there is one, that it is a map.
func types(rows []object) map[string]string {
	if len(rows) > 0 && rows[0]["stock"] != nil {
		return map[string]string{"stock": "map"}
	}
	return nil
}

// resident returns rows as a source.
func resident(t *testing.T, rows []object, key string) *lookup.Resident {
	t.Helper()
	r, err := lookup.NewResident(t.Context(), column.Resident(read(t, rows)), key, 2)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// nest puts the rows of a lookup beside the keys at a path, in plain values.
func nest(v any, path []string, name string, rows map[any]object) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			nest(e, path, name, rows)
		}
	case object:
		if path[0] == lookup.Values {
			for _, e := range v {
				nest(e, path[1:], name, rows)
			}
			return
		}
		if key := v[path[0]]; len(path) > 1 {
			nest(key, path[1:], name, rows)
		} else if found := besides(key, rows); found != nil {
			v[name] = found
		}
	}
}

// besides returns the row of a key, or those of a list of keys.
func besides(key any, rows map[any]object) any {
	if list, ok := key.([]any); ok {
		all := make([]any, len(list))
		for i, k := range list {
			all[i] = besides(k, rows)
		}
		return all
	}
	if row := rows[key]; row != nil {
		return row
	}
	return nil
}

// indexed returns rows without their keys, by key.
func indexed(rows []object, key string) map[any]object {
	by := map[any]object{}
	for _, r := range rows {
		own := maps.Clone(r)
		delete(own, key)
		if r[key] != nil {
			by[r[key]] = own
		}
	}
	return by
}

// values returns the rows of a snapshot as plain values, without what is null.
func values(t *testing.T, s *column.Snapshot) []any {
	t.Helper()
	rows := make([]any, s.Rows())
	for i := range rows {
		if err := json.Unmarshal(column.AppendJSON(nil, s.Root, i, s.Schema), &rows[i]); err != nil {
			t.Fatal(err)
		}
		rows[i] = bare(rows[i])
	}
	return rows
}

func bare(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = bare(v[i])
		}
	case object:
		for name, f := range v {
			if v[name] = bare(f); v[name] == nil {
				delete(v, name)
			}
		}
	}
	return v
}

func sku(r *rand.Rand, n int) any {
	if r.IntN(8) == 0 {
		return nil
	}
	return fmt.Sprint("s", r.IntN(n))
}

func list(r *rand.Rand, most int, make func() any) any {
	n := r.IntN(most+2) - 1
	if n < 0 {
		return nil
	}
	all := []any{}
	for range n {
		all = append(all, make())
	}
	return all
}

// profiles are random rows with keys in all kinds of places.
func profiles(r *rand.Rand, n int) []object {
	rows := make([]object, n)
	for i := range rows {
		item := func() any { return object{"sku": sku(r, 40), "n": r.IntN(5)} }
		rows[i] = object{
			"_id": fmt.Sprint("p", i), "favourite": sku(r, 40), "shop": r.IntN(6), "part": float64(r.IntN(20)) / 2,
			"home":  object{"shop": r.IntN(9)},
			"tags":  list(r, 3, func() any { return sku(r, 40) }),
			"stock": object{"a": object{"sku": sku(r, 40)}, "b": object{"sku": sku(r, 40)}},
			"xEvent": list(r, 4, func() any {
				return object{"timestamp": "2026-01-01T00:00:00Z", "items": list(r, 3, item), "kind": sku(r, 3)}
			}),
		}
		if r.IntN(4) == 0 {
			delete(rows[i], "home")
		}
	}
	rows[0] = object{ // of every field there is one
		"_id": "p0", "favourite": "s1", "shop": 1, "part": 1.5, "home": object{"shop": 1}, "tags": []any{"s1"},
		"stock":  object{"a": object{"sku": "s1"}},
		"xEvent": []any{object{"timestamp": "2026-01-01T00:00:00Z", "kind": "s1", "items": []any{object{"sku": "s1", "n": 1}}}},
	}
	return rows
}

// products are rows of a lookup, some with nulls.
func products(r *rand.Rand, n int) []object {
	rows := make([]object, n)
	for i := range rows {
		rows[i] = object{
			"sku": fmt.Sprint("s", i*2), "category": fmt.Sprint("c", i%5), "price": float64(i) / 4, "rank": i, "sold": i%2 == 0,
			"since": "2026-02-03T04:05:06Z", "labels": list(r, 3, func() any { return fmt.Sprint("l", r.IntN(9)) }),
			"maker": object{"name": fmt.Sprint("m", i%3), "no": i % 4}, "only": "same", "text": fmt.Sprint("text of ", i),
		}
		for _, name := range []string{"category", "price", "rank", "sold", "since", "maker", "text"} {
			if r.IntN(6) == 0 && i > 0 {
				rows[i][name] = nil
			}
		}
	}
	rows[0]["labels"] = []any{"l1"}
	return rows
}

// TestNested sees that a table with a lookup is what it would be if the rows were nested.
func TestNested(t *testing.T) {
	paths := [][]string{
		{"favourite"}, {"tags"}, {"stock", lookup.Values, "sku"}, {"xEvent", "items", "sku"}, {"xEvent", "kind"},
	}
	for _, path := range paths {
		for n := range uint64(4) {
			t.Run(fmt.Sprint(path, n), func(t *testing.T) {
				r := rand.New(rand.NewPCG(n, 1))
				rows, looked := profiles(r, 300), products(r, 1+r.IntN(30))
				nested(t, rows, looked, path, "sku")
			})
		}
	}
}

// nested compares a table with a lookup with one whose rows have it nested.
func nested(t *testing.T, rows, looked []object, path []string, key string) {
	t.Helper()
	table, err := lookup.New(column.Resident(read(t, rows)), []lookup.Lookup{{Name: "found", Path: path, Source: resident(t, looked, key)}}, lookup.Options{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	var plain []object
	if err := json.Unmarshal(fmt.Appendf(nil, "[%s]", bytes.Join(bytes.Split(bytes.TrimSpace(lines(t, rows)), []byte("\n")), []byte(","))), &plain); err != nil {
		t.Fatal(err)
	}
	by := indexed(looked, key)
	for _, row := range plain {
		nest(row, path, "found", by)
	}
	got, release, err := table.Load(t.Context(), &check.Reads{All: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if err := column.Verify(got); err != nil {
		t.Fatal(err)
	}
	if got.Partial {
		t.Error("not all is resident")
	}
	want, have := values(t, read(t, plain)), values(t, got)
	for row := range want {
		if !reflect.DeepEqual(want[row], have[row]) {
			t.Fatalf("row %d (-nested +looked up)\n%s", row, cmp.Diff(want[row], have[row]))
		}
	}
}
