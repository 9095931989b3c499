package pack

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// The header is the first bytes of a file.
const (
	headerSize = 64
	// magic begins every packed file of whatever version. Like that of PNG it shows when a
	// transfer has changed the ends of lines.
	magic = "\x89SGQ\r\n\x1a\n"
	// byteOrder reads differently where numbers are in another order.
	byteOrder = 0x01020304
	// Version is the one that is written, and the only one that is read.
	Version = 2
	// maxIndex bounds the index, which is in the memory of the process.
	maxIndex = 1 << 30
)

// header says how long the file is, and where its parts are.
type header struct {
	size     int64 // of the file
	index    int64 // bytes of the index, which follows the header
	checksum uint32
}

// native is an error on a machine whose numbers are not in the order of the file's.
func native() error {
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		return errors.New("packed files are little-endian, and this machine is not")
	}
	return nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(b []byte) uint32 { return crc32.Checksum(b, castagnoli) }

func (h header) encode() []byte {
	b := make([]byte, headerSize)
	copy(b, magic)
	binary.LittleEndian.PutUint32(b[8:], byteOrder)
	binary.LittleEndian.PutUint32(b[12:], Version)
	binary.LittleEndian.PutUint64(b[16:], uint64(h.size))
	binary.LittleEndian.PutUint64(b[24:], uint64(h.index))
	binary.LittleEndian.PutUint32(b[32:], h.checksum)
	binary.LittleEndian.PutUint32(b[60:], checksum(b[:60]))
	return b
}

// decodeHeader reads the header of a file of so many bytes, from as many of its first bytes
// as there are.
func decodeHeader(b []byte, size int64) (header, error) {
	switch {
	case len(b) < len(magic) || !bytes.HasPrefix(b, []byte(magic)):
		return header{}, fmt.Errorf("it is no packed file, which segq pack makes")
	case len(b) < headerSize:
		return header{}, fmt.Errorf("it is cut short: a packed file has at least %d bytes, and this has %d", headerSize, size)
	}
	switch order := binary.LittleEndian.Uint32(b[8:]); order {
	case byteOrder:
	case 0x04030201:
		return header{}, fmt.Errorf("its numbers are in the other byte order, that of a big-endian machine; pack the data again")
	default:
		return header{}, fmt.Errorf("its header is damaged: it says nothing of its byte order")
	}
	if v := binary.LittleEndian.Uint32(b[12:]); v != Version {
		return header{}, fmt.Errorf("it is in version %d of the format, and this segq reads version %d: use the segq that has packed it, or pack the data again", v, Version)
	}
	if binary.LittleEndian.Uint32(b[60:]) != checksum(b[:60]) {
		return header{}, fmt.Errorf("its header is damaged: the checksum is another")
	}
	says := binary.LittleEndian.Uint64(b[16:])
	h := header{size: int64(says), index: int64(binary.LittleEndian.Uint64(b[24:])), checksum: binary.LittleEndian.Uint32(b[32:])}
	switch {
	case h.size > size:
		return header{}, fmt.Errorf("it is cut short: it has %d bytes of %d", size, says)
	case h.size != size:
		return header{}, fmt.Errorf("it is damaged: it has %d bytes, and says that it has %d", size, says)
	case h.index < alignment || h.index%alignment != 0 || h.index > min(size-headerSize, maxIndex):
		return header{}, fmt.Errorf("it is damaged: an index of %d bytes in a file of %d", h.index, size)
	}
	for _, zero := range b[36:60] {
		if zero != 0 {
			return header{}, fmt.Errorf("its header has something where nothing is in version %d", Version)
		}
	}
	return h, nil
}
