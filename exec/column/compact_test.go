package column_test

import (
	"math"
	"reflect"
	"testing"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
	"pgregory.net/rapid"
)

// leaves are columns of each kind of plain values over rows of which valid have one, which
// value numbers.
func leaves(n int, valid column.Bitmap, value func(i int) int) map[*check.Type]column.Column {
	bits, floats, times := column.NewBitmap(n), make([]float64, n), make([]int64, n)
	ints, strings := make([]int64, n), &column.Strings{Valid: valid, Codes: column.NewCodes(n, 3)}
	strings.Dict = &column.Dict{Bytes: []byte("abcde"), Offsets: []uint32{0, 1, 3, 5}}
	texts := &column.Texts{Valid: valid, Offsets: make([]uint32, 1, n+1)}
	for i := range n {
		if valid.Valid(i) {
			v := value(i)
			if v%2 == 0 {
				bits.Set(i)
			}
			floats[i], times[i], ints[i] = float64(v)/2, int64(v)*1000, int64(v)*300
			strings.Codes.Set(i, uint32(v%3))
			texts.Bytes = append(texts.Bytes, "row "[:v%4]...)
		}
		texts.Offsets = append(texts.Offsets, uint32(len(texts.Bytes)))
	}
	return map[*check.Type]column.Column{
		check.BoolType: &column.Bools{Valid: valid, Bits: bits, N: n}, check.FloatType: &column.Floats{Valid: valid, V: floats},
		check.TimestampType: &column.Timestamps{Valid: valid, V: times}, check.IntType: column.NewInts(ints, valid),
		check.StringType: strings, check.ListOf(check.StringType): texts,
	}
}

// A compact column has the values of the one that it was made of, wherever they are looked for.
func TestCompact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 2000).Draw(t, "rows")
		every := rapid.SampledFrom([]int{1, 2, 16, 400, 5000}).Draw(t, "every")
		values := rapid.IntRange(1, 3).Draw(t, "values")
		valid := column.NewBitmap(n)
		for i := range n {
			if rapid.IntRange(1, every).Draw(t, "valid") == 1 {
				valid.Set(i)
			}
		}
		if rapid.Bool().Draw(t, "no nulls") {
			valid = nil
		}
		numbers := rapid.SliceOfN(rapid.IntRange(0, values-1), n, n).Draw(t, "numbers")
		for typ, c := range leaves(n, valid, func(i int) int { return numbers[i] }) {
			if typ.Kind == check.List {
				typ = check.StringType // of texts in the order of the rows
			}
			for _, few := range []column.Column{column.AsConstant(c), column.AsSparse(c), column.Compact(c)} {
				if few != nil {
					sameValues(t, few, c, typ)
				}
			}
		}
	})
}

func sameValues(t *rapid.T, few, c column.Column, typ *check.Type) {
	schema := check.ObjectOf(&check.Field{Name: "f", Type: typ})
	if err := column.Verify(&column.Snapshot{Schema: schema, Root: &column.Struct{N: c.Len(), Fields: []column.Column{few}}}); err != nil {
		t.Fatal(err)
	}
	for i := range c.Len() {
		if got, want := column.Value(few, i, typ), column.Value(c, i, typ); got != want {
			t.Fatalf("row %d of a %T of %T is %v, not %v", i, few, c, got, want)
		}
	}
	if _, none := few.(*column.Nulls); none {
		return
	}
	dense := column.Dense(few)
	for i := range c.Len() {
		if got, want := column.Value(dense, i, typ), column.Value(c, i, typ); got != want {
			t.Fatalf("row %d of a dense %T of %T is %v, not %v", i, few, c, got, want)
		}
	}
	if s, ok := few.(*column.Sparse); ok {
		ranks(t, s)
	}
}

func ranks(t *rapid.T, s *column.Sparse) {
	start := rapid.IntRange(0, s.N-1).Draw(t, "start")
	run := make([]uint32, s.N-start)
	s.Places(run, start, nil)
	n := 0
	for i := range s.N {
		if got := s.Rank(i); got != n {
			t.Fatalf("rank %d is %d, not %d", i, got, n)
		}
		if i >= start && int(run[i-start]) != min(n, s.Values.Len()-1) {
			t.Fatalf("the place of row %d is %d, not %d", i, run[i-start], n)
		}
		if !s.Null(i) {
			n++
		}
	}
	if s.Rank(s.N) != n {
		t.Fatalf("there are %d values, not %d", s.Rank(s.N), n)
	}
}

// A constant column takes no memory, a mostly null one little, and one whose values differ what it
// did.
func TestCompactSizes(t *testing.T) {
	const n = 1 << 20
	few := column.NewBitmap(n)
	for i := 0; i < n; i += 200 {
		few.Set(i)
	}
	size := func(c column.Column) int64 {
		s := column.Snapshot{Root: &column.Struct{Fields: []column.Column{c}}}
		return s.Bytes()
	}
	for typ, c := range leaves(n, nil, func(int) int { return 2 }) {
		if got := size(column.Compact(c)); got > 32 {
			t.Errorf("a constant column of type %s has %d bytes", typ, got)
		}
	}
	for typ, c := range leaves(n, few, func(i int) int { return i / 200 % 3 }) {
		if got := size(column.Compact(c)); got > n/8+n/32+n/20 {
			t.Errorf("a column of type %s with a value in one row of 200 has %d bytes", typ, got)
		}
	}
	for typ, c := range leaves(n, nil, func(i int) int { return i % 3 }) {
		if column.Compact(c) != c {
			t.Errorf("a column of type %s whose values differ was made another", typ)
		}
	}
	zeros := &column.Floats{V: make([]float64, n)}
	zeros.V[n-1] = math.Copysign(0, -1)
	if column.Compact(zeros) != zeros {
		t.Error("the two zeros are two values")
	}
}

// What is small anyway is not worth it.
func TestSmallColumnsStayAsTheyAre(t *testing.T) {
	for _, c := range leaves(1000, nil, func(int) int { return 1 }) {
		if got := column.Compact(c); !reflect.DeepEqual(got, c) {
			t.Errorf("a %T of 1000 rows became a %T", c, got)
		}
	}
}
