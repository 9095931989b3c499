package pack

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"sync/atomic"

	"github.com/segq/segq/exec/column"
)

// A checksum tells that a file is what somebody has written, and not that it was segq. So
// what readers of a column rely on is looked through once, after the checksums, while it is
// in the cache: that codes, offsets and bits are none beyond the end.

// examination is of one column. Its vectors are looked through in parts, side by side.
type examination struct {
	*shape
	v [][]byte // the vectors of its values, each with what pads it
	// before is where the values of each block of rows of a sparse column begin.
	before []byte
	// filled counts the lists that are not empty, ended the bits of their ends.
	filled, ended atomic.Int64
}

// part looks through the bytes from lo to before hi of vector i; both are multiples of the
// alignment, or the end.
func (x *examination) part(i int, lo, hi int64) error {
	if x.valid {
		i--
	}
	if x.sparse {
		i--
	}
	if i < 0 {
		return nil
	}
	switch {
	case x.kind == ints && i == 0:
		return x.numbers(lo, hi)
	case x.kind == texts && i == 0:
		return below(x.v[0][lo:hi], x.width, max(x.strings(), 1), lo)
	case x.kind == texts && i == 1:
		return x.dictionary(int(lo/4), int(min(hi/4, int64(x.offsets))))
	case (x.kind == lists || x.kind == maps || x.kind == rowTexts) && i == 0:
		return x.offsetsOf(int(lo/4), int(min(hi/4, int64(x.stored())+1)))
	case x.kind == lists && i == 1:
		n := 0
		for _, w := range vector[uint64](x.v[1][lo:hi]) {
			n += bits.OnesCount64(w)
		}
		x.ended.Add(int64(n))
	case x.buckets > 0 && i == 1:
		return below(x.v[1][lo:hi], 2, x.buckets, lo)
	}
	return nil
}

// whole looks at what is left when all parts were looked through.
func (x *examination) whole(valid []byte) error {
	if x.valid {
		if err := tail(valid, x.rows); err != nil {
			return err
		}
	}
	if x.sparse {
		if err := x.ranked(vector[uint64](valid), vector[uint32](x.before)); err != nil {
			return err
		}
	}
	switch x.kind {
	case bools:
		return tail(x.v[0], x.stored())
	case texts:
		if o := vector[uint32](x.v[1]); x.offsets > 0 && (o[0] != 0 || int(o[x.offsets-1]) != x.bytes) {
			return fmt.Errorf("its texts go from byte %d to %d of %d", o[0], o[x.offsets-1], x.bytes)
		}
	case lists, maps, rowTexts:
		if o := vector[uint32](x.v[0]); o[0] != 0 || int(o[x.stored()]) != x.elems {
			return fmt.Errorf("its elements or bytes go from %d to %d of %d", o[0], o[x.stored()], x.elems)
		}
		if !x.ends {
			return nil
		}
		if x.ended.Load() != x.filled.Load() {
			return fmt.Errorf("%d lists have an end, and %d are not empty", x.ended.Load(), x.filled.Load())
		}
		return tail(x.v[1], x.elems)
	}
	if x.buckets > 0 {
		return x.orderly()
	}
	return nil
}

// ranked says that the values of a sparse column do not begin where its validity says.
func (x *examination) ranked(valid []uint64, before []uint32) error {
	n := 0
	for i := range x.blocks() {
		if int(before[i]) != n {
			return fmt.Errorf("the values of row %d begin at %d, and not at %d", i*column.SparseBlock, before[i], n)
		}
		const words = column.SparseBlock / 64
		for _, w := range valid[i*words : min((i+1)*words, (x.rows+63)/64)] {
			n += bits.OnesCount64(w)
		}
	}
	if n != x.values {
		return fmt.Errorf("%d rows have a value, and there are %d", n, x.values)
	}
	return nil
}

// orderly looks at the buckets of an order.
func (x *examination) orderly() error {
	least := vector[int64](x.v[2])[:x.buckets]
	for i := 1; i < len(least); i++ {
		if least[i] <= least[i-1] {
			return fmt.Errorf("bucket %d of its order begins before the one before it", i)
		}
	}
	if x.greatest < least[len(least)-1] {
		return errors.New("the greatest of its order is below the last bucket")
	}
	return tail(x.v[3], x.buckets)
}

// tail says that there are ones beyond the first n bits.
func tail(b []byte, n int) error {
	w := vector[uint64](b)
	if n%64 != 0 && w[n/64]>>(n%64) != 0 {
		return fmt.Errorf("there are bits beyond the %d that it has", n)
	}
	return nil
}

