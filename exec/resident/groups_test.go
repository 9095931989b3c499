package resident_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

// kinds makes a table with a field of every kind of column by which profiles are counted.
func kinds(n int) *column.Snapshot {
	r := rand.New(rand.NewPCG(5, uint64(n)))
	integers := func(least, most int64) []int64 {
		out := make([]int64, n)
		for i := range out {
			out[i] = least + r.Int64N(most-least+1)
		}
		return out
	}
	var fields []*check.Field
	root := &column.Struct{N: n}
	add := func(t *check.Type, c column.Column) {
		fields = append(fields, &check.Field{Name: fmt.Sprint("f", len(fields)), Type: t})
		root.Fields = append(root.Fields, c)
	}
	for _, ends := range [][2]int64{{-100, 100}, {-9000, 9000}, {100_000, 116_000}, {-2e9, 2e9}, {-1 << 61, 1 << 61}, {1 << 50, 1<<50 + 9}} {
		c := column.NewInts(integers(ends[0], ends[1]), nil)
		c.Low, c.High = ends[0], ends[1]
		add(check.IntType, c)
		unknown := *c
		unknown.Low, unknown.High = 0, 0
		add(check.IntType, &unknown)
	}
	for _, values := range []int{1, 50, 3000, 17_000} {
		words, codes := make([]string, values), make([]uint32, n)
		for i := range words {
			words[i] = fmt.Sprintf("w%06d", i)
		}
		for i := range codes {
			codes[i] = uint32(r.IntN(values))
		}
		add(check.StringType, &column.Strings{Codes: column.Codes{U32: codes}, Dict: dict(words)})
	}
	floats, bools := &column.Floats{V: make([]float64, n)}, &column.Bools{N: n, Bits: column.NewBitmap(n)}
	for i := range n {
		floats.V[i] = float64(r.IntN(100)-50) / 8
		if r.IntN(3) == 0 {
			bools.Bits.Set(i)
		}
	}
	add(check.FloatType, floats)
	add(check.BoolType, bools)
	add(check.TimestampType, &column.Timestamps{V: integers(0, 1e12)})
	add(check.StringType, &column.Nulls{N: n})
	// The same with nulls.
	for i, f := range fields {
		valid := column.NewBitmap(n)
		for k := range n {
			if r.IntN(i+2) > 0 {
				valid.Set(k)
			}
		}
		add(f.Type, withValid(root.Fields[i], valid))
	}
	add(check.IntType, column.NewInts(integers(0, 99), nil))
	return &column.Snapshot{Schema: check.ObjectOf(fields...), Root: root}
}

func withValid(c column.Column, valid column.Bitmap) column.Column {
	switch c := c.(type) {
	case *column.Ints:
		return &column.Ints{Valid: valid, I8: c.I8, I16: c.I16, I32: c.I32, I64: c.I64, Low: c.Low, High: c.High}
	case *column.Strings:
		return &column.Strings{Valid: valid, Codes: c.Codes, Dict: c.Dict}
	case *column.Floats:
		return &column.Floats{Valid: valid, V: c.V}
	case *column.Bools:
		return &column.Bools{Valid: valid, Bits: c.Bits, N: c.N}
	case *column.Timestamps:
		return &column.Timestamps{Valid: valid, V: c.V}
	}
	return c
}

// Columns of every kind are counted as one profile after another is, whatever matches, however
// the table is cut, and up to any number of values.
func TestBreakdownOfEveryKind(t *testing.T) {
	plain := kinds(30_011)
	last := len(plain.Schema.Fields) - 1
	share := &check.Member{Info: check.Info{T: check.IntType}, X: slot(0, plain.Schema), F: plain.Schema.Fields[last]}
	r := rand.New(rand.NewPCG(1, 1))
	for i, snap := range []*column.Snapshot{plain, exectest.AsTexts(plain), exectest.AsCompact(plain)} {
		shares := []int64{0, 50, 100}[i:]
		if testing.Short() {
			shares = shares[:1]
		}
		for _, below := range shares {
			var queries []exec.Query
			for _, f := range snap.Schema.Fields {
				for _, most := range []int{0, 7, 5000} {
					queries = append(queries, exec.Query{ID: fmt.Sprint(f.Name, " ", most), Typed: query(test(check.Lt, share, constant(below))), By: []string{f.Name}, ByMost: most})
				}
			}
			e := resident.New(snap, resident.Options{Threads: 3})
			e.Cut([]int{1 + r.IntN(100), 1000 + r.IntN(8000), 9100 + r.IntN(1000), 30_011})
			results, err := e.Run(t.Context(), exec.Batch{Now: now, Queries: queries})
			if err != nil {
				t.Fatal(err)
			}
			e.Close()
			for i := 0; i < len(queries); i += 3 {
				want, without := plainGroups(plain, plain.Schema.Field(queries[i].By[0]), below)
				for k := range 3 {
					expectGroups(t, queries[i+k], results[i+k], want, without)
				}
			}
		}
	}
}

