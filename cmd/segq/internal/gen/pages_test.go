package gen_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/cmd/segq/internal/parquetfile"
)

type pageRow struct {
	ID    string            `parquet:"id"`
	Tag   *string           `parquet:"tag,optional"`
	N     []int64           `parquet:"n"`
	OK    *bool             `parquet:"ok,optional"`
	F     float64           `parquet:"f"`
	M     map[string]string `parquet:"m,optional"`
	Never *int64            `parquet:"never,optional"`
	Same  string            `parquet:"same"`
}

// TestPages writes row groups of many pages: dictionaries whose codes have up to 17 bits,
// levels and codes in runs of all lengths, and columns without a value.
func TestPages(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(13, 5))
	rows := make([]pageRow, 75_000)
	some := false
	for i := range rows {
		if r.IntN(12) == 0 {
			some = !some
		}
		row := pageRow{ID: fmt.Sprint(r.Uint32()), F: r.NormFloat64(), Same: "x", N: make([]int64, r.IntN(3))}
		for k := range row.N {
			row.N[k] = r.Int64() - r.Int64()
		}
		if some {
			tag, ok := fmt.Sprint(r.IntN(300)), r.IntN(2) == 0
			row.Tag, row.OK, row.M = &tag, &ok, map[string]string{"b": tag, "a": ""}
		}
		rows[i] = row
	}
	var b bytes.Buffer
	w := parquetfile.NewWriter[pageRow](&b)
	for _, part := range [][]pageRow{rows[:1], rows[1:], nil} {
		g := w.Begin()
		for len(part) > 0 {
			n := min(len(part), 100)
			g.Add(part[:n])
			part = part[n:]
		}
		g.End()
		if err := g.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got := readParquet(t, b.Bytes())
	if len(got) != len(rows) {
		t.Fatalf("%d rows, not %d", len(got), len(rows))
	}
	for i := range rows {
		if want := expected(reflect.ValueOf(rows[i])); !reflect.DeepEqual(want, got[i]) {
			t.Fatalf("row %d (-made +read):\n%s", i, cmp.Diff(want, got[i], cmp.AllowUnexported(entry{})))
		}
	}
}
