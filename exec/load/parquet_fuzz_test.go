package load_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
)

// FuzzParquet loads damaged files, straight into columns and by lanes. Each is an error, or
// a good table that is the same both ways, in bounded memory. What the columns hold is
// compared with arrow-go by FuzzAgree of the module parquet/difftest.
func FuzzParquet(f *testing.F) {
	eachOfMatrix(f, func(_ string, data, _ []byte) {
		if len(data) < 30_000 {
			f.Add(data)
		}
	})
	others, err := filepath.Glob(filepath.Join("testdata", "parquet", "others", "*.parquet"))
	if err != nil || len(others) == 0 {
		f.Fatal(others, err)
	}
	for _, name := range others {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		bothWays(t, load.Options{Threads: 1, Memory: 256 << 20}, func(o load.Options) (*column.Snapshot, *load.Report, error) {
			s, r, err := load.Reader(context.Background(), bytes.NewReader(data), "parquet", "in", o)
			if err != nil && strings.Contains(err.Error(), "internal error") {
				t.Error(err)
			}
			return s, r, err
		})
	})
}
