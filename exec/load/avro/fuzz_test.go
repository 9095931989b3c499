package avro_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"testing"

	"github.com/segq/segq/exec/load/avro"
)

// FuzzOpen reads damaged files to their ends: every block that is read passes over its values, and no
// more memory is asked for than is charged.
func FuzzOpen(f *testing.F) {
	z, err := zip.OpenReader(filepath.Join("..", "testdata", "avro", "seeds.zip"))
	if err != nil {
		f.Fatal(err)
	}
	defer z.Close()
	for _, entry := range z.File {
		r, err := entry.Open()
		if err != nil {
			f.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := avro.Open(bytes.NewReader(data))
		if err != nil {
			return
		}
		held := int64(0)
		file.Charge = func(n int64) error {
			if held += n; held > 64<<20 {
				return errors.New("too much")
			}
			return nil
		}
		for {
			b, err := file.Next()
			if err != nil {
				return
			}
			plain, err := b.Plain()
			if err == nil && int64(len(plain)) > b.Held {
				t.Errorf("block %d has %d bytes, and %d were charged", b.Number, len(plain), b.Held)
			}
			passed(t, file, b, plain)
			held -= b.Held
		}
	})
}

// passed goes over the values of a block.
func passed(t *testing.T, file *avro.File, b *avro.Block, plain []byte) {
	c := avro.NewCursor(plain)
	for range min(b.Rows, 1000) {
		left := c.Left()
		c.Skip(file.Schema)
		if c.Err != nil {
			return
		}
		if c.Left() > left {
			t.Errorf("it goes back, from %d to %d", left, c.Left())
		}
	}
}
