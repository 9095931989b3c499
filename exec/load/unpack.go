package load

import (
	"compress/bzip2"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/mikelolasagasti/xz"
)

// maxWindow is how far back compressed data may refer, and what unpacking it holds: what
// the zstd program allows without being asked for more, and twice what xz -9 takes.
const maxWindow = 128 << 20

func unzstd(r io.Reader, threads int) (plain io.Reader, end func(), err error) {
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(threads), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, nil, err
	}
	return &inWords{plain: z, words: zstdWords}, z.Close, nil
}

func zstdWords(err error) error {
	switch {
	case errors.Is(err, zstd.ErrMagicMismatch):
		return errors.New("this is not Zstandard data, or something else follows it")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the Zstandard data is truncated")
	case errors.Is(err, zstd.ErrCRCMismatch):
		return errors.New("the Zstandard data is damaged: its checksum does not match")
	case errors.Is(err, zstd.ErrWindowSizeExceeded):
		return fmt.Errorf("the Zstandard data takes more than %d MiB to unpack, which zstd makes it take only with --long: pack it again without, or with --long=27", maxWindow>>20)
	case errors.Is(err, zstd.ErrUnknownDictionary):
		return errors.New("the Zstandard data was packed with a dictionary, which is not read: pack it again without one")
	}
	return fmt.Errorf("the Zstandard data is damaged: %w", err)
}

// zstdWindow returns how far back Zstandard data says that it refers, in its first frame. What
// cannot be told is 0.
func zstdWindow(head []byte) int64 {
	var h zstd.Header
	if h.Decode(head) != nil || h.Skippable {
		return 0
	}
	if h.SingleSegment {
		return int64(min(h.FrameContentSize, maxWindow))
	}
	return int64(min(h.WindowSize, maxWindow))
}

// xzWindow is zstdWindow of xz data: the dictionary of its first block, whose header is after that of
// the stream (https://tukaani.org/xz/xz-file-format.txt, 3.1).
func xzWindow(head []byte) int64 {
	const streamHeader, packedSize, plainSize, lzma2 = 12, 0x40, 0x80, 0x21
	at := streamHeader + 2
	if len(head) < at {
		return 0
	}
	for _, size := range []byte{packedSize, plainSize} {
		if head[streamHeader+1]&size != 0 {
			_, n := binary.Uvarint(head[at:])
			at += max(n, 0)
		}
	}
	if len(head) < at+3 || head[at] != lzma2 {
		return 0
	}
	bits := min(head[at+2], 40)
	return min(int64(2|bits&1)<<(bits/2+11), maxWindow)
}

func gunzip(r io.Reader, _ int) (plain io.Reader, end func(), err error) {
	z, err := gzip.NewReader(r)
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, nil, errors.New("this is not gzip data")
	}
	if err != nil {
		return nil, nil, err
	}
	return &inWords{plain: z, words: gzipWords}, func() {}, nil
}

func gzipWords(err error) error {
	switch {
	case errors.Is(err, gzip.ErrHeader):
		return errors.New("something else follows the gzip data")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the gzip data is truncated, or something else follows it")
	case errors.Is(err, gzip.ErrChecksum):
		return errors.New("the gzip data is damaged: its checksum does not match")
	}
	return err
}

func bunzip2(r io.Reader, _ int) (plain io.Reader, end func(), err error) {
	return &inWords{plain: bzip2.NewReader(r), words: bzip2Words}, func() {}, nil
}

// bzip2Words tells the two errors of a wrong beginning, of a file and of what follows the
// first stream, by their texts: the library has no other sign of them.
func bzip2Words(err error) error {
	structural := bzip2.StructuralError("")
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the bzip2 data is truncated")
	case !errors.As(err, &structural):
		return err
	case structural == "bad magic value":
		return errors.New("this is not bzip2 data")
	case structural == "bad magic value in continuation file":
		return errors.New("something else follows the bzip2 data")
	case strings.HasSuffix(string(structural), "checksum mismatch"):
		return errors.New("the bzip2 data is damaged: its checksum does not match")
	}
	return fmt.Errorf("the bzip2 data is damaged: %s", string(structural))
}

func unxz(r io.Reader, _ int) (plain io.Reader, end func(), err error) {
	z, err := xz.NewReader(r, maxWindow)
	if errors.Is(err, xz.ErrFormat) {
		return nil, nil, errors.New("this is not xz data")
	}
	if err != nil {
		return nil, nil, xzWords(err)
	}
	return &inWords{plain: z, words: xzWords}, func() {}, nil
}

func xzWords(err error) error {
	switch {
	case errors.Is(err, xz.ErrBuf):
		return errors.New("the xz data is truncated, or something else follows it")
	case errors.Is(err, xz.ErrData):
		return errors.New("the xz data is damaged")
	case errors.Is(err, xz.ErrFormat):
		return errors.New("something else follows the xz data")
	case errors.Is(err, xz.ErrMemlimit):
		return fmt.Errorf("the xz data takes more than %d MiB to unpack, which is twice what xz -9 makes it take: pack it again with a smaller dictionary", maxWindow>>20)
	case errors.Is(err, xz.ErrOptions), errors.Is(err, xz.ErrUnsupportedCheck):
		return errors.New("the xz data has a filter or a kind of checksum that is not supported")
	}
	return err
}
