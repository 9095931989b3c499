package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unsafe"
)

// Encoded is a page of values of a leaf as they are in the file: levels and values are
// decoded to where they are wanted, each once. It is valid until the next page is read.
type Encoded struct {
	// Count is the number of values, nulls and empty lists among them.
	Count int

	chunk      *Chunk
	encoding   Encoding
	reps, defs levels
	body       []byte // the values
	packed     bool   // they are still compressed
	decoded    bool   // so many of them are in the page of the chunk
	count      int
	hasNames   bool // as are their indexes alone
	size       int  // their bytes, when they are not
}

// levels are encoded levels.
type levels struct {
	src      []byte
	encoding Encoding
}

// decode decodes levels into a byte each, and holds them against the highest that there
// is.
func (l levels) decode(buf []byte, n int, most byte) ([]byte, error) {
	if l.encoding == RLE {
		return hybrid(buf, n, l.src, widthOf(most), most)
	}
	return bitPacked(buf, n, l.src, widthOf(most), most)
}

// bits decodes levels of which the highest is 1 into bits from one on, which are zero, and
// says how many are one.
func (l levels) bits(c *Chunk, buf *[]byte, n int, to []uint64, from int) (ones int, err error) {
	if l.encoding == RLE {
		return runBits(to, from, n, l.src)
	}
	if *buf, err = l.decode(*buf, n, 1); err != nil {
		return 0, err
	}
	for i, level := range *buf {
		to[(from+i)>>6] |= uint64(level) << ((from + i) & 63)
		ones += int(level)
	}
	return ones, nil
}

// Reps returns the repetition levels, as in Melnik and others, Dremel, VLDB 2010. They are
// overwritten by the next page.
func (p *Encoded) Reps() (all []byte, err error) {
	c := p.chunk
	if c.maxRep == 0 {
		return nil, nil
	}
	c.page.Reps, err = p.reps.decode(c.page.Reps, p.Count, c.maxRep)
	return c.page.Reps, c.asDamage(err)
}

// Defs returns the definition levels.
func (p *Encoded) Defs() (all []byte, err error) {
	c := p.chunk
	if c.maxDef == 0 {
		return nil, nil
	}
	c.page.Defs, err = p.defs.decode(c.page.Defs, p.Count, c.maxDef)
	return c.page.Defs, c.asDamage(err)
}

// RepBits writes the repetition levels to bits from one on, which are zero, where the
// highest level is 1.
func (p *Encoded) RepBits(to []uint64, from int) error {
	_, err := p.reps.bits(p.chunk, &p.chunk.page.Reps, p.Count, to, from)
	return p.chunk.asDamage(err)
}

// DefBits writes the definition levels to bits from one on, which are zero, where the
// highest level is 1, and says how many are 1.
func (p *Encoded) DefBits(to []uint64, from int) (ones int, err error) {
	ones, err = p.defs.bits(p.chunk, &p.chunk.page.Defs, p.Count, to, from)
	return ones, p.chunk.asDamage(err)
}

// Indexed says whether the values are indexes of the dictionary of the chunk.
func (p *Encoded) Indexed() bool { return p.encoding.dictionary() }

// Dictionary returns the values of the dictionary, nil where there is none.
func (p *Encoded) Dictionary() (*Values, error) {
	err := p.chunk.decodeDictionary()
	return p.chunk.page.Dictionary, p.chunk.asDamage(err)
}

// Decode decodes the n values that are not null into a page, without levels.
func (p *Encoded) Decode(n int) (*Page, error) {
	c := p.chunk
	if p.decoded && p.count == n {
		return &c.page, nil
	}
	c.page.Count = p.Count
	var body []byte
	var err error
	if n > 0 {
		body, err = p.values()
	}
	if err == nil && p.Indexed() {
		err = c.decodeDictionary()
	}
	if err == nil {
		err = c.hold(&c.values, int64(n)*perValue)
	}
	if err == nil {
		err = c.decodeValues(p.encoding, body, n)
	}
	p.decoded, p.count, p.hasNames = err == nil, n, false
	return &c.page, c.asDamage(err)
}

// values returns the bytes of the values.
func (p *Encoded) values() (_ []byte, err error) {
	if !p.packed {
		return p.body, nil
	}
	c := p.chunk
	if c.buf, err = c.expand(c.buf, p.body, p.size); err != nil {
		return nil, err
	}
	p.body, p.packed = c.buf, false
	return c.buf, nil
}

// number is a physical type of numbers.
type number interface {
	int32 | int64 | float32 | float64
}

var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// Numbers writes the values to where they stay, if they are plain numbers of that type; done
// says whether they are. There are as many as there is room for.
func Numbers[T number](p *Encoded, to []T) (done bool, err error) {
	c := p.chunk
	width := int(unsafe.Sizeof(*new(T)))
	if p.encoding != Plain || !littleEndian || len(to) == 0 || c.decoder.leaf.Type != typeOf[T]() || p.size != len(to)*width {
		return false, nil
	}
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(to))), len(to)*width)
	if !p.packed {
		copy(bytes, p.body)
		return true, nil
	}
	return true, c.asDamage(c.decompressor.decompress(bytes, p.body))
}

func typeOf[T number]() Type {
	switch any(*new(T)).(type) {
	case int32:
		return Int32
	case int64:
		return Int64
	case float32:
		return Float
	}
	return Double
}

// Gather writes what a table has for the indexes of the values. The table has as many
// entries as the dictionary; there are as many values as there is room for.
func Gather[T any](p *Encoded, to, table []T) error {
	if len(to) == 0 {
		return nil
	}
	return p.chunk.asDamage(gather(p, to, table))
}

func gather[T any](p *Encoded, to, table []T) error {
	body, err := p.values()
	switch {
	case err != nil:
		return err
	case p.chunk.dictionary == nil:
		return errors.New("values of a dictionary that is not there")
	case p.chunk.dictionarySize != len(table):
		return fmt.Errorf("a dictionary of %d values where it had %d", p.chunk.dictionarySize, len(table))
	case len(body) == 0 || body[0] > 32:
		return errRun
	}
	return gatherRuns(to, body[1:], uint(body[0]), table)
}

// Bools writes the n booleans that are not null to bits from one on, which are zero; done
// says whether it could.
func (p *Encoded) Bools(to []uint64, from, n int) (done bool, err error) {
	c := p.chunk
	if c.decoder.leaf.Type != Boolean || n == 0 || p.encoding != Plain && p.encoding != RLE {
		return false, nil
	}
	body, err := p.values()
	switch {
	case err != nil:
	case p.encoding == Plain && n > 8*len(body):
		err = errValues
	case p.encoding == Plain:
		copyBits(to, from, body, n)
	default:
		if body, err = withoutLength(body); err == nil {
			_, err = runBits(to, from, n, body)
		}
	}
	return true, c.asDamage(err)
}
