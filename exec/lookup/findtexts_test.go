package lookup

import (
	"fmt"
	"math/rand/v2"
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
		at, err := source.places(t.Context(), textColumn(asked))
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range asked {
			want := uint32(none)
			if s != nil {
				if row, ok := where[*s]; ok {
					want = row
				}
			}
			if at[i] != want {
				t.Fatalf("of %d: %v is in row %d, not %d", n, s, int32(at[i]), int32(want))
			}
		}
	}
}
