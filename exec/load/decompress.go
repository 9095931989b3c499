package load

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxWindow is how far back a file in Zstandard may refer, and what unpacking it
// holds: what the zstd program allows without being asked for more.
const maxWindow = 128 << 20

// decompress gives what was compressed into r, and what is to be called at the end.
func (l *loader) decompress(r io.Reader, compression string) (plain io.Reader, end func(), err error) {
	switch compression {
	case ".gz":
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, nil, gzipError(err, true)
		}
		return gzipReader{z}, func() {}, nil
	case ".zst":
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(l.options.Threads), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	}
	plain, err = notCompressed(r)
	return plain, func() {}, err
}

// magics are the first bytes of compressed data, by the ending of files that hold it.
var magics = map[string][]byte{".gz": {0x1f, 0x8b}, ".zst": {0x28, 0xb5, 0x2f, 0xfd}}

// notCompressed gives r, unless it is compressed although its name does not say so.
func notCompressed(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 16)
	start, _ := b.Peek(4) // an error comes again with the first read
	for ending, magic := range magics {
		if bytes.HasPrefix(start, magic) {
			return nil, errors.New("the data is compressed: let the name end in " + ending)
		}
	}
	return b, nil
}

// gzipReader says in words what is wrong with gzip data.
type gzipReader struct{ z *gzip.Reader }

// Read reads plain bytes.
func (g gzipReader) Read(p []byte) (int, error) {
	n, err := g.z.Read(p)
	return n, gzipError(err, false)
}

// gzipError gives an error of the library in words, and any other as it is. At the
// start, nothing was read before.
func gzipError(err error, start bool) error {
	switch {
	case start && errors.Is(err, io.EOF):
		return errors.New("the file is empty, and should be gzip data")
	case start && (errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF)):
		return errors.New("this is no gzip data")
	case errors.Is(err, gzip.ErrHeader):
		return errors.New("something else stands behind the gzip data")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the gzip data is cut off, or something else stands behind it")
	case errors.Is(err, gzip.ErrChecksum):
		return errors.New("the gzip data is damaged: its checksum is another")
	}
	return err
}
