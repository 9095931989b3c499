package parquetfile

import (
	"cmp"
	"encoding/binary"
	"math"
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

// bounds are those of a column: of booleans as numbers, too.
type bounds struct {
	ints   span[int64]
	floats span[float64]
}

// statistics returns the bounds of a column as they stand in the footer.
func (c *column) statistics() (least, most string, ok bool) {
	ints, floats := &c.bounds.ints, &c.bounds.floats
	switch c.physical {
	case typeBoolean:
		return string([]byte{byte(ints.least)}), string([]byte{byte(ints.most)}), ints.some
	case typeInt64:
		return eightBytes(uint64(ints.least)), eightBytes(uint64(ints.most)), ints.some
	case typeDouble:
		return eightBytes(math.Float64bits(floats.least)), eightBytes(math.Float64bits(floats.most)), floats.some
	}
	var texts span[string]
	for text := range c.dictionary.codes {
		texts.add(text)
	}
	return texts.least, texts.most, texts.some
}

func eightBytes(v uint64) string { return string(binary.LittleEndian.AppendUint64(nil, v)) }
