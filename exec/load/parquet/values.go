package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Encoding is a way to write values or levels.
type Encoding int32

// The encodings, by their numbers in the format.
const (
	Plain                Encoding = 0
	PlainDictionary      Encoding = 2
	RLE                  Encoding = 3
	BitPacked            Encoding = 4
	DeltaBinaryPacked    Encoding = 5
	DeltaLengthByteArray Encoding = 6
	DeltaByteArray       Encoding = 7
	RLEDictionary        Encoding = 8
	ByteStreamSplit      Encoding = 9
)

// String returns the name that the format has for e.
func (e Encoding) String() string {
	names := [...]string{"PLAIN", "", "PLAIN_DICTIONARY", "RLE", "BIT_PACKED", "DELTA_BINARY_PACKED", "DELTA_LENGTH_BYTE_ARRAY",
		"DELTA_BYTE_ARRAY", "RLE_DICTIONARY", "BYTE_STREAM_SPLIT"}
	if e < 0 || int(e) >= len(names) || names[e] == "" {
		return fmt.Sprintf("of number %d", int32(e))
	}
	return names[e]
}

func (e Encoding) dictionary() bool { return e == PlainDictionary || e == RLEDictionary }

// Values are values of one physical type; the slice of that type is used.
type Values struct {
	Bools  []bool
	Ints   []int64   // of 32 and 64 bits, with their sign
	Floats []float64 // of 32 and 64 bits
	Bytes  [][]byte  // byte arrays, of fixed length too, and the 12 bytes of INT96
}

// keep takes over slices for what will be read.
func (v *Values) keep(from Values) {
	if from.Bools != nil {
		v.Bools = from.Bools[:0]
	}
	if from.Ints != nil {
		v.Ints = from.Ints[:0]
	}
	if from.Floats != nil {
		v.Floats = from.Floats[:0]
	}
	if from.Bytes != nil {
		v.Bytes = from.Bytes[:0]
	}
}

// of returns the slice for values of a type, and no other one.
func (v *Values) of(t Type) Values {
	switch t {
	case Boolean:
		return Values{Bools: v.Bools}
	case Int32, Int64:
		return Values{Ints: v.Ints}
	case Float, Double:
		return Values{Floats: v.Floats}
	}
	return Values{Bytes: v.Bytes}
}

// decoder decodes the values of pages of a leaf. Its results are valid until the
// next call.
type decoder struct {
	leaf    *Element
	hold    func(from, to int) error // asks whether so many bytes may become so many
	values  Values
	lengths []int64
	joined  []byte
	backing []byte
}

var errValues = errors.New("a page has fewer values than it claims")

// decode decodes n values. It makes no room for more than the bytes can hold.
func (d *decoder) decode(e Encoding, src []byte, n int) error {
	if n == 0 {
		d.values = Values{Bools: d.values.Bools[:0], Ints: d.values.Ints[:0], Floats: d.values.Floats[:0], Bytes: d.values.Bytes[:0]}
		return nil
	}
	if t := d.leaf.Type; !t.Reads(e) {
		return fmt.Errorf("values of the type %d in the encoding %s are not read", t, e)
	}
	switch e {
	case RLE:
		return d.runBools(src, n)
	case DeltaBinaryPacked:
		return d.deltaInts(src, n)
	case DeltaLengthByteArray:
		return d.deltaLengths(src, n)
	case DeltaByteArray:
		if err := d.deltaBytes(src, n); err != nil {
			return err
		}
		return d.checkLengths()
	case ByteStreamSplit:
		return d.split(src, n)
	}
	return d.plain(src, n)
}

// width is the number of bytes of a plain value; 0 where it varies.
func (d *decoder) width() int {
	switch d.leaf.Type {
	case Int32, Float:
		return 4
	case Int64, Double:
		return 8
	case Int96:
		return 12
	case FixedLenByteArray:
		return int(max(d.leaf.Length, 0))
	}
	return 0
}

