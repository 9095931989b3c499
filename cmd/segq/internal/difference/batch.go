package difference

import (
	"encoding/binary"
	"slices"
)

// Batch is rows that follow each other: of each the id, and the set of what it is in. The zero value has none.
type Batch struct {
	bytes []byte   // of each row its id and its set
	ends  []uint32 // of each row where its id ends, and where its set does
}

// Len is the number of rows.
func (b *Batch) Len() int { return len(b.ends) / 2 }

// Add adds a row. The codes are sorted, and brought into order, if they are not; equal ones are one.
func (b *Batch) Add(id string, codes []uint32) {
	b.bytes = append(b.bytes, id...)
	b.ends = append(b.ends, uint32(len(b.bytes)))
	b.bytes = appendSet(b.bytes, codes)
	b.ends = append(b.ends, uint32(len(b.bytes)))
}

// row returns the id and the set of a row, which stay valid.
func (b *Batch) row(i int) (id, set []byte) {
	start := uint32(0)
	if i > 0 {
		start = b.ends[2*i-1]
	}
	return b.bytes[start:b.ends[2*i]], b.bytes[b.ends[2*i]:b.ends[2*i+1]]
}

// Full says whether a batch is large enough to be pushed.
func (b *Batch) Full() bool { return len(b.bytes) >= 1<<20 }

// appendSet appends codes as the differences from one to the next, in the variable length of Protocol Buffers:
// equal sets are equal bytes.
func appendSet(to []byte, codes []uint32) []byte {
	if !slices.IsSorted(codes) {
		slices.Sort(codes)
	}
	last := uint32(0)
	for i, code := range codes {
		if i > 0 && code == last {
			continue
		}
		to = binary.AppendUvarint(to, uint64(code-last))
		last = code
	}
	return to
}

// appendCodes appends the codes of a set.
func appendCodes[T []byte | string](to []uint32, set T) []uint32 {
	last, shift, step := uint32(0), 0, uint32(0)
	for i := range len(set) {
		step |= uint32(set[i]&0x7f) << shift
		if set[i] >= 0x80 {
			shift += 7
			continue
		}
		last += step
		to, shift, step = append(to, last), 0, 0
	}
	return to
}
