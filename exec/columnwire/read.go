package columnwire

import (
	"encoding/binary"
	"errors"
	"math"
)

// errDamaged is the error of bytes that [Append] has not written.
var errDamaged = errors.New("the rows cannot be read: they are damaged, or of other columns")

// reader reads what Append has written. What is damaged is thrown.
type reader struct{ b []byte }

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		panic(errDamaged)
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) byte() byte { return r.take(1)[0] }

func (r *reader) count() int {
	n, size := binary.Uvarint(r.b)
	if size <= 0 || n > math.MaxInt32 {
		panic(errDamaged)
	}
	r.b = r.b[size:]
	return int(n)
}

func (r *reader) signed() int64 {
	n, size := binary.Varint(r.b)
	if size <= 0 {
		panic(errDamaged)
	}
	r.b = r.b[size:]
	return n
}

func (r *reader) float() float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(r.take(8)))
}