// below says that there is a code of so many bytes that is not below n. What pads codes is
// zero. Codes are compared in groups of eight bytes: the highest bit of each is set by adding
// what is missing to it, where the code is too large.
func below(b []byte, width, n int, at int64) error {
	if width < 8 && n >= 1<<(8*width) {
		return nil
	}
	lane := 8 * width
	lanes := ^uint64(0) / (1<<lane - 1) // a one at the beginning of each
	high := lanes << (lane - 1)
	most := uint64(n - 1)
	missing := (1<<(lane-1) - 1 - most&(1<<(lane-1)-1)) * lanes
	bad := uint64(0)
	if most < 1<<(lane-1) {
		for _, w := range vector[uint64](b) {
			bad |= w&^high + missing | w
		}
	} else {
		for _, w := range vector[uint64](b) {
			bad |= (w&^high + missing) & w
		}
	}
	if bad&high == 0 {
		return nil
	}
	for i := 0; i < len(b); i += width {
		code := binary.LittleEndian.Uint64(append(b[i:i+width:i+width], make([]byte, 8-width)...))
		if code > most {
			return fmt.Errorf("row %d has code %d of %d", (at+int64(i))/int64(width), code, n)
		}
	}
	return nil
}

// numbers looks whether integers are within the bounds that the index gives, unless these
// are zero, which is what they are where nobody has looked.
func (x *examination) numbers(lo, hi int64) error {
	if x.low == 0 && x.high == 0 {
		return nil
	}
	var least, most int64
	switch b := x.v[0][lo:hi]; x.width { // what pads them is zero
	case 1:
		least, most = bounds(vector[int8](b))
	case 2:
		least, most = bounds(vector[int16](b))
	case 4:
		least, most = bounds(vector[int32](b))
	default:
		least, most = bounds(vector[int64](b))
	}
	if least < min(x.low, 0) || most > max(x.high, 0) {
		return fmt.Errorf("its numbers go from %d to %d, and should from %d to %d", least, most, x.low, x.high)
	}
	return nil
}

// bounds returns the least and the greatest of values and zero.
func bounds[T int8 | int16 | int32 | int64](values []T) (int64, int64) {
	var least, most, least2, most2 T
	for ; len(values) >= 2; values = values[2:] {
		least, most = min(least, values[0]), max(most, values[0])
		least2, most2 = min(least2, values[1]), max(most2, values[1])
	}
	for _, v := range values {
		least, most = min(least, v), max(most, v)
	}
	return int64(min(least, least2)), int64(max(most, most2))
}

// offsetsOf looks at the offsets from first to before end: none is below the one before it;
// and where a list is not empty, the bit of its last element is set.
func (x *examination) offsetsOf(first, end int) error {
	o := vector[uint32](x.v[0])[max(first-1, 0):end]
	if i := fall(o); i > 0 {
		return fmt.Errorf("what row %d has ends before it begins", max(first-1, 0)+i-1)
	}
	if last := int(o[len(o)-1]); last > x.elems {
		return fmt.Errorf("row %d ends at %d of %d", max(first-1, 0)+len(o)-2, last, x.elems)
	}
	if !x.ends {
		return nil
	}
	ends := vector[uint64](x.v[1])
	filled, set := 0, uint64(0)
	for i := 1; i < len(o); i++ {
		if o[i] > o[i-1] {
			filled++
			set += ends[(o[i]-1)>>6] >> ((o[i] - 1) & 63) & 1
		}
	}
	x.filled.Add(int64(filled))
	if int(set) != filled {
		return fmt.Errorf("%d of the lists up to row %d have no end", filled-int(set), max(first-1, 0)+len(o)-2)
	}
	return nil
}

// fall returns the place of the first offset that is below the one before it, 0 for none.
func fall(o []uint32) int {
	falls := int64(0)
	for i := 1; i < len(o); i++ {
		falls |= int64(o[i]) - int64(o[i-1])
	}
	if falls >= 0 {
		return 0
	}
	i := 1
	for o[i] >= o[i-1] {
		i++
	}
	return i
}

// dictionary looks at the offsets from first to before end, and whether the texts that end
// at them are in order.
func (x *examination) dictionary(first, end int) error {
	from := max(first-2, 0) // the beginning of the text before those
	o := vector[uint32](x.v[1])[from:end]
	if i := fall(o); i > 0 {
		return fmt.Errorf("text %d ends before it begins", from+i-1)
	}
	if last := int(o[len(o)-1]); last > x.bytes {
		return fmt.Errorf("text %d ends at byte %d of %d", from+len(o)-2, last, x.bytes)
	}
	b := x.v[2][:x.bytes]
	for i := 2; i < len(o); i++ {
		if !ascending(b, o[i-2], o[i-1], o[i]) {
			return fmt.Errorf("texts %d and %d of its dictionary are not in order", from+i-2, from+i-1)
		}
	}
	return nil
}

// ascending says whether the text of b from one to two is less than that from two to three. It
// compares eight bytes at a time, the last of them once more where they are no multiple: that is
// faster than a call for texts as short as most are.
func ascending(b []byte, one, two, three uint32) bool {
	x, y := b[one:two], b[two:three]
	common := min(len(x), len(y))
	if common < 8 {
		return string(x) < string(y)
	}
	for i := 0; i < common; i += 8 {
		at := min(i, common-8)
		if p, q := binary.BigEndian.Uint64(x[at:]), binary.BigEndian.Uint64(y[at:]); p != q {
			return p < q
		}
	}
	return len(x) < len(y)
}