func (d *decoder) plain(src []byte, n int) error {
	switch d.leaf.Type {
	case Boolean:
		return d.plainBools(src, n)
	case ByteArray:
		return d.plainBytes(src, n)
	}
	w := d.width()
	if w == 0 || n > len(src)/w {
		return errValues
	}
	switch d.leaf.Type {
	case Int32:
		d.values.Ints = slices.Grow(d.values.Ints[:0], n)[:n]
		for i := range d.values.Ints {
			d.values.Ints[i] = int64(int32(binary.LittleEndian.Uint32(src[4*i:])))
		}
	case Int64:
		d.values.Ints = slices.Grow(d.values.Ints[:0], n)[:n]
		for i := range d.values.Ints {
			d.values.Ints[i] = int64(binary.LittleEndian.Uint64(src[8*i:]))
		}
	case Float:
		d.values.Floats = slices.Grow(d.values.Floats[:0], n)[:n]
		for i := range d.values.Floats {
			d.values.Floats[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(src[4*i:])))
		}
	case Double:
		d.values.Floats = slices.Grow(d.values.Floats[:0], n)[:n]
		for i := range d.values.Floats {
			d.values.Floats[i] = math.Float64frombits(binary.LittleEndian.Uint64(src[8*i:]))
		}
	default:
		out := d.bytes(n)
		for i := range out {
			out[i] = src[i*w : i*w+w : i*w+w]
		}
	}
	return nil
}

// bytes makes room for n byte arrays.
func (d *decoder) bytes(n int) [][]byte {
	d.values.Bytes = slices.Grow(d.values.Bytes[:0], n)[:n]
	return d.values.Bytes
}

func (d *decoder) plainBools(src []byte, n int) error {
	if n > 8*len(src) {
		return errValues
	}
	d.values.Bools = slices.Grow(d.values.Bools[:0], n)[:n]
	for i := range d.values.Bools {
		d.values.Bools[i] = src[i>>3]>>(i&7)&1 != 0
	}
	return nil
}

func (d *decoder) plainBytes(src []byte, n int) error {
	if n > len(src)/4 {
		return errValues
	}
	out := d.bytes(n)
	for i := range out {
		if len(src) < 4 {
			return errValues
		}
		length := binary.LittleEndian.Uint32(src)
		if src = src[4:]; uint64(length) > uint64(len(src)) {
			return errValues
		}
		out[i], src = src[:length:length], src[length:]
	}
	return nil
}

// withoutLength returns the bytes behind their number.
func withoutLength(src []byte) ([]byte, error) {
	if len(src) < 4 {
		return nil, errRun
	}
	length := binary.LittleEndian.Uint32(src)
	if src = src[4:]; uint64(length) > uint64(len(src)) {
		return nil, errRun
	}
	return src[:length], nil
}

// runBools decodes booleans in runs, behind the number of their bytes.
func (d *decoder) runBools(src []byte, n int) error {
	src, err := withoutLength(src)
	if err != nil {
		return err
	}
	if d.backing, err = hybrid(d.backing, n, src, 1, 1); err != nil {
		return err
	}
	d.values.Bools = slices.Grow(d.values.Bools[:0], n)[:n]
	for i, b := range d.backing {
		d.values.Bools[i] = b != 0
	}
	return nil
}

func (d *decoder) deltaInts(src []byte, n int) error {
	var err error
	if d.values.Ints, _, err = deltas(d.values.Ints, n, src); err != nil {
		return err
	}
	if d.leaf.Type == Int32 {
		for i, v := range d.values.Ints {
			d.values.Ints[i] = int64(int32(v))
		}
	}
	return nil
}

// split decodes BYTE_STREAM_SPLIT: the first bytes of all values, then the
// second ones, and so on.
func (d *decoder) split(src []byte, n int) error {
	w := d.width()
	// With more bytes it would not be known where the streams begin.
	if w == 0 || len(src)%w != 0 || n != len(src)/w {
		return errValues
	}
	d.backing = slices.Grow(d.backing[:0], n*w)[:n*w]
	for k := range w {
		stream := src[k*n : k*n+n]
		for i, b := range stream {
			d.backing[i*w+k] = b
		}
	}
	return d.plain(d.backing, n)
}

// checkLengths holds values of a fixed length against it.
func (d *decoder) checkLengths() error {
	if d.leaf.Type != FixedLenByteArray {
		return nil
	}
	for _, b := range d.values.Bytes {
		if len(b) != int(d.leaf.Length) {
			return fmt.Errorf("a value of %d bytes where each has %d", len(b), d.leaf.Length)
		}
	}
	return nil
}
