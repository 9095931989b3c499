package parquet

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// Codec is a way to compress pages.
type Codec int32

// The codecs, by their numbers in the format.
const (
	Uncompressed Codec = iota
	Snappy
	Gzip
	LZO
	Brotli
	LZ4
	Zstd
	LZ4Raw
)

// String returns the name that the format has for c.
func (c Codec) String() string {
	names := [...]string{"UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"}
	if c < 0 || int(c) >= len(names) {
		return fmt.Sprintf("of number %d", int32(c))
	}
	return names[c]
}

// maxRatio and minRoom bound what bytes may claim to become where nobody is
// asked for room: deflate cannot do better than 1032 to 1.
const (
	maxRatio = 1100
	minRoom  = 64 << 20
)

// plausible says whether so many bytes may become so many.
func plausible(from, to int) bool { return to <= minRoom || to/maxRatio <= from }

// decompressor holds what decompressing pages needs from one to the next.
type decompressor struct {
	codec Codec
	zstd  *zstd.Decoder
}

var errSize = errors.New("a page does not decompress to the size that it claims")

// decompress fills dst from src.
func (d *decompressor) decompress(dst, src []byte) error {
	switch d.codec {
	case Snappy:
		if n, err := snappy.DecodedLen(src); err != nil || n != len(dst) {
			return errSize
		}
		_, err := snappy.Decode(dst, src)
		return err
	case Gzip:
		z, err := gzip.NewReader(bytes.NewReader(src))
		if err != nil {
			return err
		}
		return readExactly(dst, z)
	case Brotli:
		return readExactly(dst, brotli.NewReader(bytes.NewReader(src)))
	case LZ4:
		return hadoopLZ4(dst, src)
	case Zstd:
		return d.unzstd(dst, src)
	case LZ4Raw:
		return lz4Block(dst, src)
	}
	return fmt.Errorf("the compression %s is not known", d.codec)
}

// readExactly reads as many bytes as dst has, and expects the end.
func readExactly(dst []byte, r io.Reader) error {
	if _, err := io.ReadFull(r, dst); err != nil {
		return fmt.Errorf("%w (%w)", errSize, err)
	}
	var more [1]byte
	if n, err := r.Read(more[:]); n != 0 || !errors.Is(err, io.EOF) {
		return errSize
	}
	return nil
}

func (d *decompressor) unzstd(dst, src []byte) (err error) {
	if d.zstd == nil {
		d.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecodeAllCapLimit(true))
		if err != nil {
			return err
		}
	}
	out, err := d.zstd.DecodeAll(src, dst[:0:len(dst)])
	if err == nil && len(out) != len(dst) {
		err = errSize
	}
	return err
}

func lz4Block(dst, src []byte) error {
	n, err := lz4.UncompressBlock(src, dst)
	if err == nil && n != len(dst) {
		err = errSize
	}
	return err
}

// hadoopLZ4 reads what files call LZ4: the frames of Hadoop, which are two
// big-endian lengths and a block each, or a block without them, as arrow C++
// wrote it for a time (parquet-format, Compression.md).
func hadoopLZ4(dst, src []byte) error {
	if framedLZ4(dst, src) == nil {
		return nil
	}
	return lz4Block(dst, src)
}

func framedLZ4(dst, src []byte) error {
	for len(src) >= 8 {
		to, from := binary.BigEndian.Uint32(src), binary.BigEndian.Uint32(src[4:])
		src = src[8:]
		if uint64(to) > uint64(len(dst)) || uint64(from) > uint64(len(src)) {
			return errSize
		}
		if err := lz4Block(dst[:to], src[:from]); err != nil {
			return err
		}
		dst, src = dst[to:], src[from:]
	}
	if len(dst) != 0 || len(src) != 0 {
		return errSize
	}
	return nil
}

func (d *decompressor) close() {
	if d.zstd != nil {
		d.zstd.Close()
	}
}
