package load

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// compression is a way to make a whole file smaller.
type compression struct {
	extension string // with the dot
	name      string // for people
	magic     string // what its files begin with; a ? is any byte
	// plain gives what was compressed into r, and what is to be called at the end.
	plain func(r io.Reader, threads int) (plain io.Reader, end func(), err error)
	// window says by the first bytes how far back the data may refer, which unpacking holds; nil
	// where that is never more than some MB.
	window func(head []byte) int64
}

var compressions = []*compression{
	{extension: ".gz", name: "gzip", magic: "\x1f\x8b", plain: gunzip},
	{extension: ".zst", name: "Zstandard", magic: "\x28\xb5\x2f\xfd", plain: unzstd, window: zstdWindow},
	{extension: ".lz4", name: "lz4", magic: lz4Magic, plain: unlz4},
	{extension: ".bz2", name: "bzip2", magic: "BZh?1AY&SY", plain: bunzip2}, // BZh alone may begin a text
	{extension: ".xz", name: "xz", magic: "\xfd7zXZ\x00", plain: unxz, window: xzWindow},
}

// windowHead is how many of the first bytes say what the window is.
const windowHead = 40

// magicSize is the length of the longest magic of a compression.
const magicSize = 10

// begins says whether data is compressed in this way.
func (c *compression) begins(data []byte) bool {
	if len(data) < len(c.magic) {
		return false
	}
	for i := range len(c.magic) {
		if c.magic[i] != data[i] && c.magic[i] != '?' {
			return false
		}
	}
	return true
}

// cutCompression takes the extension of a compression off a name; it is nil for none.
func cutCompression(name string) (rest string, c *compression) {
	for _, c := range compressions {
		end := len(name) - len(c.extension)
		if end >= 0 && strings.EqualFold(name[end:], c.extension) {
			return name[:end], c
		}
	}
	return name, nil
}

// compressionOf says how the data that r is about to give is compressed, nil for not
// at all. What is wrong with r shows again when it is read.
func compressionOf(r *bufio.Reader) *compression {
	head, _ := r.Peek(magicSize)
	for _, c := range compressions {
		if c.begins(head) {
			return c
		}
	}
	return nil
}

// Uncompressed returns the name that a file would have if it were not compressed, and what
// gives the plain contents of r, which the file has.
func Uncompressed(name string) (bare string, plain func(r io.Reader) (io.ReadCloser, error)) {
	bare, c := cutCompression(name)
	return bare, func(r io.Reader) (io.ReadCloser, error) {
		if c == nil {
			return io.NopCloser(r), nil
		}
		p, end, err := c.open(r, 1)
		if err != nil {
			return nil, err
		}
		return &unpacked{p, end}, nil
	}
}

// BareFormat splits the name of a format into that without a compression, and what gives the plain
// contents of a reader of a file.
func BareFormat(format, file string) (bare string, plain func(r io.Reader) (io.ReadCloser, error)) {
	base, c := cutCompression(strings.ToLower(format))
	if c == nil {
		_, plain = Uncompressed(file)
		return base, plain
	}
	_, plain = Uncompressed(format)
	return base, plain
}

// unpacked is what was compressed.
type unpacked struct {
	io.Reader
	end func()
}

// Close gives up what the unpacking took.
func (u *unpacked) Close() error {
	u.end()
	return nil
}

// open returns what was compressed into r, and what is to be called at the end.
func (c *compression) open(r io.Reader, threads int) (plain io.Reader, end func(), err error) {
	b := bufio.NewReaderSize(r, fragmentSize)
	if _, err := b.Peek(1); errors.Is(err, io.EOF) {
		return nil, nil, fmt.Errorf("the file is empty, and should be %s data", c.name)
	}
	return c.plain(b, threads)
}

// decompress returns what was compressed into r, and what is to be called at the end.
// What is compressed although its name does not say so is an error.
func (l *loader) decompress(r io.Reader, c *compression) (plain io.Reader, end func(), err error) {
	if c != nil {
		return l.unpack(r, c)
	}
	b := bufio.NewReaderSize(r, max(16, magicSize))
	if c := compressionOf(b); c != nil {
		return nil, nil, errors.New("the data is compressed: its name should end in " + c.extension)
	}
	return b, func() {}, nil
}

// unpack opens compressed data, and charges for what unpacking holds.
func (l *loader) unpack(r io.Reader, c *compression) (plain io.Reader, end func(), err error) {
	b, held := bufio.NewReaderSize(r, fragmentSize), int64(0)
	if c.window != nil {
		head, _ := b.Peek(windowHead)
		held = c.window(head)
	}
	if err := l.meter.chargeBlock(held); err != nil {
		return nil, nil, err
	}
	plain, stop, err := c.open(b, l.options.Threads)
	if err != nil {
		l.meter.freeBlock(held)
		return nil, nil, err
	}
	end = func() {
		stop()
		l.meter.freeBlock(held)
	}
	return plain, end, nil
}

// inWords reads what was compressed, and says in words what is wrong with it. What failed
// once fails again: a library might go on behind it.
type inWords struct {
	plain io.Reader
	words func(err error) error // gives any error that is not of the data as it is
	err   error
}

// Read reads plain bytes.
func (w *inWords) Read(p []byte) (n int, err error) {
	if w.err != nil {
		return 0, w.err
	}
	n, w.err = w.plain.Read(p)
	if w.err != nil && !errors.Is(w.err, io.EOF) {
		w.err = w.words(w.err)
	}
	return n, w.err
}
