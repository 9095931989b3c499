package parquetfile

import (
	"cmp"
	"encoding/binary"
	"math"
	"strings"
)

// span is from the least to the greatest of some values.
type span[T cmp.Ordered] struct {
	least, most T
	some        bool
}

func (s *span[T]) add(v T) {
	if !s.some {
		s.least, s.most, s.some = v, v, true
	}
	s.least, s.most = min(s.least, v), max(s.most, v)
}

func (s *span[T]) merge(other span[T]) {
	if other.some {
		s.add(other.least)
		s.add(other.most)
	}
}

// bounds are those of a column: of booleans as numbers, too.
type bounds struct {
	ints   span[int64]
	floats span[float64]
	texts  span[string]
}

// text adds a text, which is copied where it is kept.
func (b *bounds) text(s string) {
	switch t := &b.texts; {
	case !t.some:
		own := strings.Clone(s)
		*t = span[string]{own, own, true}
	case s < t.least:
		t.least = strings.Clone(s)
	case s > t.most:
		t.most = strings.Clone(s)
	}
}

func (b *bounds) merge(other *bounds) {
	b.ints.merge(other.ints)
	b.floats.merge(other.floats)
	b.texts.merge(other.texts)
}

// longBound is the most bytes that the bounds of texts have in a footer.
const longBound = 4 << 10

// encoded returns the bounds of a column as they stand in the footer.
func (b *bounds) encoded(physical int32) (least, most string, ok bool) {
	switch physical {
	case typeBoolean:
		return string([]byte{byte(b.ints.least)}), string([]byte{byte(b.ints.most)}), b.ints.some
	case typeInt64:
		return eightBytes(uint64(b.ints.least)), eightBytes(uint64(b.ints.most)), b.ints.some
	case typeDouble:
		return eightBytes(math.Float64bits(b.floats.least)), eightBytes(math.Float64bits(b.floats.most)), b.floats.some
	}
	t := &b.texts
	return t.least, t.most, t.some && len(t.least) <= longBound && len(t.most) <= longBound
}

func eightBytes(v uint64) string { return string(binary.LittleEndian.AppendUint64(nil, v)) }
