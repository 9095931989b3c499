package pack

import "encoding/binary"

// Header returns the header of a file with an index of so many bytes; the rest is up to Reseal.
func Header(index int) []byte { return header{index: int64(index)}.encode() }

// Reseal makes the checksums of a file right, and its size, so that what is wrong with it
// beside them has to be found.
func Reseal(b []byte) {
	if len(b) < headerSize {
		return
	}
	h := header{size: int64(len(b)), index: int64(binary.LittleEndian.Uint64(b[24:]))}
	if h.index > 0 && h.index <= int64(len(b))-headerSize {
		in := b[headerSize : headerSize+h.index]
		if x, err := decodeIndex(in, h.size); err == nil {
			x.reseal(b)
		}
		h.checksum = checksum(in)
	}
	binary.LittleEndian.PutUint64(b[16:], uint64(h.size))
	binary.LittleEndian.PutUint32(b[32:], h.checksum)
	binary.LittleEndian.PutUint32(b[60:], checksum(b[:60]))
}

// reseal makes the checksums of the vectors right.
func (x *index) reseal(b []byte) {
	sums := x.sums
	x.root.each(func(s *shape) {
		at := s.at
		for _, length := range s.vectors(&lengths{}) {
			for lo := int64(0); lo < length; lo += chunkSize {
				binary.LittleEndian.PutUint32(sums, checksum(b[at+lo:at+min(lo+chunkSize, aligned(length))]))
				sums = sums[4:]
			}
			at += aligned(length)
		}
	})
}
