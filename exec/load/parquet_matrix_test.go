package load_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
)

// matrixFile returns the archive of the matrix: the one of testdata, or the full
// one, which testdata/parquet/README.md says how to make.
func matrixFile() string {
	if name := os.Getenv("SEGQ_PARQUET_MATRIX"); name != "" {
		return name
	}
	return filepath.Join("testdata", "parquet", "matrix.zip")
}

// eachOfMatrix calls f with the files of the matrix and what is in them.
func eachOfMatrix(t testing.TB, f func(name string, data, want []byte)) {
	t.Helper()
	z, err := zip.OpenReader(matrixFile())
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	files := map[string][]byte{}
	for _, entry := range z.File {
		r, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[entry.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		if name, ok := strings.CutSuffix(entry.Name, ".ndjson"); ok {
			f(name, files[name+".parquet"], files[entry.Name])
			delete(files, name+".parquet")
		}
		delete(files, strings.TrimSuffix(entry.Name, ".parquet")+".ndjson")
	}
}

// TestParquetMatrix loads files of many writers, codecs, encodings, types and
// shapes, and compares every value with what pyarrow and DuckDB read.
func TestParquetMatrix(t *testing.T) {
	files := 0
	eachOfMatrix(t, func(name string, data, want []byte) {
		files++
		t.Run(name, func(t *testing.T) {
			s, _, err := load.Reader(context.Background(), bytes.NewReader(data), "parquet", name, load.Options{Threads: 2})
			if err != nil {
				t.Fatal(err)
			}
			if err := column.Verify(s); err != nil {
				t.Fatal(err)
			}
			compareRows(t, s, want)
		})
	})
	if files < 50 {
		t.Errorf("only %d files", files)
	}
}

// TestParquetOthers loads small files of other people, and compares every value with what
// DuckDB reads (testdata/parquet/others.py).
func TestParquetOthers(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "parquet", "others", "*.parquet"))
	if err != nil || len(files) < 7 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(strings.TrimSuffix(name, ".parquet") + ".ndjson")
			if err != nil {
				t.Fatal(err)
			}
			s, _ := bothWays(t, load.Options{Threads: 2}, readerOf(data))
			compareRows(t, s, want)
		})
	}
}

func compareRows(t *testing.T, s *column.Snapshot, want []byte) {
	t.Helper()
	expected := json.NewDecoder(bytes.NewReader(want))
	expected.UseNumber()
	row := 0
	for ; ; row++ {
		var w any
		if err := expected.Decode(&w); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if row >= s.Rows() {
			t.Fatalf("only %d rows", s.Rows())
		}
		var got any
		d := json.NewDecoder(bytes.NewReader(column.AppendJSON(nil, s.Root, row, s.Schema)))
		d.UseNumber()
		if err := d.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(withoutNulls(w), withoutNulls(got), sameNumber); diff != "" {
			t.Fatalf("row %d (-expected +got)\n%s", row, diff)
		}
	}
	if row != s.Rows() {
		t.Errorf("%d rows, not %d", s.Rows(), row)
	}
}

// sameNumber compares whole numbers as such where both are written so, others as
// 64-bit floats.
var sameNumber = cmp.Comparer(func(a, b json.Number) bool {
	i, errA := a.Int64()
	k, errB := b.Int64()
	if errA == nil && errB == nil {
		return i == k
	}
	x, errA := a.Float64()
	y, errB := b.Float64()
	return errA == nil && errB == nil && x == y
})

// withoutNulls leaves out members that are null.
func withoutNulls(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, member := range v {
			if withoutNulls(member); member == nil {
				delete(v, k)
			}
		}
	case []any:
		for _, member := range v {
			withoutNulls(member)
		}
	}
	return v
}
