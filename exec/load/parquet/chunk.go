package parquet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
)

// Page is a page of values of a leaf. It is valid until the next one is read.
type Page struct {
	// Count is the number of values, nulls and empty lists among them. Reps and Defs
	// are their levels, as in Melnik and others, Dremel, VLDB 2010; nil where the
	// highest level is 0.
	Count      int
	Reps, Defs []byte
	// Values are those that are not null. Where Indexes is set, they are values of
	// Dictionary, which is the same for all pages of a chunk.
	Values     *Values
	Indexes    []uint32
	Dictionary *Values
}

// Chunk reads a column chunk page by page.
type Chunk struct {
	charge         func(int64) error
	held, joined   int64 // what was charged: for pages, for values that are longer than these
	levels, values int64 // and for levels and values when they are decoded
	full           error // there was no room
	in             window
	left           int64 // values that are still to come
	maxRep, maxDef byte
	decompressor   decompressor
	decoder        decoder
	encoded        Encoded
	page           Page
	buf            []byte // a decompressed page
	indexBuf       []uint32

	dictionary          *decoder // nil as long as there is none
	dictionarySize      int      // how many values it has
	dictionaryBytesSize int      // how many bytes, when they are not compressed
	dictionaryDone      bool     // it is decoded
	packedBuf           []byte   // the dictionary as it is in the file
	dictionaryBuf       []byte   // the same, decompressed
	dictionaryDecoder   decoder
	texts               textRun // the texts of the dictionary

	spare, dictionarySpare Values // of other types, of chunks read before
}

// slack is read behind a column chunk if need be: old writers did not count the
// header of the dictionary (PARQUET-816).
const slack = 100

// Chunk returns a reader of a column chunk. The leaf is that of the column, whose
// levels are at most maxRep and maxDef.
func (f *File) Chunk(c *Column, leaf *Element, maxRep, maxDef byte) (*Chunk, error) {
	return f.Reuse(nil, c, leaf, maxRep, maxDef)
}

// Reuse is [File.Chunk] with the buffers of a chunk that is read no more, nil for
// none. That one is not to be closed then, nor are its pages to be looked at.
func (f *File) Reuse(old *Chunk, c *Column, leaf *Element, maxRep, maxDef byte) (*Chunk, error) {
	at := c.begin()
	damaged := func(format string, args ...any) error {
		return fmt.Errorf("the file is damaged: "+format, args...)
	}
	switch {
	case c.Values < 0, c.Values > 0 && (at < 4 || c.Size < 0 || at > f.size || c.Size > f.size-at):
		return nil, damaged("%d values in %d bytes from byte %d of %d", c.Values, c.Size, at, f.size)
	case maxRep == 0 && c.Values != c.rows:
		return nil, damaged("%d values in a row group of %d", c.Values, c.rows)
	}
	chunk := Chunk{
		charge: f.Charge, in: window{r: f.r, at: at, end: min(at+c.Size+slack, f.size)}, left: c.Values, maxRep: maxRep, maxDef: maxDef,
		decompressor: decompressor{codec: c.Codec}, decoder: decoder{leaf: leaf},
	}
	if old == nil {
		old = &Chunk{}
	}
	chunk.take(old)
	*old = chunk
	old.decoder.hold = old.holdJoined
	return old, nil
}

// take takes over the buffers of another chunk, and what was charged for them.
func (c *Chunk) take(old *Chunk) {
	c.held, c.joined, c.levels, c.values = old.held, old.joined, old.levels, old.values
	c.in.buf = old.in.buf[:0]
	c.page.Reps, c.page.Defs = old.page.Reps[:0], old.page.Defs[:0]
	c.buf, c.dictionaryBuf, c.packedBuf, c.indexBuf = old.buf, old.dictionaryBuf, old.packedBuf, old.indexBuf
	c.decompressor.zstd = old.decompressor.zstd
	c.texts.bytes, c.texts.ends = old.texts.bytes, old.texts.ends
	d, own := &old.decoder, &c.decoder
	own.lengths, own.joined, own.backing = d.lengths, d.joined, d.backing
	c.spare, c.dictionarySpare = old.spare, old.dictionarySpare
	c.spare.keep(d.values)
	c.dictionarySpare.keep(old.dictionaryDecoder.values)
	own.values, c.dictionaryDecoder.values = c.spare.of(own.leaf.Type), c.dictionarySpare.of(own.leaf.Type)
}

// DictionaryTexts reads the dictionary of a chunk of byte arrays of which no page was
// read, and appends its texts as [Encoded.AppendTexts] does. There are none where the
// chunk does not begin with a dictionary.
func (c *Chunk) DictionaryTexts(to []byte, ends []uint32) ([]byte, []uint32, error) {
	if c.left == 0 {
		return to, ends, nil
	}
	h, body, err := c.read()
	if err == nil && h.kind == dictionaryPage {
		if err = c.readDictionary(h, body); err == nil {
			to, ends, err = c.appendDictionary(to, ends)
		}
	}
	return to, ends, c.asDamage(err)
}

