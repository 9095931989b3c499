package replica

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/lookup"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/redistest"
)

type plainObject = map[string]any

// read reads rows by way of NDJSON.
func read(t *testing.T, rows []plainObject) *column.Snapshot {
	t.Helper()
	var b bytes.Buffer
	for _, r := range rows {
		if err := json.NewEncoder(&b).Encode(r); err != nil {
			t.Fatal(err)
		}
	}
	o := load.Options{}
	if len(rows) > 0 && rows[0]["stock"] != nil {
		o.Types = map[string]string{"stock": "map"}
	}
	s, _, err := load.Reader(t.Context(), &b, "ndjson", "rows", o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// server returns what reaches a Redis server, in a namespace of the test's own.
func server(t *testing.T) func(context.Context) (*redisx.Client, error) {
	t.Helper()
	url, stop, err := redistest.Any()
	redistest.Need(t, err)
	t.Cleanup(stop)
	name := "t-" + uuid.NewString()
	return func(ctx context.Context) (*redisx.Client, error) {
		return redisx.Open(ctx, redisx.Options{URL: url, Namespace: name})
	}
}

// opened returns rows as a source in Redis.
func opened(t *testing.T, connect func(context.Context) (*redisx.Client, error), rows []plainObject) (lookup.Source, error) {
	t.Helper()
	table := column.Resident(read(t, rows))
	s, err := Opener(connect)(t.Context(), dataset.ReplicaOf{Name: "found", Table: table, Key: "key", Rows: len(rows), Threads: 2})
	if err == nil {
		t.Cleanup(func() { s.Close() })
	}
	return s, err
}

// kinds are keys of every kind, by number.
var kinds = map[string]func(i int) any{
	"text": func(i int) any { return fmt.Sprint("s", i) },
	"int":  func(i int) any { return (i - 50) * 1_000_003 },
	"float": func(i int) any {
		return float64(i-50) / 4
	},
	"timestamp": func(i int) any { return time.UnixMilli(int64(i) * 100_000_007).UTC().Format(time.RFC3339Nano) },
	"bool":      func(i int) any { return i == 0 },
}

// rowsOf are random rows with keys of a kind, some without.
func rowsOf(r *rand.Rand, n int, key func(i int) any) []plainObject {
	some := func(v any) any {
		if r.IntN(5) == 0 {
			return nil
		}
		return v
	}
	list := func(most int, make func() any) any {
		all := []any{}
		for range r.IntN(most + 1) {
			all = append(all, make())
		}
		return some(all)
	}
	rows := make([]plainObject, n)
	for i := range rows {
		rows[i] = plainObject{
			"key": key(i), "category": some(fmt.Sprint("c", i%5)), "price": some(float64(i) / 4), "rank": some(i * 70_000), "sold": some(i%2 == 0),
			"since": some("2026-02-03T04:05:06.789Z"), "empty": some(""), "text": some(strings.Repeat("é", r.IntN(200))),
			"labels": list(3, func() any { return some(fmt.Sprint("l", r.IntN(9))) }),
			"deep":   list(2, func() any { return plainObject{"a": list(2, func() any { return r.IntN(3) }), "b": some("b")} }),
			"maker":  some(plainObject{"name": some(fmt.Sprint("m", i%3)), "at": some(plainObject{"no": i % 4})}),
			"stock":  some(plainObject{fmt.Sprint("w", r.IntN(4)): plainObject{"n": r.IntN(9), "m": some(r.IntN(9))}, "": plainObject{"n": 1}}),
			"never":  nil,
		}
	}
	full := plainObject{"category": "c", "price": 1.5, "rank": 1, "sold": true, "since": "2026-02-03T04:05:06Z", "labels": []any{"l"}, "text": "t", "empty": "",
		"deep": []any{plainObject{"a": []any{1}, "b": "b"}}, "maker": plainObject{"name": "m", "at": plainObject{"no": 1}}, "stock": plainObject{"w": plainObject{"n": 1, "m": 1}}}
	for name, v := range full { // of every field there is one
		rows[0][name] = v
	}
	return rows
}

// TestRows sees that rows come back as they were, by keys of every kind.
func TestRows(t *testing.T) {
	connect := server(t)
	for kind, key := range kinds {
		for n := range uint64(4) {
			t.Run(fmt.Sprint(kind, n), func(t *testing.T) {
				r := rand.New(rand.NewPCG(n, 1))
				size := 1 + r.IntN(100)
				if kind == "bool" {
					size = 2
				}
				rows := rowsOf(r, size, key)
				without := append(slices.Clone(rows), plainObject{"rank": 5}, plainObject{"rank": 6})
				s, err := opened(t, connect, without)
				if err != nil {
					t.Fatal(err)
				}
				if nulls := s.(interface{ Nulls() int }).Nulls(); nulls != 2 {
					t.Errorf("%d rows without a key", nulls)
				}
				for range 5 {
					some(t, r, s, rows, key)
				}
			})
		}
	}
}

// some asks for some fields of the rows of some keys, and compares them with what was written.
func some(t *testing.T, r *rand.Rand, s lookup.Source, rows []plainObject, key func(i int) any) {
	t.Helper()
	var names []string
	var fields []*check.Field
	for _, f := range s.Schema().Fields {
		if r.IntN(2) == 0 {
			names = append(names, f.Name)
			fields = append(fields, &check.Field{Name: f.Name, Type: f.Type})
		}
	}
	asked := r.Perm(len(rows) + len(rows)/2)
	asked = asked[:1+r.IntN(len(asked))]
	keys := make([]plainObject, len(asked))
	want := make([]any, len(asked))
	for i, k := range asked {
		keys[i] = plainObject{"key": key(k)}
		if k >= len(rows) && s.Key().Kind == check.Bool {
			keys[i], asked[i] = plainObject{"key": key(1)}, 1
			k = 1
		}
		if k >= len(rows) {
			continue
		}
		row := plainObject{}
		for _, name := range names {
			row[name] = rows[k][name]
		}
		want[i] = bare(plain(t, row))
	}
	snapshot := read(t, keys)
	got, err := s.Rows(t.Context(), snapshot.Root.Fields[0], names)
	if err != nil {
		t.Fatal(err)
	}
	schema := check.ObjectOf(fields...)
	below := &column.Snapshot{Schema: check.ObjectOf(&check.Field{Name: "found", Type: schema}), Root: &column.Struct{N: got.N, Fields: []column.Column{got}}}
	if err := column.Verify(below); err != nil {
		t.Fatal(err)
	}
	for i := range want {
		var row any
		if err := json.Unmarshal(column.AppendJSON(nil, got, i, schema), &row); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want[i], bare(row)); diff != "" {
			t.Fatalf("key %v (-written +read)\n%s", keys[i]["key"], diff)
		}
	}
}

// plain returns a value as JSON has it.
func plain(t *testing.T, v any) (out any) {
	t.Helper()
	text, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// bare leaves out what is null.
func bare(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = bare(v[i])
		}
	case plainObject:
		for name, f := range v {
			if v[name] = bare(f); v[name] == nil {
				delete(v, name)
			}
		}
	}
	return v
}

