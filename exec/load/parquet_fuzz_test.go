package load_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
)

// addSmallFiles adds the smallest of the files that other tests read, and one of each codec
// and version of the pages.
func addSmallFiles(f *testing.F) {
	f.Helper()
	var names []string
	for _, folder := range []string{"parquet", "parquet/others"} {
		some, err := filepath.Glob(filepath.Join("testdata", filepath.FromSlash(folder), "*.parquet"))
		if err != nil || len(some) == 0 {
			f.Fatal(folder, err)
		}
		names = append(names, some...)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	c := compress.Codecs
	for _, codec := range []compress.Compression{c.Uncompressed, c.Snappy, c.Gzip, c.Brotli, c.Zstd, c.Lz4Raw} {
		for _, version := range []parquet.DataPageVersion{parquet.DataPageV1, parquet.DataPageV2} {
			options := []any{groupsOf(9), parquet.WithCompression(codec), parquet.WithDataPageVersion(version)}
			f.Add(writeParquet(f, profiles(14), options...))
			random := &randomFile{Rand: rand.New(rand.NewPCG(13, uint64(codec))), nulls: 30, numbers: 1 << 61, texts: 3, dates: 50, odd: true}
			rows := make([]randomRow, 14)
			for i := range rows {
				rows[i] = random.row()
			}
			f.Add(writeParquet(f, rows, options...))
		}
	}
}

// FuzzParquet loads damaged files, straight into columns and by lanes. Each is an error, or
// a good table that is the same both ways, in bounded memory. What the columns hold is
// compared with arrow-go by FuzzAgree of the module parquet/difftest.
func FuzzParquet(f *testing.F) {
	addSmallFiles(f)
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
