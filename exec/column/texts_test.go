package column_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/lang/check"
)

// drawTexts draws a column of any bytes, with nulls.
func drawTexts(t *rapid.T) (*column.Texts, []string) {
	few := rapid.SampledFrom([]string{"", "a", "b", "aa", "ab", "aaaaaaaaaaaaaaaaaaaaaaaab", "é", "\xff\x00", "\xfe\xff"})
	text := rapid.OneOf(few, rapid.StringN(0, 30, -1), rapid.Custom(func(t *rapid.T) string {
		return "https://www.example.com/" + string(rapid.SliceOfN(rapid.Byte(), 0, 12).Draw(t, "tail"))
	}))
	values := rapid.SliceOfN(text, 0, 300).Draw(t, "values")
	if rapid.Bool().Draw(t, "sorted") {
		slices.Sort(values)
		values = slices.Compact(values)
	}
	c := &column.Texts{Offsets: []uint32{0}}
	nulls := rapid.Bool().Draw(t, "nulls")
	if nulls {
		c.Valid = column.NewBitmap(len(values))
	}
	for i := range values {
		if nulls && rapid.Bool().Draw(t, "null") {
			values[i] = ""
		} else if nulls {
			c.Valid.Set(i)
		}
		c.Bytes = append(c.Bytes, values[i]...)
		c.Offsets = append(c.Offsets, uint32(len(c.Bytes)))
	}
	return c, values
}

func snapshotOf(c column.Column, n int) *column.Snapshot {
	schema := check.ObjectOf(&check.Field{Name: "s", Type: check.StringType})
	return &column.Snapshot{Schema: schema, Root: &column.Struct{N: n, Fields: []column.Column{c}}}
}

// Sorted texts are the same texts, whose dictionary is the sorted set of them; and back.
func TestSorted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, values := drawTexts(t)
		if err := column.Verify(snapshotOf(c, len(values))); err != nil {
			t.Fatal(err)
		}
		s, err := column.Sorted(t.Context(), c, rapid.IntRange(1, 3).Draw(t, "threads"))
		if err != nil {
			t.Fatal(err)
		}
		if err := column.Verify(snapshotOf(s, len(values))); err != nil {
			t.Fatal(err)
		}
		var want []string
		for i, v := range values {
			if s.Null(i) != c.Null(i) {
				t.Fatalf("row %d is null: %t", i, s.Null(i))
			}
			if c.Null(i) {
				continue
			}
			want = append(want, v)
			if s.At(i) != v || c.At(i) != v {
				t.Fatalf("row %d is %q, and %q, want %q", i, c.At(i), s.At(i), v)
			}
		}
		slices.Sort(want)
		if want = slices.Compact(want); len(want) != s.Dict.Len() {
			t.Fatalf("the dictionary has %d strings, want %d", s.Dict.Len(), len(want))
		}
		back := exectest.Texts(s)
		if !slices.Equal(back.Offsets, c.Offsets) || string(back.Bytes) != string(c.Bytes) {
			t.Fatalf("turned back: %v %q, want %v %q", back.Offsets, back.Bytes, c.Offsets, c.Bytes)
		}
	})
}

// TestSortedLarge has enough texts for all buckets, and several goroutines.
func TestSortedLarge(t *testing.T) {
	const n = 100_000
	c := &column.Texts{Offsets: []uint32{0}}
	seed := uint32(1)
	for range n {
		seed = seed*1664525 + 1013904223
		for k := range 1 + seed>>16%13 {
			c.Bytes = append(c.Bytes, "abcdefgh@.-"[seed>>(k*2)%11])
		}
		c.Offsets = append(c.Offsets, uint32(len(c.Bytes)))
	}
	s, err := column.Sorted(t.Context(), c, 2)
	if err != nil {
		t.Fatal(err)
	}
	if err := column.Verify(snapshotOf(s, n)); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if s.At(i) != c.At(i) {
			t.Fatalf("row %d is %q, want %q", i, s.At(i), c.At(i))
		}
	}
}

// TestTextsTellTheirFaults breaks the invariants of a column of texts.
func TestTextsTellTheirFaults(t *testing.T) {
	for want, c := range map[string]*column.Texts{
		"profiles.s: the offsets end at 1 of 2 bytes": {Bytes: []byte("ab"), Offsets: []uint32{0, 1, 1}},
		"profiles.s: the offsets fall at row 1":       {Bytes: []byte("ab"), Offsets: []uint32{0, 2, 1}},
		"profiles.s: the offsets do not begin with 0": {Bytes: []byte("ab"), Offsets: []uint32{1, 1, 2}},
		"profiles.s: row 1 is null and has elements":  {Bytes: []byte("ab"), Offsets: []uint32{0, 1, 2}, Valid: column.Bitmap{1}},
		"profiles.s: validity: bits past row 2":       {Bytes: []byte("ab"), Offsets: []uint32{0, 1, 2}, Valid: column.Bitmap{7}},
		"profiles.s: 1 rows, want 2":                  {Bytes: []byte("ab"), Offsets: []uint32{0, 2}},
	} {
		if err := column.Verify(snapshotOf(c, 2)); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
