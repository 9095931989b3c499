package pack

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/segq/segq/lang/check"
)

// reader takes an index apart. After an error it gives zeros.
type reader struct {
	b   []byte // the rest
	s   string // all, which the texts are parts of
	err error
	// fields and columns are how many there were.
	fields, columns int
	room            []shape // for the next columns
}

// newShape returns a shape. Thousands are made one after another, so that they lie together.
func (r *reader) newShape() *shape {
	if len(r.room) == 0 {
		r.room = make([]shape, min(max(r.columns, 16), 1024))
	}
	s := &r.room[0]
	r.room = r.room[1:]
	return s
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("its index is damaged: "+format, args...)
		r.b = nil
	}
}

func (r *reader) byte() byte {
	if len(r.b) == 0 {
		r.fail("it ends too early")
		return 0
	}
	b := r.b[0]
	r.b = r.b[1:]
	return b
}

// number reads a number up to most.
func (r *reader) number(most int) int {
	n, size := binary.Uvarint(r.b)
	switch {
	case size <= 0:
		r.fail("it ends too early")
	case most < 0 || n > uint64(most):
		r.fail("%d where it may be %d at most", n, most)
	default:
		r.b = r.b[size:]
		return int(n)
	}
	return 0
}

// count reads how many things follow that have so many bytes at least.
func (r *reader) count(least int) int { return r.number(len(r.b) / least) }

func (r *reader) signed() int64 {
	n, size := binary.Varint(r.b)
	if size <= 0 {
		r.fail("it ends too early")
		return 0
	}
	r.b = r.b[size:]
	return n
}

func (r *reader) text() string {
	n := r.number(len(r.b))
	if r.err != nil {
		return ""
	}
	if n > len(r.b) {
		r.fail("it ends too early")
		return ""
	}
	at := len(r.s) - len(r.b)
	r.b = r.b[n:]
	return r.s[at : at+n]
}

func (r *reader) yes() bool {
	b := r.byte()
	if b > 1 {
		r.fail("%d where there is yes or no", b)
	}
	return b == 1
}

func (r *reader) checksums(n int) []byte {
	if len(r.b) < 4*n {
		r.fail("it has no checksums for some columns")
		return nil
	}
	sums := r.b[:4*n]
	r.b = r.b[4*n:]
	return sums
}

// fieldsOf reads the columns of the fields of a struct.
func (r *reader) fieldsOf(s *shape) {
	s.children = make([]*shape, 0, len(s.t.Fields))
	for _, f := range s.t.Fields {
		s.children = append(s.children, r.shape(s, f.Type, f.Name, s.rows))
		if r.err != nil {
			return
		}
	}
}

// shape reads a column of so many rows, and all below it.
func (r *reader) shape(parent *shape, t *check.Type, name string, rows int) *shape {
	s := r.newShape()
	*s = shape{parent: parent, t: t, name: name, rows: rows, kind: kind(r.byte())}
	flags := r.byte()
	s.valid, s.ends, s.sparse, s.constant = flags&hasValidity != 0, flags&hasEnds != 0, flags&isSparse != 0, flags&isConstant != 0
	if r.columns++; r.columns > maxColumns {
		r.fail("it has more than %d columns", maxColumns)
	}
	switch {
	case s.kind >= kinds:
		r.fail("%s is of a kind with the number %d, which is not known", s.path(), s.kind)
	case !s.kind.fits(t):
		r.fail("%s is %s, and its column is not", s.path(), t)
	case flags&^allFlags != 0, s.valid && s.kind == nulls, s.ends && s.kind != lists,
		(s.sparse || s.constant) && !s.kind.plain(), s.sparse && (s.constant || !s.valid), s.constant && s.kind == rowTexts:
		r.fail("%s has the flags %#x", s.path(), flags)
	}
	if s.sparse {
		if s.values = r.number(rows); s.values == 0 {
			r.fail("%s is sparse, without a value", s.path())
		}
	}
	switch s.kind {
	case ints:
		r.ints(s)
	case texts:
		r.dictionary(s)
	case rowTexts:
		s.elems = r.number(maxElems)
	case structs:
		r.order(s, flags)
		r.fieldsOf(s)
		return s
	case lists, maps:
		s.elems = r.number(maxElems)
		r.order(s, flags)
		if r.err != nil {
			return s
		}
		if s.kind == maps {
			keys := r.shape(s, check.StringType, "{key}", s.elems)
			if s.children = append(s.children, keys); r.err == nil && (keys.kind != texts || keys.sparse || keys.constant) {
				r.fail("the keys of %s are no texts", s.path())
				return s
			}
			name = "{}"
		} else {
			name = ""
		}
		s.children = append(s.children, r.shape(s, t.Elem, name, s.elems))
		return s
	}
	r.order(s, flags)
	return s
}

func (r *reader) ints(s *shape) {
	s.width = int(r.byte())
	s.low, s.high = r.signed(), r.signed()
	if s.width != 1 && s.width != 2 && s.width != 4 && s.width != 8 {
		r.fail("the numbers of %s have %d bytes", s.path(), s.width)
		return
	}
	least := int64(math.MinInt64) >> (64 - 8*s.width)
	if s.low > s.high || s.low < least || s.high > ^least {
		r.fail("the numbers of %s go from %d to %d, in %d bytes", s.path(), s.low, s.high, s.width)
	}
}

func (r *reader) dictionary(s *shape) {
	s.width = int(r.byte())
	s.offsets, s.bytes = r.number(math.MaxUint32), r.number(math.MaxUint32)
	most := 0
	switch s.width {
	case 1, 2:
		most = 1 << (8 * s.width)
	case 4:
		most = math.MaxUint32
	}
	switch {
	case most == 0, s.strings() > most, s.strings() == 0 && (s.bytes > 0 || s.width > 1):
		r.fail("%s has %d texts of %d bytes together, and codes of %d", s.path(), s.strings(), s.bytes, s.width)
	}
}

// order reads what there is of an order, which wide values may have.
func (r *reader) order(s *shape, flags byte) {
	if flags&hasOrder == 0 {
		return
	}
	s.buckets, s.greatest = r.number(maxBuckets), r.signed()
	wide := s.kind == floats || s.kind == timestamps || s.kind == ints && s.width >= 4
	if !wide || s.buckets == 0 || s.stored() == 0 {
		r.fail("%s has an order of %d buckets", s.path(), s.buckets)
	}
}
