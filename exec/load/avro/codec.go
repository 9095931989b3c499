package avro

import (
	"bytes"
	"compress/bzip2"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/mikelolasagasti/xz"
)

// codecs undo the compressions of blocks, by their names in the format.
var codecs = map[string]func(*Block) ([]byte, error){
	"null":      func(b *Block) ([]byte, error) { return b.data, nil },
	"deflate":   func(b *Block) ([]byte, error) { return b.unpack(flate.NewReader(bytes.NewReader(b.data))) },
	"bzip2":     func(b *Block) ([]byte, error) { return b.unpack(bzip2.NewReader(bytes.NewReader(b.data))) },
	"snappy":    (*Block).unsnappy,
	"xz":        (*Block).unxz,
	"zstandard": (*Block).unzstd,
}

// maxWindow bounds the memory that decompression takes beside its result.
const maxWindow = 128 << 20

// Plain returns the bytes of the rows of a block.
func (b *Block) Plain() ([]byte, error) {
	plain, err := codecs[b.file.codec](b)
	var full *chargeError
	if err != nil && !errors.As(err, &full) {
		err = damaged("block %d cannot be decompressed (%w)", b.Number, err)
	}
	return plain, err
}

// chargeError is an error of who was asked for memory.
type chargeError struct{ error }

// Unwrap returns the error itself.
func (e *chargeError) Unwrap() error { return e.error }

// unpack reads all of r, and makes room as it comes.
func (b *Block) unpack(r io.Reader) ([]byte, error) {
	const least = 1 << 14
	out := make([]byte, 0, 2*len(b.data)+least)
	if err := b.charge(int64(cap(out))); err != nil {
		return nil, err
	}
	for {
		if len(out) == cap(out) {
			room := 2 * len(out)
			if err := b.charge(int64(room)); err != nil { // beside what is there, which is copied
				return nil, err
			}
			out = append(make([]byte, 0, room), out...)
			_ = b.charge(-int64(room / 2))
		}
		n, err := r.Read(out[len(out):cap(out)])
		out = out[:len(out)+n]
		if err == io.EOF { // bare: an end inside another error is an error
			return out, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// unsnappy reads a block of snappy, which has a checksum behind it.
func (b *Block) unsnappy() ([]byte, error) {
	const sum, ratio = 4, 64 // the format cannot do better than 64 to 3
	n := len(b.data) - sum
	if n < 0 {
		return nil, errors.New("it is too short")
	}
	size, err := snappy.DecodedLen(b.data[:n])
	if err != nil {
		return nil, err
	}
	if size > n*ratio {
		return nil, errors.New("it claims a size that it cannot have")
	}
	if err := b.charge(int64(size)); err != nil {
		return nil, err
	}
	plain, err := snappy.Decode(nil, b.data[:n])
	if err == nil && crc32.ChecksumIEEE(plain) != binary.BigEndian.Uint32(b.data[n:]) {
		err = errors.New("its checksum is wrong")
	}
	return plain, err
}

func (b *Block) unxz() ([]byte, error) {
	r, err := xz.NewReader(bytes.NewReader(b.data), maxWindow)
	if err != nil {
		return nil, err
	}
	return b.unpack(r)
}

func (b *Block) unzstd() ([]byte, error) {
	r, err := zstd.NewReader(bytes.NewReader(b.data), zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return b.unpack(r)
}
