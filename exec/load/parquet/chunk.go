package parquet

import (
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
	in             window
	left           int64 // values that are still to come
	maxRep, maxDef byte
	decompressor   decompressor
	decoder        decoder
	dictionary     *decoder
	dictionarySize int
	page           Page
	buf            []byte // a decompressed page
	dictionaryBuf  []byte
	indexBuf       []uint32
}

// Chunk gives a reader of a column of a row group. The leaf is that of the
// column, whose levels are at most maxRep and maxDef.
func (f *File) Chunk(group, column int, leaf *Element, maxRep, maxDef byte) (*Chunk, error) {
	c := &f.Meta.Groups[group].Columns[column]
	at := c.data
	if c.dictionary > 0 && c.dictionary < at {
		at = c.dictionary
	}
	switch {
	case c.Values < 0, c.Values > 0 && (at < 4 || c.Size < 0 || at > f.size || c.Size > f.size-at):
		return nil, fmt.Errorf("%d values in %d bytes from byte %d of %d", c.Values, c.Size, at, f.size)
	case maxRep == 0 && c.Values != f.Meta.Groups[group].Rows:
		return nil, fmt.Errorf("%d values in a row group of %d", c.Values, f.Meta.Groups[group].Rows)
	}
	return &Chunk{
		in: window{r: f.r, at: at, end: at + c.Size}, left: c.Values, maxRep: maxRep, maxDef: maxDef,
		decompressor: decompressor{codec: c.Codec}, decoder: decoder{leaf: leaf},
	}, nil
}

// Close frees what decompressing holds.
func (c *Chunk) Close() { c.decompressor.close() }

// Next reads the next page of data; io.EOF when all values were read.
func (c *Chunk) Next() (*Page, error) {
	for c.left > 0 {
		h, body, err := c.read()
		if err != nil {
			return nil, err
		}
		switch h.kind {
		case dictionaryPage:
			if err := c.readDictionary(h, body); err != nil {
				return nil, err
			}
		case dataPage, dataPageV2:
			if int64(h.values) > c.left {
				return nil, fmt.Errorf("a page claims %d values where %d are left", h.values, c.left)
			}
			c.left -= int64(h.values)
			if h.values == 0 {
				continue
			}
			return &c.page, c.readData(h, body)
		}
	}
	return nil, io.EOF
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
	if !plausible(len(body), size) {
		return nil, fmt.Errorf("a page of %d bytes claims to be %d", len(body), size)
	}
	buf = slices.Grow(buf[:0], size)[:size]
	return buf, c.decompressor.decompress(buf, body)
}

func (c *Chunk) readDictionary(h pageHeader, body []byte) (err error) {
	if c.dictionary != nil {
		return errors.New("there are two dictionaries")
	}
	if h.encoding != Plain && h.encoding != PlainDictionary {
		return fmt.Errorf("a dictionary in the encoding %d", h.encoding)
	}
	// The dictionary outlives the bytes of the page.
	if c.decompressor.codec == Uncompressed {
		c.dictionaryBuf = slices.Clone(body)
	} else if c.dictionaryBuf, err = c.expand(nil, body, int(h.size)); err != nil {
		return err
	}
	c.dictionary, c.dictionarySize = &decoder{leaf: c.decoder.leaf}, int(h.values)
	c.page.Dictionary = &c.dictionary.values
	return c.dictionary.decode(Plain, c.dictionaryBuf, int(h.values))
}

// readData reads the levels and values of a page.
func (c *Chunk) readData(h pageHeader, body []byte) (err error) {
	c.page.Count = int(h.values)
	var reps, defs []byte
	if h.kind == dataPageV2 {
		levels := int(h.repBytes + h.defBytes)
		reps, defs = body[:h.repBytes], body[h.repBytes:levels]
		body = body[levels:]
		h.size -= int32(levels)
	}
	// What has no values may have no bytes, not even compressed ones.
	if c.decompressor.codec != Uncompressed && !h.raw && (h.size > 0 || h.kind == dataPage) {
		if c.buf, err = c.expand(c.buf, body, int(h.size)); err != nil {
			return err
		}
		body = c.buf
	}
	if h.kind == dataPage {
		body, err = c.levels(h, body)
	} else {
		err = c.levelsV2(reps, defs)
	}
	if err != nil {
		return err
	}
	n := c.page.Count
	if c.maxDef > 0 {
		n = 0
		for _, d := range c.page.Defs {
			if d == c.maxDef {
				n++
			}
		}
	}
	return c.values(h.encoding, body, n)
}

// levels reads the levels of a page of version 1, and gives what follows them.
func (c *Chunk) levels(h pageHeader, body []byte) (rest []byte, err error) {
	if c.maxRep > 0 {
		c.page.Reps = slices.Grow(c.page.Reps[:0], c.page.Count)[:c.page.Count]
		if body, err = levelsV1(c.page.Reps, h.reps, body, c.maxRep); err != nil {
			return nil, err
		}
	}
	if c.maxDef > 0 {
		c.page.Defs = slices.Grow(c.page.Defs[:0], c.page.Count)[:c.page.Count]
		if body, err = levelsV1(c.page.Defs, h.defs, body, c.maxDef); err != nil {
			return nil, err
		}
	}
	return body, nil
}

func levelsV1(out []byte, e Encoding, body []byte, most byte) (rest []byte, err error) {
	found, size := byte(0), 0
	switch e {
	case BitPacked:
		found, size, err = bitPacked(out, body, widthOf(most))
	case RLE:
		if len(body) < 4 {
			return nil, errRun
		}
		length := uint32(body[0]) | uint32(body[1])<<8 | uint32(body[2])<<16 | uint32(body[3])<<24
		if body = body[4:]; uint64(length) > uint64(len(body)) {
			return nil, errRun
		}
		size = int(length)
		found, err = hybrid(out, body[:size], widthOf(most))
	default:
		return nil, fmt.Errorf("levels in the encoding %d", e)
	}
	return body[size:], levelsError(found, most, err)
}

func (c *Chunk) levelsV2(reps, defs []byte) error {
	if c.maxRep > 0 {
		c.page.Reps = slices.Grow(c.page.Reps[:0], c.page.Count)[:c.page.Count]
		found, err := hybrid(c.page.Reps, reps, widthOf(c.maxRep))
		if err := levelsError(found, c.maxRep, err); err != nil {
			return err
		}
	}
	if c.maxDef > 0 {
		c.page.Defs = slices.Grow(c.page.Defs[:0], c.page.Count)[:c.page.Count]
		found, err := hybrid(c.page.Defs, defs, widthOf(c.maxDef))
		return levelsError(found, c.maxDef, err)
	}
	return nil
}

func levelsError(found, most byte, err error) error {
	if err == nil && found > most {
		err = fmt.Errorf("a level of %d where %d is the highest", found, most)
	}
	return err
}

// values reads the n values of a page that are not null.
func (c *Chunk) values(e Encoding, body []byte, n int) error {
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
	c.indexBuf = slices.Grow(c.indexBuf[:0], n)[:n]
	c.page.Indexes = c.indexBuf
	most, err := hybrid(c.page.Indexes, body[1:], uint(body[0]))
	if err == nil && int(most) >= c.dictionarySize {
		err = fmt.Errorf("the value %d of a dictionary of %d", most, c.dictionarySize)
	}
	return err
}
