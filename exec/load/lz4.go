package load

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/pierrec/lz4/v4"
)

const (
	lz4Magic   = "\x04\x22\x4d\x18"
	lz4Legacy  = "\x02\x21\x4c\x18"
	lz4Skipped = "\x2a\x4d\x18" // the end of the magic of a frame that is to be skipped
)

func unlz4(r io.Reader, _ int) (plain io.Reader, end func(), err error) {
	frames := &lz4Frames{r: r}
	frames.expect(len(lz4Magic), frames.magic)
	return &inWords{plain: lz4.NewReader(frames), words: lz4Words}, func() {}, nil
}

func lz4Words(err error) error {
	switch {
	case errors.Is(err, lz4.ErrInvalidHeaderChecksum), errors.Is(err, lz4.ErrInvalidBlockChecksum), errors.Is(err, lz4.ErrInvalidFrameChecksum):
		return errors.New("the lz4 data is damaged: its checksum does not match")
	case strings.HasPrefix(err.Error(), "lz4: "):
		return fmt.Errorf("the lz4 data is damaged: %s", strings.TrimPrefix(err.Error(), "lz4: "))
	}
	return err
}

// lz4Frames passes the frames of an lz4 file on, and follows where each of their parts
// ends: the library takes a file that ends after any block for a whole one, and one whose
// beginning is damaged for one of skipped frames. See the LZ4 frame format,
// https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md.
type lz4Frames struct {
	r       io.Reader
	part    []byte // what is there of the part that is to be understood
	size    int    // of all of it
	whole   func() error
	skip    int64 // bytes to pass on before that part
	some    bool  // a frame has ended
	between bool  // the next part begins a frame

	sums, sum int64 // sizes of the checksums of a block, and of the contents
}

// expect says of how many bytes the next part is, and what understands it.
func (f *lz4Frames) expect(size int, whole func() error) {
	f.part, f.size, f.whole, f.between = f.part[:0], size, whole, false
}

// Read reads bytes of the file.
func (f *lz4Frames) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	for b := p[:n]; len(b) > 0; {
		if f.skip > 0 {
			k := min(f.skip, int64(len(b)))
			f.skip -= k
			b = b[k:]
			continue
		}
		k := min(f.size-len(f.part), len(b))
		f.part, b = append(f.part, b[:k]...), b[k:]
		if len(f.part) == f.size {
			if err := f.whole(); err != nil {
				return 0, err
			}
		}
	}
	if errors.Is(err, io.EOF) && (!f.between || f.skip > 0 || len(f.part) > 0) {
		return n, errors.New("the lz4 data is truncated")
	}
	return n, err
}

// magic takes the first bytes of a frame.
func (f *lz4Frames) magic() error {
	switch magic := string(f.part); {
	case magic == lz4Magic:
		f.expect(1, f.flags)
	case magic == lz4Legacy:
		return errors.New("the lz4 data is in the legacy format, which has no checksums and does not say where it ends: unpack it (lz4 -d)")
	case f.part[0]>>4 == 5 && magic[1:] == lz4Skipped:
		f.expect(4, f.skipped)
	case f.some:
		return errors.New("something else follows the lz4 data")
	default:
		return errors.New("this is not lz4 data")
	}
	return nil
}

// end is where a frame ends: after so many more bytes.
func (f *lz4Frames) end(after int64) {
	f.expect(len(lz4Magic), f.magic)
	f.skip, f.some, f.between = after, true, true
}

func (f *lz4Frames) skipped() error {
	f.end(int64(binary.LittleEndian.Uint32(f.part)))
	return nil
}

// flags takes what says which parts a frame has.
func (f *lz4Frames) flags() error {
	flags := f.part[0]
	if flags&1 != 0 {
		return errors.New("the lz4 data needs a dictionary to be unpacked, which is not supported")
	}
	f.sums, f.sum = int64(flags>>4&1)*4, int64(flags>>2&1)*4
	f.expect(4, f.block)
	f.skip = 2 + int64(flags>>3&1)*8 // the size of blocks, that of the contents, the checksum of both
	return nil
}

// block takes the size of a block; it is zero at the end of a frame.
func (f *lz4Frames) block() error {
	size := binary.LittleEndian.Uint32(f.part) &^ (1 << 31) // the highest bit says that it is not compressed
	if size == 0 {
		f.end(f.sum)
		return nil
	}
	f.expect(4, f.block)
	f.skip = int64(size) + f.sums
	return nil
}
