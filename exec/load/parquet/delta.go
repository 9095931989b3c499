package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

var errDelta = errors.New("values in delta encoding end too early or are not well formed")

// maxBlock bounds the values of a block: writers use 128 to some thousands.
const maxBlock = 1 << 16

// deltas decodes n numbers of DELTA_BINARY_PACKED: a block of them is a least
// difference, and for each of its miniblocks the bits of what the differences
// have above it. It returns what follows them besides.
func deltas(buf []int64, n int, src []byte) (values []int64, rest []byte, err error) {
	r := &thriftReader{b: src} // the same variable-length numbers
	block, minis, total, first := r.uvarint(), r.uvarint(), r.uvarint(), r.varint()
	switch {
	case r.err != nil || block == 0 || block > maxBlock || minis == 0 || block%128 != 0 || block%minis != 0 || block/minis%32 != 0:
		return buf, nil, errDelta
	case total != uint64(n):
		return buf, nil, fmt.Errorf("%d values in delta encoding where %d are due", total, n)
	case (total/block)*(1+minis) > uint64(len(src)):
		return buf, nil, errDelta // each block has that many bytes at least
	}
	values = slices.Grow(buf[:0], n)[:n]
	if n > 0 {
		values[0] = first
		r.blocks(values[1:], first, int(minis), int(block/minis))
	}
	if r.err != nil {
		return values, nil, errDelta
	}
	return values, r.b[r.pos:], nil
}

// blocks decodes numbers that follow the given one.
func (r *thriftReader) blocks(out []int64, value int64, minis, each int) {
	for len(out) > 0 && r.err == nil {
		least := r.varint()
		for _, width := range r.take(uint64(minis)) {
			if len(out) == 0 {
				return
			}
			packed := r.take(uint64(each) * uint64(width) / 8)
			if r.err != nil || width > 64 {
				r.fail(errDelta)
				return
			}
			mini := out[:min(each, len(out))]
			value = addDeltas(mini, packed, uint(width), least, value)
			out = out[len(mini):]
		}
	}
}

// addDeltas decodes a miniblock, and returns its last value. Sums wrap, as the
// format wants it.
func addDeltas(out []int64, packed []byte, width uint, least, value int64) int64 {
	bit := uint(0)
	for i := range out {
		value += least + int64(bitsAt(packed, bit, width))
		out[i] = value
		bit += width
	}
	return value
}

// bitsAt reads up to 64 bits, the lowest first.
func bitsAt(src []byte, bit, width uint) uint64 {
	if width == 0 {
		return 0
	}
	at, shift := int(bit>>3), bit&7
	if at+9 <= len(src) {
		v := binary.LittleEndian.Uint64(src[at:]) >> shift
		if shift > 0 {
			v |= uint64(src[at+8]) << (64 - shift)
		}
		return v & (^uint64(0) >> (64 - width))
	}
	v, have := uint64(0), uint(0)
	for ; at < len(src) && have < width; at++ {
		v |= uint64(src[at]) >> shift << have
		have += 8 - shift
		shift = 0
	}
	return v & (^uint64(0) >> (64 - width))
}

// deltaLengths decodes DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes.
func (d *decoder) deltaLengths(src []byte, n int) error {
	var err error
	if d.lengths, src, err = deltas(d.lengths, n, src); err != nil {
		return err
	}
	out := d.bytes(n)
	for i, length := range d.lengths {
		length = int64(int32(length))
		if length < 0 || length > int64(len(src)) {
			return errDelta
		}
		out[i], src = src[:length:length], src[length:]
	}
	return nil
}

// deltaBytes decodes DELTA_BYTE_ARRAY: of each value, how many bytes it has in
// common with the one before it, and the rest.
func (d *decoder) deltaBytes(src []byte, n int) error {
	prefixes, rest, err := deltas(nil, n, src)
	if err != nil {
		return err
	}
	if err := d.deltaLengths(rest, n); err != nil {
		return err
	}
	total, length := 0, int64(0)
	for i, suffix := range d.values.Bytes {
		if prefixes[i] = int64(int32(prefixes[i])); prefixes[i] < 0 || prefixes[i] > length {
			return errDelta
		}
		length = prefixes[i] + int64(len(suffix))
		total += int(length)
	}
	if err := d.hold(len(src), total); err != nil {
		return err
	}
	d.joined = slices.Grow(d.joined[:0], total)
	previous := []byte(nil)
	for i, suffix := range d.values.Bytes {
		from := len(d.joined)
		d.joined = append(append(d.joined, previous[:prefixes[i]]...), suffix...)
		previous = d.joined[from:len(d.joined):len(d.joined)]
		d.values.Bytes[i] = previous
	}
	return nil
}