func (c *Chunk) appendDictionary(to []byte, ends []uint32) ([]byte, []uint32, error) {
	body, err := c.dictionaryBytes()
	if err != nil {
		return to, ends, err
	}
	return appendPlain(to, ends, body, c.dictionarySize)
}

// Close frees what decompressing holds.
func (c *Chunk) Close() {
	c.decompressor.close()
	if c.charge != nil {
		_ = c.charge(-c.Held()) // giving back does not fail
	}
}

// Held returns what was charged for the chunk.
func (c *Chunk) Held() int64 { return c.held + c.joined + c.levels + c.values }

// perValue and perLevel are about what a value takes while it is decoded, besides its bytes,
// and what its levels take.
const perValue, perLevel = 32, 4

// hold asks for room where held is less than need.
func (c *Chunk) hold(held *int64, need int64) error {
	if c.charge == nil || need <= *held {
		return nil
	}
	more := need - *held
	*held = need
	c.full = c.charge(more)
	return c.full
}

// holdJoined asks for room for the values of a page that are longer than it.
func (c *Chunk) holdJoined(from, to int) error {
	if c.charge == nil && !plausible(from, to) {
		return fmt.Errorf("a page of %d bytes claims to be %d", from, to)
	}
	return c.hold(&c.joined, int64(to))
}

// reserve asks for room for a page.
func (c *Chunk) reserve(h pageHeader) error {
	return c.hold(&c.held, int64(h.compressed)+int64(h.size))
}

// Next reads the next page of data, and decodes it; io.EOF when all values were read.
func (c *Chunk) Next() (*Page, error) {
	p, err := c.NextEncoded()
	if err != nil {
		return nil, err
	}
	if _, err := p.Reps(); err != nil {
		return nil, err
	}
	if _, err := p.Defs(); err != nil {
		return nil, err
	}
	if err := c.decodeDictionary(); err != nil {
		return nil, c.asDamage(err)
	}
	n := p.Count
	if c.maxDef > 0 {
		n = bytes.Count(c.page.Defs, []byte{c.maxDef})
	}
	return p.Decode(n)
}

// NextEncoded reads the next page of data; io.EOF when all values were read.
func (c *Chunk) NextEncoded() (*Encoded, error) {
	err := c.next()
	return &c.encoded, c.asDamage(err)
}

func (c *Chunk) asDamage(err error) error {
	if err != nil && !errors.Is(err, io.EOF) && c.in.err == nil && c.full == nil {
		err = fmt.Errorf("the file is damaged: %w", err)
	}
	return err
}

func (c *Chunk) next() error {
	for c.left > 0 {
		h, body, err := c.read()
		if err != nil {
			return err
		}
		switch h.kind {
		case dictionaryPage:
			if err := c.readDictionary(h, body); err != nil {
				return err
			}
		case dataPage, dataPageV2:
			if int64(h.values) > c.left {
				return fmt.Errorf("a page claims %d values where %d are left", h.values, c.left)
			}
			c.left -= int64(h.values)
			if h.values == 0 {
				continue
			}
			if c.maxDef > 0 {
				if err := c.hold(&c.levels, int64(h.values)*perLevel); err != nil {
					return err
				}
			}
			return c.readData(h, body)
		}
	}
	return io.EOF
}

// read reads a header and the bytes of its page.
func (c *Chunk) read() (h pageHeader, body []byte, err error) {
	for want := 1 << 10; ; want *= 8 {
		head, all, err := c.in.peek(want)
		if err != nil {
			return h, nil, err
		}
		length := 0
		if h, length, err = parseHeader(head); err == nil {
			c.in.skip(length)
			break
		}
		if !errors.Is(err, errShort) || all {
			return h, nil, fmt.Errorf("the header of a page: %w", err)
		}
	}
	if plain := c.decompressor.codec == Uncompressed || h.raw; plain && h.size != h.compressed {
		return h, nil, fmt.Errorf("a page that is not compressed claims %d bytes, and %d compressed", h.size, h.compressed)
	}
	if err := c.reserve(h); err != nil {
		return h, nil, err
	}
	if body, err = c.in.take(int(h.compressed)); err != nil {
		return h, nil, err
	}
	if h.summed && crc32.ChecksumIEEE(body) != h.checksum {
		return h, nil, errors.New("the checksum of a page is wrong")
	}
	return h, body, nil
}

