package parquetfile

import (
	"encoding/binary"
	"hash/crc32"
	"math/bits"

	"github.com/klauspost/compress/s2"
)

// Encodings, a codec and types of pages, by their numbers in the format.
const (
	plain, rle, rleDictionary = 0, 3, 8

	snappyCodec = 1

	dictionaryPage, dataPageV2 = 2, 3
)

// pageValues is about how many values a page has, the default of pyarrow.
const pageValues = 20_000

// chunk is the pages of a leaf in a row group.
type chunk struct {
	*leaf
	dictionary    []byte   // its page, nil for none
	pages         [][]byte // each with its header, or several together
	unpacked      int64    // their bytes, had they not been compressed
	values, nulls int64
	bounds        bounds
}

// size is the number of bytes of the pages.
func (c *chunk) size() int64 {
	n := int64(len(c.dictionary))
	for _, p := range c.pages {
		n += int64(len(p))
	}
	return n
}

// describe writes the ColumnChunk of a chunk whose first page is at a place in the file.
func (c *chunk) describe(t *thrift, at int64) {
	t.i64(2, 0) // nothing is written of it apart from the footer
	t.structure(3, func() {
		t.i32(1, c.physical)
		encodings := []int32{plain}
		if c.maxDef > 0 {
			encodings = append(encodings, rle)
		}
		if c.dictionary != nil {
			encodings = append(encodings, rleDictionary)
		}
		t.list(2, thriftI32, len(encodings))
		for _, e := range encodings {
			t.b = binary.AppendVarint(t.b, int64(e))
		}
		t.list(3, thriftBinary, len(c.path))
		for _, name := range c.path {
			t.text(name)
		}
		t.i32(4, snappyCodec)
		t.i64(5, c.values)
		t.i64(6, c.unpacked)
		t.i64(7, c.size())
		t.i64(9, at+int64(len(c.dictionary)))
		if c.dictionary != nil {
			t.i64(11, at)
		}
		t.structure(12, func() {
			t.i64(3, c.nulls)
			if least, most, ok := c.bounds.encoded(c.physical); ok {
				t.binary(5, most)
				t.binary(6, least)
			}
		})
	})
}

// page is the levels and the values of a data page.
type page struct {
	reps, defs    []byte // empty where all are 0
	values        int
	rows, missing int32 // missing are the values that are null
	encoding      int32
	body          []byte
	packed        []byte // scratch
	dense         int    // of how many pages to come it is known that compression would not make them smaller
}

// densePages is how many pages after one that compression has hardly made smaller are not compressed either. It
// is so with codes of many texts, which have all bits that they need and no more.
const densePages = 15

// append appends the page to those of a leaf.
func (p *page) append(to []byte, l *leaf) (pages []byte, unpacked int64) {
	var levels []byte
	if l.maxRep > 0 {
		levels = appendRuns(levels, p.reps, bits.Len8(l.maxRep))
	}
	reps := len(levels)
	if l.maxDef > 0 {
		levels = appendRuns(levels, p.defs, bits.Len8(l.maxDef))
	}
	body, smaller := p.compressed()
	return p.write(to, dataPageV2, levels, body, 8, func(t *thrift) {
		t.i32(1, int32(p.values))
		t.i32(2, p.missing)
		t.i32(3, p.rows)
		t.i32(4, p.encoding)
		t.i32(5, int32(len(levels)-reps))
		t.i32(6, int32(reps))
		t.bool(7, smaller)
	})
}

// compressed returns the body of a data page, compressed if that makes it smaller.
func (p *page) compressed() (body []byte, smaller bool) {
	if p.dense > 0 && p.encoding == rleDictionary {
		p.dense--
		return p.body, false
	}
	p.packed = s2.EncodeSnappy(p.packed[:cap(p.packed)], p.body) // nothing, too: DuckDB expects it
	if len(p.body) == 0 || len(p.packed) < len(p.body)-len(p.body)/16 || p.encoding != rleDictionary {
		return p.packed, true
	}
	p.dense = densePages
	return p.body, false
}

// appendDictionary appends a page whose body is the n texts of a dictionary, plain.
func (p *page) appendDictionary(to []byte, n int) (pages []byte, unpacked int64) {
	p.packed = s2.EncodeSnappy(p.packed[:cap(p.packed)], p.body)
	return p.write(to, dictionaryPage, nil, p.packed, 7, func(t *thrift) {
		t.i32(1, int32(n))
		t.i32(2, plain)
	})
}

// write appends a page of levels and of the body, which is written as stored says. Field id of its header is
// what header writes.
func (p *page) write(to []byte, kind int32, levels, stored []byte, id int16, header func(*thrift)) (pages []byte, unpacked int64) {
	t := &thrift{}
	t.element(func() {
		t.i32(1, kind)
		t.i32(2, int32(len(levels)+len(p.body)))
		t.i32(3, int32(len(levels)+len(stored)))
		t.i32(4, int32(crc32.Update(crc32.ChecksumIEEE(levels), crc32.IEEETable, stored)))
		t.structure(id, func() { header(t) })
	})
	to = append(append(append(to, t.b...), levels...), stored...)
	return to, int64(len(t.b) + len(levels) + len(p.body))
}