func TestKeysThatStandTwice(t *testing.T) {
	connect := server(t)
	for kind, want := range map[string]string{
		"text": `the key "s1" is in row 2 and in row 4`, "int": "the key -49000147 is in row 2", "float": "the key -12.25 is in row 2",
		"timestamp": "the key 1970-01-02T03:46:40.007Z is in row 2", "bool": "the key false is in row 2",
	} {
		key := kinds[kind]
		_, err := opened(t, connect, []plainObject{{"key": key(0), "v": 1}, {"key": key(1), "v": 1}, {"v": 1}, {"key": key(1), "v": 2}})
		var twice *lookup.TwiceError
		if !errors.As(err, &twice) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v", kind, err)
		}
	}
}

// TestNumbers: the two zeros are one key.
func TestNumbers(t *testing.T) {
	s, err := opened(t, server(t), []plainObject{{"key": 0.0, "v": 1}, {"key": 1.5, "v": 2}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Rows(t.Context(), &column.Floats{V: []float64{math.Copysign(0, -1), 1.5}}, []string{"v"})
	if err != nil || got.Null(0) || got.Null(1) {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestAnotherVersion: rows that have changed are other rows, under another name.
func TestAnotherVersion(t *testing.T) {
	connect := server(t)
	for v := range 3 {
		s, err := opened(t, connect, []plainObject{{"key": "k", "v": v}})
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Rows(t.Context(), read(t, []plainObject{{"key": "k"}}).Root.Fields[0], []string{"v"})
		if err != nil || column.Value(got.Fields[0], 0, check.IntType) != int64(v) {
			t.Errorf("%+v, %v", got, err)
		}
	}
}

// FuzzRow: a row that is damaged is an error or other values, and no crash.
func FuzzRow(f *testing.F) {
	f.Add("\x02\x01\x03ab\x00")
	f.Add("\x09\x02\x00\x03ab\x01\x00")
	inner := check.ObjectOf(&check.Field{Name: "a", Type: check.IntType}, &check.Field{Name: "b", Type: &check.Type{Kind: check.Map, Elem: check.FloatType}})
	t := check.ObjectOf(&check.Field{Name: "i", Type: check.IntType}, &check.Field{Name: "s", Type: check.StringType}, &check.Field{Name: "l", Type: &check.Type{Kind: check.List, Elem: inner}},
		&check.Field{Name: "m", Type: &check.Type{Kind: check.Map, Elem: inner}}, &check.Field{Name: "t", Type: check.TimestampType}, &check.Field{Name: "o", Type: check.BoolType})
	f.Fuzz(func(tt *testing.T, row string) {
		b, err := newBuilder(t)
		if err != nil {
			tt.Fatal(err)
		}
		if b.add(row) != nil {
			return
		}
		c, err := b.column(tt.Context(), 1)
		if err != nil {
			tt.Fatal(err)
		}
		if c.Len() != 1 {
			tt.Fatalf("%d rows", c.Len())
		}
		column.AppendJSON(nil, c, 0, t)
	})
}
