package parquet

import (
	"bytes"
	"slices"
	"testing"
)

// TestMalformedValues decodes what is nearly right: it is refused, as nobody could
// say what it means.
func TestMalformedValues(t *testing.T) {
	twice := func(b []byte) []byte { return slices.Concat(b, b) }
	for _, c := range []struct {
		name     string
		t        Type
		e        Encoding
		right    []byte
		n        int
		mistaken []byte
	}{
		{"a run of a boolean 2", Boolean, RLE, []byte{2, 0, 0, 0, 8 << 1, 1}, 8, []byte{2, 0, 0, 0, 8 << 1, 2}},
		{"streams of more values", Int32, ByteStreamSplit, []byte{1, 2, 3, 4}, 1, twice([]byte{1, 2, 3, 4})},
		{"streams of half a value more", Int32, ByteStreamSplit, []byte{1, 2, 3, 4}, 1, []byte{1, 2, 3, 4, 5, 6}},
		{"blocks that are no multiple of 128", Int64, DeltaBinaryPacked, []byte{0x80, 1, 4, 1, 8}, 1, []byte{0xa0, 1, 4, 1, 8}},
		{"miniblocks that are no multiple of 32", Int64, DeltaBinaryPacked, []byte{0x80, 1, 4, 1, 8}, 1, []byte{0x80, 1, 8, 1, 8}},
	} {
		d := decoder{leaf: &Element{Leaf: true, Type: c.t}}
		if err := d.decode(c.e, c.right, c.n); err != nil {
			t.Errorf("not %s: %v", c.name, err)
		}
		if err := d.decode(c.e, c.mistaken, c.n); err == nil {
			t.Errorf("%s: it is read as %+v", c.name, d.values)
		}
	}
}

// TestSizeOfPlainPage reads a page that is not compressed: both of its sizes are
// the same, or one of them is wrong.
func TestSizeOfPlainPage(t *testing.T) {
	for _, size := range []byte{8, 7, 9} {
		page := []byte{0x15, 0, 0x15, size << 1, 0x15, 8 << 1, 0x2c, 0x15, 1 << 1, 0x15, 0, 0x15, 6, 0x15, 6, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8}
		c := Chunk{in: window{r: bytes.NewReader(page), end: int64(len(page))}, left: 1}
		c.decoder.leaf = &Element{Leaf: true, Type: Int64}
		if _, err := c.Next(); (err == nil) != (size == 8) {
			t.Errorf("8 bytes that claim to be %d of them: %v", size, err)
		}
	}
}

// TestBitPacked reads a page whose levels are the example of Encodings.md, "Bit-packed
// (Deprecated)".
func TestBitPacked(t *testing.T) {
	page := []byte{0x15, 0, 0x15, 11 << 1, 0x15, 11 << 1, 0x2c, 0x15, 8 << 1, 0x15, 0, 0x15, 4 << 1, 0x15, 6, 0, 0,
		0b00000101, 0b00111001, 0b01110111, 1, 2, 3, 4, 5, 6, 7, 8}
	c := Chunk{in: window{r: bytes.NewReader(page), end: int64(len(page))}, left: 8, maxDef: 7}
	c.decoder.leaf = &Element{Leaf: true, Type: Int64}
	p, err := c.Next()
	if err != nil || !bytes.Equal(p.Defs, []byte{0, 1, 2, 3, 4, 5, 6, 7}) || !slices.Equal(p.Values.Ints, []int64{0x0807060504030201}) {
		t.Errorf("%+v; %v", p, err)
	}
}

// TestUnverified decodes values of types in encodings that nobody writes them in: each is
// refused, whatever the length of a value is said to be.
func TestUnverified(t *testing.T) {
	for physical := Type(-1); physical <= FixedLenByteArray+1; physical++ {
		for e := Encoding(-1); e < 12; e++ {
			if physical.Reads(e) {
				continue
			}
			for _, length := range []int32{-1, 0, 4} {
				d := decoder{leaf: &Element{Leaf: true, Type: physical, Length: length}}
				if err := d.decode(e, make([]byte, 64), 4); err == nil {
					t.Errorf("values of the type %d in the encoding %s are read as %+v", physical, e, d.values)
				}
			}
		}
	}
	d := decoder{leaf: &Element{Leaf: true, Type: FixedLenByteArray}}
	if err := d.decode(ByteStreamSplit, make([]byte, 64), 4); err == nil {
		t.Error("streams of values without bytes are read")
	}
}
