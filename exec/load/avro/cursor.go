package avro

import (
	"encoding/binary"
	"errors"
	"math"
)

// Cursor goes through values. After an error, which Err keeps, all that it returns is zero.
type Cursor struct {
	Err error

	bytes []byte
	at    int
	depth int
}

// NewCursor returns a cursor at the beginning of values.
func NewCursor(bytes []byte) *Cursor { return &Cursor{bytes: bytes} }

var (
	errEnd  = errors.New("the file is damaged: it has more values than bytes")
	errLong = errors.New("the file is damaged: a number has more than 64 bits")
	errSize = errors.New("the file is damaged: a text has a negative length")
	errDeep = errors.New("values are more than 1000 levels deep")
	errMany = errors.New("the file is damaged: a list claims more values than it can have")
)

// Left is how many bytes are left.
func (c *Cursor) Left() int { return len(c.bytes) - c.at }

func (c *Cursor) fail(err error) {
	if c.Err == nil {
		c.Err = err
	}
	c.at = len(c.bytes)
}

// Long reads a whole number of up to 64 bits.
func (c *Cursor) Long() int64 {
	v := uint64(0)
	for shift := 0; shift < 64; shift += 7 {
		if c.at >= len(c.bytes) {
			c.fail(errEnd)
			return 0
		}
		b := c.bytes[c.at]
		c.at++
		v |= uint64(b&0x7f) << shift
		if b&0x80 == 0 {
			return int64(v>>1) ^ -int64(v&1)
		}
	}
	c.fail(errLong)
	return 0
}

// Fixed reads n bytes, which are valid as long as the block.
func (c *Cursor) Fixed(n int) []byte {
	if n < 0 || n > c.Left() {
		c.fail(errEnd)
		return nil
	}
	b := c.bytes[c.at : c.at+n]
	c.at += n
	return b
}

// Bytes reads bytes, or a text, with their number before them.
func (c *Cursor) Bytes() []byte {
	n := c.Long()
	if n < 0 {
		c.fail(errSize)
		return nil
	}
	if n > int64(c.Left()) {
		c.fail(errEnd)
		return nil
	}
	return c.Fixed(int(n))
}

// Bool reads a boolean.
func (c *Cursor) Bool() bool {
	b := c.Fixed(1)
	return len(b) == 1 && b[0] != 0
}

// Float reads a number of 32 bits.
func (c *Cursor) Float() float64 {
	if b := c.Fixed(4); b != nil {
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
	}
	return 0
}

// Double reads a number of 64 bits.
func (c *Cursor) Double() float64 {
	if b := c.Fixed(8); b != nil {
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
	return 0
}

// Items reads how many values come next in an array or a map; 0 at its end. One of them takes at
// least so many bytes.
func (c *Cursor) Items(least int) int {
	n := c.Long()
	if n < 0 {
		c.Long() // how many bytes they have
		n = -n
	}
	if most := int64(c.Left()); n < 0 || least > 0 && n > most/int64(least) || least == 0 && n > maxEmpty {
		c.fail(errMany)
		return 0
	}
	return int(n)
}

// maxEmpty is how many values that take no bytes may come after each other: there is no other
// limit to what a file may claim.
const maxEmpty = 1 << 20

// Branch reads which of the types of a union a value has; nil after an error.
func (c *Cursor) Branch(s *Schema) (int, *Schema) {
	i := c.Long()
	if i < 0 || i >= int64(len(s.Types)) {
		if c.Err == nil {
			c.fail(damaged("a value has type %d of a union of %d", i, len(s.Types)))
		}
		return 0, nil
	}
	return int(i), s.Types[i]
}

const maxLevels = 1000

// Skip passes over a value.
func (c *Cursor) Skip(s *Schema) {
	if c.depth++; c.depth > maxLevels {
		c.fail(errDeep)
	}
	defer func() { c.depth-- }()
	if c.Err != nil || s.LeastBytes() == 0 {
		return
	}
	switch s.Kind {
	case Null:
	case Boolean:
		c.Fixed(1)
	case Int, Long, Enum:
		c.Long()
	case Float:
		c.Fixed(4)
	case Double:
		c.Fixed(8)
	case Bytes, String:
		c.Bytes()
	case Fixed:
		c.Fixed(s.Size)
	case Record:
		for _, f := range s.Fields {
			c.Skip(f.Schema)
		}
	case Union:
		if _, of := c.Branch(s); of != nil {
			c.Skip(of)
		}
	case Array, Map:
		c.skipItems(s)
	}
}

// skipItems passes over an array or a map, whose runs may say how many bytes they have.
func (c *Cursor) skipItems(s *Schema) {
	for {
		n := c.Items(s.Least)
		if n == 0 {
			return
		}
		for range n {
			if s.Kind == Map {
				c.Bytes()
			}
			if c.Skip(s.Items); c.Err != nil {
				return
			}
		}
	}
}
