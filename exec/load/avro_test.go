package load_test

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
)

// TestAvroMatrix loads files of several writers, with all types and codecs, and compares every
// value with what was written, and what fastavro reads (testdata/avro/make.py).
func TestAvroMatrix(t *testing.T) {
	files := 0
	eachOfZip(t, filepath.Join("testdata", "avro", "matrix.zip"), ".avro", func(name string, data, want []byte) {
		files++
		t.Run(name, func(t *testing.T) {
			for _, threads := range []int{1, 3} {
				s, _, err := load.Reader(context.Background(), bytes.NewReader(data), "avro", name, load.Options{Threads: threads})
				if err != nil {
					t.Fatal(err)
				}
				if err := column.Verify(s); err != nil {
					t.Fatal(err)
				}
				compareRows(t, s, want)
			}
		})
	})
	if files < 15 {
		t.Errorf("only %d files", files)
	}
}
