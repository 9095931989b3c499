package forget

import (
	"math/bits"
	"strconv"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/identity"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Column returns which values of a column of a type name the id, in lists, objects and maps as well; of objects the
// names of fields that have a value count too. With equal only plain values count that are the id.
func (s Search) Column(c column.Column, t *check.Type, equal bool) column.Bitmap {
	l := look{is: func(text string) bool { return Mentions(text, s.ID) }, id: s.ID, equal: equal}
	if equal {
		l.is = func(text string) bool { return text == s.ID }
	}
	return l.in(c, t)
}

// look is a search of columns.
type look struct {
	is    func(text string) bool
	id    string
	equal bool
}

// in returns which values of a column have the id; nil for none.
func (l look) in(c column.Column, t *check.Type) column.Bitmap {
	switch c := c.(type) {
	case *column.Strings:
		return l.codes(c)
	case *column.Texts:
		return where(c, func(i int) bool { return l.is(c.At(i)) })
	case *column.Ints, *column.Floats:
		return l.numbers(c)
	case *column.Timestamps:
		ms, ok := identity.Instant(l.id)
		if number, err := strconv.ParseInt(l.id, 10, 64); err == nil && l.equal {
			ms, ok = number, true // as data of texts has them
		}
		if !ok {
			return nil
		}
		return where(c, func(i int) bool { return c.V[i] == ms })
	case *column.Bools:
		if yes, err := strconv.ParseBool(strings.ToLower(l.id)); err == nil && l.equal && len(l.id) >= len("true") {
			return where(c, func(i int) bool { return c.Bits.Get(i) == yes })
		}
	case *column.Struct:
		return l.fields(c, t)
	case *column.List:
		return owners(l.in(c.Elem, t.Elem), c.Offsets)
	case *column.Map:
		return owners(Either(l.in(c.Keys, check.StringType), l.in(c.Values, t.Elem)), c.Offsets)
	case *column.Sparse:
		return spread(c, l.in(c.Values, t))
	}
	return nil // nulls, and what is true or false of anybody
}

// numbers looks through numbers, for one that is written in any way.
func (l look) numbers(c column.Column) column.Bitmap {
	digits := identity.Digits(l.id)
	x, noFloat := strconv.ParseFloat(digits, 64)
	if c, ok := c.(*column.Floats); ok {
		if noFloat != nil || !identity.SameNumber(identity.Written(x), digits) {
			return nil
		}
		return where(c, func(i int) bool { return c.V[i] == x })
	}
	n, noInt := strconv.ParseInt(digits, 10, 64)
	if noInt != nil {
		n = int64(x)
		if !identity.SameNumber(strconv.FormatInt(n, 10), digits) {
			return nil
		}
	}
	ints := c.(*column.Ints)
	return where(ints, func(i int) bool { return ints.At(i) == n })
}

// codes looks through a dictionary, and for what it has found through the codes.
func (l look) codes(c *column.Strings) column.Bitmap {
	found := make([]bool, c.Dict.Len())
	some := false
	for code := range found {
		found[code] = l.is(c.Dict.At(uint32(code)))
		some = some || found[code]
	}
	if !some {
		return nil
	}
	return where(c, func(i int) bool { return found[c.Codes.At(i)] })
}

// fields looks through the fields of objects, and their names.
func (l look) fields(c *column.Struct, t *check.Type) (all column.Bitmap) {
	for _, f := range t.Fields {
		field := c.Fields[f.Index]
		all = Either(all, l.in(field, f.Type))
		if l.is(f.Name) {
			all = Either(all, where(field, func(int) bool { return true }))
		}
	}
	return all
}

// where returns the values of a column of which f says yes; nil for none.
func where(c column.Column, f func(i int) bool) (all column.Bitmap) {
	n := c.Len()
	for i := range n {
		if c.Null(i) || !f(i) {
			continue
		}
		if all == nil {
			all = column.NewBitmap(n)
		}
		all.Set(i)
	}
	return all
}

// Either returns what is in one of two, nil for nothing. It may change the first.
func Either(a, b column.Bitmap) column.Bitmap {
	if a == nil {
		return b
	}
	for i, word := range b {
		a[i] |= word
	}
	return a
}

// owners returns in which lists some elements are.
func owners(elements column.Bitmap, offsets []uint32) (all column.Bitmap) {
	if elements == nil {
		return nil
	}
	all = column.NewBitmap(len(offsets) - 1)
	row := 0
	for w, word := range elements {
		for ; word != 0; word &= word - 1 {
			at := uint32(w<<6 + bits.TrailingZeros64(word))
			for offsets[row+1] <= at {
				row++
			}
			all.Set(row)
		}
	}
	return all
}

// spread returns the rows that have some of the values of a sparse column.
func spread(c *column.Sparse, values column.Bitmap) (all column.Bitmap) {
	if values == nil {
		return nil
	}
	at := 0
	return where(c, func(int) bool {
		at++
		return values.Get(at - 1)
	})
}