// plainGroups counts the values of a field among the rows whose share is below something.
func plainGroups(snap *column.Snapshot, f *check.Field, below int64) (counts map[string]int, without int) {
	counts = map[string]int{}
	shares, col := snap.Root.Fields[len(snap.Root.Fields)-1].(*column.Ints), snap.Root.Fields[f.Index]
	for row := range snap.Rows() {
		switch {
		case shares.At(row) >= below:
		case col.Null(row):
			without++
		default:
			counts[strings.Trim(string(column.AppendJSON(nil, col, row, f.Type)), `"`)]++
		}
	}
	return counts, without
}

func expectGroups(t *testing.T, q exec.Query, got exec.Result, want map[string]int, without int) {
	t.Helper()
	if got.Err != nil {
		t.Fatal(got.Err)
	}
	if many := q.ByMost > 0 && len(want) > q.ByMost; many != got.ManyValues {
		t.Errorf("%s: %d values: %t", q.ID, len(want), got.ManyValues)
	} else if many {
		want, without = map[string]int{}, 0
	}
	found := map[string]int{}
	for i, g := range got.Groups {
		found[g.Value] = g.Count
		if i > 0 && g.Count > got.Groups[i-1].Count {
			t.Errorf("%s: %s is behind a less frequent one", q.ID, g.Value)
		}
	}
	if !maps.Equal(found, want) || len(got.Groups) != len(want) || got.Without != without {
		t.Errorf("%s: %d values and %d without, not %d and %d", q.ID, len(got.Groups), got.Without, len(want), without)
	}
}

// What is counted in one partition after another is held once.
func TestMemoryOfABreakdown(t *testing.T) {
	snap := kinds(60_000)
	e := resident.New(snap, resident.Options{Threads: 2, QueryMemory: 500 << 10})
	defer e.Close()
	e.Cut(slices.Collect(func(yield func(int) bool) {
		for i := 1; i <= 60 && yield(1000*i); i++ {
		}
	}))
	results, err := e.Run(t.Context(), exec.Batch{Now: now, Queries: []exec.Query{{Typed: query(constant("all")), By: []string{"f14"}}}})
	if err != nil || results[0].Err != nil || len(results[0].Groups) != 3000 {
		t.Error(err, results[0].Err, len(results[0].Groups))
	}
}

// Only the most frequent values are listed where no more are wanted, and all are counted.
func TestBreakdownOfTheMostFrequent(t *testing.T) {
	snap := kinds(30_011)
	everyone := query(&check.Const{Info: check.Info{T: check.BoolType}, V: true})
	for _, snap := range []*column.Snapshot{snap, exectest.AsTexts(snap)} {
		for _, f := range snap.Schema.Fields {
			results, err := open(t, snap, 3).Run(t.Context(), exec.Batch{Now: now, Queries: []exec.Query{
				{ID: "all", Typed: everyone, By: []string{f.Name}}, {ID: "top", Typed: everyone, By: []string{f.Name}, ByTop: 7},
			}})
			if err != nil {
				t.Fatal(err)
			}
			all, top := results[0], results[1]
			if !slices.Equal(top.Groups, all.Groups[:min(7, len(all.Groups))]) || top.Distinct != len(all.Groups) || all.Distinct != top.Distinct || top.Without != all.Without {
				t.Errorf("%s: %v of %d, not of %d", f.Name, top.Groups, top.Distinct, len(all.Groups))
			}
		}
	}
}

// Infinities are values like others, each with its name, and not null.
func TestBreakdownOfInfinities(t *testing.T) {
	valid := column.NewBitmap(6)
	for i := range 5 {
		valid.Set(i)
	}
	score := &column.Floats{Valid: valid, V: []float64{math.Inf(1), 1, math.Inf(-1), math.Inf(1), math.NaN(), 0}}
	snap := &column.Snapshot{Schema: check.ObjectOf(&check.Field{Name: "score", Type: check.FloatType}), Root: &column.Struct{N: 6, Fields: []column.Column{score}}}
	results, err := open(t, snap, 1).Run(t.Context(), exec.Batch{Now: now, Queries: []exec.Query{{Typed: query(&check.Const{Info: check.Info{T: check.BoolType}, V: true}), By: []string{"score"}}}})
	if err != nil {
		t.Fatal(err)
	}
	want := []exec.ValueCount{{Value: "Infinity", Count: 2}, {Value: "-Infinity", Count: 1}, {Value: "1", Count: 1}, {Value: "NaN", Count: 1}}
	if got := results[0]; !slices.Equal(got.Groups, want) || got.Without != 1 {
		t.Errorf("%v, and %d without", got.Groups, got.Without)
	}
}
