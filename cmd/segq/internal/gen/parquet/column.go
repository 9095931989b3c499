package parquet

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"math/bits"

	"github.com/klauspost/compress/snappy"
)

// Encodings, a codec and types of pages, by their numbers in the format.
const (
	plain, rle, rleDictionary = 0, 3, 8

	snappyCodec = 1

	dictionaryPage, dataPageV2 = 2, 3
)

// pageValues is about how many values a page has, the default of pyarrow.
const pageValues = 20_000

// column is the column chunk of a leaf in a row group, as it is made.
type column struct {
	*leaf
	pages         []byte // complete ones, with their headers
	unpacked      int64  // their bytes, had they not been compressed
	values, nulls int64  // of all pages
	bounds        bounds
	dictionary    dictionary

	// Of the page that is being made:
	reps, defs    []byte
	body          []byte
	codes         []uint32
	bits          int // booleans in the body
	rows, missing int32
	packed        []byte // compressed
}

// dictionary holds the texts of a column by their codes, plain, and their codes.
type dictionary struct {
	codes map[string]uint32
	plain []byte
}

func (d *dictionary) code(v string) uint32 {
	code, known := d.codes[v]
	if !known {
		if d.codes == nil {
			d.codes = map[string]uint32{}
		}
		code = uint32(len(d.codes))
		d.codes[v] = code
		d.plain = append(binary.LittleEndian.AppendUint32(d.plain, uint32(len(v))), v...)
	}
	return code
}

// level adds a pair of levels.
func (c *column) level(rep, def byte) {
	if rep == 0 {
		c.rows++
	}
	c.reps, c.defs = append(c.reps, rep), append(c.defs, def)
}

func (c *column) null(rep, def byte) {
	c.level(rep, def)
	c.missing++
}

func (c *column) bool(v bool, rep, def byte) {
	c.level(rep, def)
	if c.bits%8 == 0 {
		c.body = append(c.body, 0)
	}
	b := int64(0)
	if v {
		b = 1
	}
	c.body[c.bits/8] |= byte(b) << (c.bits % 8)
	c.bits++
	c.bounds.ints.add(b)
}

func (c *column) int(v int64, rep, def byte) {
	c.level(rep, def)
	c.body = binary.LittleEndian.AppendUint64(c.body, uint64(v))
	c.bounds.ints.add(v)
}

func (c *column) float(v float64, rep, def byte) {
	c.level(rep, def)
	c.body = binary.LittleEndian.AppendUint64(c.body, math.Float64bits(v))
	c.bounds.floats.add(v)
}

func (c *column) text(v string, rep, def byte) {
	c.level(rep, def)
	c.codes = append(c.codes, c.dictionary.code(v))
}

// endPage ends a page that has at least so many values. It begins with a row.
func (c *column) endPage(least int) {
	n := len(c.defs)
	if n < least {
		return
	}
	encoding := int32(plain)
	if c.physical == typeByteArray {
		encoding = rleDictionary
		width := bits.Len(uint(max(len(c.dictionary.codes)-1, 0)))
		c.body = appendRuns(append(c.body, byte(width)), c.codes, width)
	}
	var levels []byte
	if c.maxRep > 0 {
		levels = appendRuns(levels, c.reps, bits.Len8(c.maxRep))
	}
	reps := len(levels)
	if c.maxDef > 0 {
		levels = appendRuns(levels, c.defs, bits.Len8(c.maxDef))
	}
	c.page(dataPageV2, levels, 8, func(t *thrift) {
		t.i32(1, int32(n))
		t.i32(2, c.missing)
		t.i32(3, c.rows)
		t.i32(4, encoding)
		t.i32(5, int32(len(levels)-reps))
		t.i32(6, int32(reps))
		t.bool(7, true)
	})
	c.values, c.nulls = c.values+int64(n), c.nulls+int64(c.missing)
	c.reps, c.defs, c.body, c.codes, c.bits, c.rows, c.missing = c.reps[:0], c.defs[:0], c.body[:0], c.codes[:0], 0, 0, 0
}

// page adds a page of levels and of the body, which is compressed. Field id of its header
// is what header writes.
func (c *column) page(kind int32, levels []byte, id int16, header func(*thrift)) {
	c.packed = snappy.Encode(c.packed[:cap(c.packed)], c.body) // nothing, too: DuckDB expects it
	t := &thrift{}
	t.element(func() {
		t.i32(1, kind)
		t.i32(2, int32(len(levels)+len(c.body)))
		t.i32(3, int32(len(levels)+len(c.packed)))
		t.i32(4, int32(crc32.Update(crc32.ChecksumIEEE(levels), crc32.IEEETable, c.packed)))
		t.structure(id, func() { header(t) })
	})
	c.pages = append(append(append(c.pages, t.b...), levels...), c.packed...)
	c.unpacked += int64(len(t.b) + len(levels) + len(c.body))
}

// end ends the last page, and puts the page of the dictionary before the others; it
// returns how many bytes that has.
func (c *column) end() (dictionary int) {
	c.endPage(1)
	if c.physical != typeByteArray {
		return 0
	}
	data := c.pages
	c.pages, c.body = nil, c.dictionary.plain
	c.page(dictionaryPage, nil, 7, func(t *thrift) {
		t.i32(1, int32(len(c.dictionary.codes)))
		t.i32(2, plain)
	})
	dictionary = len(c.pages)
	c.pages = append(c.pages, data...)
	return dictionary
}
