package load

import (
	"compress/bzip2"
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
	return z, z.Close, nil
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