// expand decompresses a page into buf.
func (c *Chunk) expand(buf, body []byte, size int) ([]byte, error) {
	if c.charge == nil && !plausible(len(body), size) {
		return nil, fmt.Errorf("a page of %d bytes claims to be %d", len(body), size)
	}
	buf = slices.Grow(buf[:0], size)[:size]
	if size == 0 {
		return buf, nil // some writers leave out even the frame of the codec
	}
	return buf, c.decompressor.decompress(buf, body)
}

// readDictionary keeps the dictionary, which is decoded when it is asked for.
func (c *Chunk) readDictionary(h pageHeader, body []byte) error {
	if c.dictionary != nil {
		return errors.New("there are two dictionaries")
	}
	if h.encoding != Plain && h.encoding != PlainDictionary {
		return fmt.Errorf("a dictionary in the encoding %d", h.encoding)
	}
	c.packedBuf = append(c.packedBuf[:0], body...) // it outlives the bytes of the page
	c.dictionary, c.dictionarySize = &c.dictionaryDecoder, int(h.values)
	c.dictionary.leaf = c.decoder.leaf
	c.dictionaryBytesSize, c.dictionaryDone = int(h.size), false
	return nil
}

// dictionaryBytes returns the dictionary, not compressed.
func (c *Chunk) dictionaryBytes() (_ []byte, err error) {
	if c.decompressor.codec == Uncompressed {
		return c.packedBuf, nil
	}
	c.dictionaryBuf, err = c.expand(c.dictionaryBuf, c.packedBuf, c.dictionaryBytesSize)
	return c.dictionaryBuf, err
}

// decodeDictionary decodes the dictionary, once, if there is one.
func (c *Chunk) decodeDictionary() error {
	if c.dictionary == nil || c.dictionaryDone {
		return nil
	}
	if err := c.hold(&c.values, int64(c.dictionarySize)*perValue); err != nil {
		return err
	}
	body, err := c.dictionaryBytes()
	if err == nil {
		err = c.dictionary.decode(Plain, body, c.dictionarySize)
	}
	c.dictionaryDone = err == nil
	c.page.Dictionary = &c.dictionary.values
	return err
}

// readData takes a page of data apart.
func (c *Chunk) readData(h pageHeader, body []byte) (err error) {
	p := &c.encoded
	*p = Encoded{Count: int(h.values), chunk: c, encoding: h.encoding, size: int(h.size)}
	p.packed = c.decompressor.codec != Uncompressed && !h.raw
	if h.kind == dataPageV2 {
		p.reps = levels{body[:h.repBytes], RLE}
		p.defs = levels{body[h.repBytes : h.repBytes+h.defBytes], RLE}
		p.body = body[h.repBytes+h.defBytes:]
		p.size -= int(h.repBytes + h.defBytes)
		return nil
	}
	p.body = body
	if c.maxRep == 0 && c.maxDef == 0 {
		return nil
	}
	if body, err = p.values(); err != nil { // with the levels
		return err
	}
	if c.maxRep > 0 {
		if p.reps, body, err = levelsV1(h.reps, p.Count, body, c.maxRep); err != nil {
			return err
		}
	}
	if c.maxDef > 0 {
		p.defs, body, err = levelsV1(h.defs, p.Count, body, c.maxDef)
	}
	p.body, p.size = body, len(body)
	return err
}

// levelsV1 takes n levels of a page of version 1, and gives what follows them.
func levelsV1(e Encoding, n int, body []byte, most byte) (l levels, rest []byte, err error) {
	length := (n*int(widthOf(most)) + 7) / 8
	switch e {
	case BitPacked:
	case RLE:
		if len(body) < 4 {
			return l, nil, errRun
		}
		said := binary.LittleEndian.Uint32(body)
		if body = body[4:]; uint64(said) > uint64(len(body)) {
			return l, nil, errRun
		}
		length = int(said)
	default:
		return l, nil, fmt.Errorf("levels in the encoding %d", e)
	}
	if length > len(body) {
		return l, nil, errRun
	}
	return levels{body[:length], e}, body[length:], nil
}

// decodeValues reads the n values of a page that are not null.
func (c *Chunk) decodeValues(e Encoding, body []byte, n int) error {
	c.page.Indexes, c.page.Values = nil, &c.decoder.values
	if !e.dictionary() || n == 0 {
		return c.decoder.decode(e, body, n)
	}
	if c.dictionary == nil {
		return errors.New("values of a dictionary that is not there")
	}
	if len(body) == 0 || body[0] > 32 {
		return errRun
	}
	c.page.Values = nil
	if c.dictionarySize == 0 {
		return errors.New("values of a dictionary that has none")
	}
	var err error
	c.indexBuf, err = hybrid(c.indexBuf, n, body[1:], uint(body[0]), uint32(c.dictionarySize-1))
	c.page.Indexes = c.indexBuf
	return err
}
