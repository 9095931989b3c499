package load_test

import (
	"bytes"
	"io"
	"os"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/segq/segq/exec/load"
)

// FuzzCompressed unpacks damaged data of each compression, up to 64 MiB: an error or bytes, and the
// same error again behind it.
func FuzzCompressed(f *testing.F) {
	extensions := []string{".gz", ".zst", ".lz4", ".bz2", ".xz"}
	plain, err := io.ReadAll(io.LimitReader(&endless{unit: "1,2\n", left: 500}, 2000))
	if err != nil {
		f.Fatal(err)
	}
	var gz, zst bytes.Buffer
	g := gzip.NewWriter(&gz)
	z, err := zstd.NewWriter(&zst)
	if err != nil {
		f.Fatal(err)
	}
	for _, w := range []io.WriteCloser{g, z} {
		if _, err := w.Write(plain); err != nil {
			f.Fatal(err)
		}
		if err := w.Close(); err != nil {
			f.Fatal(err)
		}
	}
	f.Add(uint8(0), gz.Bytes())
	f.Add(uint8(1), zst.Bytes())
	for i, extension := range extensions[2:] {
		f.Add(uint8(i+2), fileFor(f, "testdata/compressed/tool.csv"+extension))
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		_, unpack := load.Uncompressed("x" + extensions[int(which)%len(extensions)])
		r, err := unpack(bytes.NewReader(data))
		if err != nil {
			return
		}
		defer r.Close()
		if n, err := io.Copy(io.Discard, io.LimitReader(r, 64<<20)); err != nil {
			if again, second := r.Read(make([]byte, 1)); again > 0 || second == nil {
				t.Errorf("after %d bytes and %v it goes on: %d, %v", n, err, again, second)
			}
		}
	})
}

func fileFor(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}
