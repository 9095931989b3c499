package parquetfile

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// structColumn is the chunk of a leaf of structs, as it is made.
type structColumn struct {
	chunk
	dictionary dictionary
	done       []byte // complete pages

	// Of the page that is being made:
	page
	codes []uint32
	bits  int // booleans in the body
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
func (c *structColumn) level(rep, def byte) {
	if rep == 0 {
		c.rows++
	}
	c.reps, c.defs = append(c.reps, rep), append(c.defs, def)
}

func (c *structColumn) null(rep, def byte) {
	c.level(rep, def)
	c.missing++
}

func (c *structColumn) bool(v bool, rep, def byte) {
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

func (c *structColumn) int(v int64, rep, def byte) {
	c.level(rep, def)
	c.body = binary.LittleEndian.AppendUint64(c.body, uint64(v))
	c.bounds.ints.add(v)
}

func (c *structColumn) float(v float64, rep, def byte) {
	c.level(rep, def)
	c.body = binary.LittleEndian.AppendUint64(c.body, math.Float64bits(v))
	c.bounds.floats.add(v)
}

func (c *structColumn) text(v string, rep, def byte) {
	c.level(rep, def)
	c.codes = append(c.codes, c.dictionary.code(v))
}

// endPage ends a page that has at least so many values. It begins with a row.
func (c *structColumn) endPage(least int) {
	p := &c.page
	if p.values = len(p.defs); p.values < least {
		return
	}
	if p.encoding = plain; c.physical == typeByteArray {
		p.encoding = rleDictionary
		width := bits.Len(uint(max(len(c.dictionary.codes)-1, 0)))
		p.body = appendRuns(append(p.body, byte(width)), c.codes, width)
	}
	c.append(&c.done)
	c.chunk.values, c.nulls = c.chunk.values+int64(p.values), c.nulls+int64(p.missing)
	p.reps, p.defs, p.body, c.codes, c.bits, p.rows, p.missing = p.reps[:0], p.defs[:0], p.body[:0], c.codes[:0], 0, 0, 0
}

// append appends the page.
func (c *structColumn) append(to *[]byte) {
	pages, unpacked := c.page.append(*to, c.leaf)
	*to, c.unpacked = pages, c.unpacked+unpacked
}

// end ends the last page, and makes that of the dictionary.
func (c *structColumn) end() {
	c.endPage(1)
	c.pages = [][]byte{c.done}
	if c.physical != typeByteArray {
		return
	}
	for text := range c.dictionary.codes {
		c.bounds.texts.add(text)
	}
	var unpacked int64
	c.body = c.dictionary.plain
	c.chunk.dictionary, unpacked = c.appendDictionary(nil, len(c.dictionary.codes))
	c.unpacked += unpacked
}
