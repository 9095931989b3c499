package load

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// compression is a way to make a whole file smaller.
type compression struct {
	extension string // with the dot
	magic     string // what its files begin with
	// plain gives what was compressed into r, and what is to be called at the end.
	plain func(r io.Reader, threads int) (plain io.Reader, end func(), err error)
}

var compressions = []*compression{
	{extension: ".gz", magic: "\x1f\x8b", plain: gunzip},
	{extension: ".zst", magic: "\x28\xb5\x2f\xfd", plain: unzstd},
}

// magicSize is the length of the longest magic of a compression.
const magicSize = 4

// cutCompression takes the extension of a compression off a name; it is nil for none.
func cutCompression(name string) (rest string, c *compression) {
	for _, c := range compressions {
		if rest, ok := strings.CutSuffix(name, c.extension); ok {
			return rest, c
		}
	}
	return name, nil
}

// compressionOf says how the data that r is about to give is compressed, nil for not
// at all. What is wrong with r shows again when it is read.
func compressionOf(r *bufio.Reader) *compression {
	head, _ := r.Peek(magicSize)
	for _, c := range compressions {
		if bytes.HasPrefix(head, []byte(c.magic)) {
			return c
		}
	}
	return nil
}

// decompress returns what was compressed into r, and what is to be called at the end.
// What is compressed although its name does not say so is an error.
func (l *loader) decompress(r io.Reader, c *compression) (plain io.Reader, end func(), err error) {
	if c != nil {
		return c.plain(r, l.options.Threads)
	}
	b := bufio.NewReaderSize(r, 16)
	if c := compressionOf(b); c != nil {
		return nil, nil, errors.New("the data is compressed: its name should end in " + c.extension)
	}
	return b, func() {}, nil
}

// maxWindow is how far back a file in Zstandard may refer, and what unpacking it
// holds: what the zstd program allows without being asked for more.
const maxWindow = 128 << 20

func unzstd(r io.Reader, threads int) (plain io.Reader, end func(), err error) {
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(threads), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, nil, err
	}
	return z, z.Close, nil
}

func gunzip(r io.Reader, _ int) (plain io.Reader, end func(), err error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, nil, gzipError(err, true)
	}
	return gzipReader{z}, func() {}, nil
}

// gzipReader says in words what is wrong with gzip data.
type gzipReader struct{ z *gzip.Reader }

// Read reads plain bytes.
func (g gzipReader) Read(p []byte) (int, error) {
	n, err := g.z.Read(p)
	return n, gzipError(err, false)
}

// gzipError returns an error of the library in words, and any other as it is. At the
// start, nothing was read before.
func gzipError(err error, start bool) error {
	switch {
	case start && errors.Is(err, io.EOF):
		return errors.New("the file is empty, and should be gzip data")
	case start && (errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF)):
		return errors.New("this is not gzip data")
	case errors.Is(err, gzip.ErrHeader):
		return errors.New("something else follows the gzip data")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the gzip data is truncated, or something else follows it")
	case errors.Is(err, gzip.ErrChecksum):
		return errors.New("the gzip data is damaged: its checksum does not match")
	}
	return err
}
