package columnwire_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/columnwire"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/samples"
)

func sample(t *testing.T) *column.Snapshot {
	t.Helper()
	r, err := samples.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	snap, _, err := load.Reader(t.Context(), r, "ndjson", "sample", load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// Rows of the sample come back as they are, whichever are taken, in how many pieces, and however the columns were kept.
func TestRowsComeBack(t *testing.T) {
	plain := sample(t)
	rng := rand.New(rand.NewPCG(1, 2))
	for name, snap := range map[string]*column.Snapshot{
		"as loaded": plain, "texts": exectest.AsTexts(plain), "strings": exectest.AsStrings(plain), "compact": exectest.AsCompact(plain), "dense": exectest.AsDense(plain),
	} {
		b := columnwire.NewBuilder(snap.Schema)
		var taken []uint32
		for from := 0; from < snap.Rows(); {
			to := min(from+rng.IntN(300), snap.Rows())
			var rows []uint32
			for row := from; row < to; row++ {
				if rng.IntN(4) > 0 {
					rows = append(rows, uint32(row))
				}
			}
			rest, err := b.Add(append(columnwire.Append(nil, snap.Root, snap.Schema, rows), 'x'), len(rows))
			if err != nil || string(rest) != "x" {
				t.Fatal(err, rest)
			}
			taken = append(taken, rows...)
			from = to
		}
		if b.Rows() != len(taken) {
			t.Fatalf("%d rows of %d", b.Rows(), len(taken))
		}
		got := b.Column()
		own := *snap
		own.Root = got.(*column.Struct)
		if err := column.Verify(&own); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for i, row := range taken {
			was, is := column.AppendJSON(nil, snap.Root, int(row), snap.Schema), column.AppendJSON(nil, got, i, snap.Schema)
			if !bytes.Equal(was, is) {
				t.Fatalf("%s: row %d was %s and is %s", name, row, was, is)
			}
		}
	}
}

// What JSON has no form for, and a column that is not loaded, come back as well.
func TestSpecialValues(t *testing.T) {
	schema := check.ObjectOf(&check.Field{Name: "f", Type: check.FloatType}, &check.Field{Name: "u", Type: check.StringType}, &check.Field{Name: "l", Type: check.ListOf(check.IntType)})
	root := &column.Struct{N: 3, Fields: []column.Column{
		&column.Floats{V: []float64{math.Inf(-1), math.NaN(), math.Copysign(0, -1)}}, &column.Unloaded{N: 3},
		&column.List{Offsets: []uint32{0, 1, 1, 2}, Elem: &column.Unloaded{N: -1}},
	}}
	b := columnwire.NewBuilder(schema)
	for range 2 {
		if _, err := b.Add(columnwire.Append(nil, root, schema, columnwire.Range(0, 3)), 3); err != nil {
			t.Fatal(err)
		}
	}
	got := b.Column().(*column.Struct)
	f := got.Fields[0].(*column.Floats)
	if !math.IsInf(f.V[3], -1) || !math.IsNaN(f.V[4]) || !math.Signbit(f.V[5]) {
		t.Errorf("%v", f.V)
	}
	if u, ok := got.Fields[1].(*column.Unloaded); !ok || u.N != 6 {
		t.Errorf("%v", got.Fields[1])
	}
	l := got.Fields[2].(*column.List)
	if _, ok := l.Elem.(*column.Unloaded); !ok || l.Offsets[6] != 4 {
		t.Errorf("%v", l)
	}
}

// FuzzAdd holds that bytes of whatever kind do no harm.
func FuzzAdd(f *testing.F) {
	schema := check.ObjectOf(
		&check.Field{Name: "a", Type: check.ListOf(check.ObjectOf(&check.Field{Name: "b", Type: check.StringType}))},
		&check.Field{Name: "m", Type: check.MapOf(check.FloatType)}, &check.Field{Name: "t", Type: check.TimestampType}, &check.Field{Name: "y", Type: check.BoolType},
	)
	f.Add([]byte{1, 1, 2, 1, 2, 1, 2, 1, 1, 'x', 1, 'y', 0, 0, 2, 1, 1}, 2)
	f.Add([]byte{2, 1, 3, 0, 0, 0}, 2)
	f.Fuzz(func(t *testing.T, b []byte, n int) {
		if n < 0 || n > 1000 {
			return
		}
		to := columnwire.NewBuilder(schema)
		if _, err := to.Add(b, n); err != nil {
			return
		}
		root, ok := to.Column().(*column.Struct)
		if !ok { // it says that it is not loaded
			return
		}
		for i := range n {
			if !holdsUnloaded(root) {
				column.AppendJSON(nil, root, i, schema)
			}
		}
	})
}

func holdsUnloaded(c column.Column) bool {
	switch c := c.(type) {
	case *column.Unloaded:
		return true
	case *column.Struct:
		for _, f := range c.Fields {
			if holdsUnloaded(f) {
				return true
			}
		}
	case *column.List:
		return holdsUnloaded(c.Elem)
	case *column.Map:
		return holdsUnloaded(c.Values)
	}
	return false
}
