package lookup

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// textColumn has these texts, and null for those that a nil stands for.
func textColumn(texts []*string) *column.Texts {
	c := &column.Texts{Valid: column.NewBitmap(len(texts)), Offsets: []uint32{0}}
	for i, s := range texts {
		if s != nil {
			c.Valid.Set(i)
			c.Bytes = append(c.Bytes, *s...)
		}
		c.Offsets = append(c.Offsets, uint32(len(c.Bytes)))
	}
	return c
}

// TestFindTexts compares rows that are found with those of a Go map.
func TestFindTexts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{0, 1, 2, 1000} {
		where, keys := map[string]uint32{}, []*string{}
		for i := range n {
			s := fmt.Sprint("k", i*3)
			switch i {
			case 0:
				s = ""
			case 1:
				keys = append(keys, nil)
				continue
			}
			where[s], keys = uint32(i), append(keys, &s)
		}
		f := &check.Field{Name: "k", Type: check.StringType}
		s := &column.Snapshot{Schema: check.ObjectOf(f), Root: &column.Struct{N: n, Fields: []column.Column{textColumn(keys)}}}
		source, err := NewResident(t.Context(), column.Resident(s), "k", 2)
		if err != nil {
			t.Fatal(err)
		}
		asked := make([]*string, 5000)
		for i := range asked {
			if s := fmt.Sprint("k", r.IntN(3*n+5)); i%7 > 0 {
				asked[i] = &s
			}
			if empty := ""; i%11 == 0 {
				asked[i] = &empty
			}
		}
		wanted := make([]uint32, len(asked))
		for i, s := range asked {
			if wanted[i] = none; s != nil {
				if row, ok := where[*s]; ok {
					wanted[i] = row
				}
			}
		}
		checkPlaces(t, source, textColumn(asked), wanted)
	}
}

// checkPlaces finds texts as they are, by their dictionary, by what is known of it, and a few texts of a dictionary.
func checkPlaces(t *testing.T, source *Resident, texts *column.Texts, want []uint32) {
	t.Helper()
	sorted, err := column.Sorted(t.Context(), texts, 2)
	if err != nil {
		t.Fatal(err)
	}
	few := &column.Strings{Valid: sorted.Valid, Dict: sorted.Dict}
	switch c := sorted.Codes; {
	case c.U8 != nil:
		few.Codes.U8 = c.U8[:2]
	case c.U16 != nil:
		few.Codes.U16 = c.U16[:2]
	default:
		few.Codes.U32 = c.U32[:2]
	}
	var known *matches
	for i, c := range []column.Column{texts, few, sorted, sorted, few} {
		at, found, err := source.places(t.Context(), c, known)
		if err != nil {
			t.Fatal(err)
		}
		if got := want[:c.Len()]; !slices.Equal(at, got) {
			t.Fatalf("%d: rows %d, not %d", i, at, got)
		}
		if i > 2 && found != known || i == 2 && found.bytes() != 4*int64(sorted.Dict.Len()) {
			t.Fatalf("%d: %d bytes are kept of %d texts", i, found.bytes(), sorted.Dict.Len())
		}
		known = found
	}
}
