package load_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
)

// eachOfZip calls f with the files of an archive that have rows beside them as JSON.
func eachOfZip(t testing.TB, archive, extension string, f func(name string, data, want []byte)) {
	t.Helper()
	z, err := zip.OpenReader(archive)
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
			f(name, files[name+extension], files[entry.Name])
		}
	}
}

// TestArrowMatrix loads files of several writers, with all types, and compares every value with
// what pyarrow reads (testdata/arrow/make.py).
func TestArrowMatrix(t *testing.T) {
	files := 0
	eachOfZip(t, filepath.Join("testdata", "arrow", "matrix.zip"), ".arrow", func(name string, data, want []byte) {
		files++
		t.Run(name, func(t *testing.T) {
			for _, threads := range []int{1, 3} {
				s, _, err := load.Reader(context.Background(), bytes.NewReader(data), "arrow", name, load.Options{Threads: threads})
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
	if files < 20 {
		t.Errorf("only %d files", files)
	}
}

// TestArrowInt128 loads a file of Polars with integers that the format does not have (testdata/arrow/int128.py).
func TestArrowInt128(t *testing.T) {
	s, report, err := load.Open(context.Background(), []string{filepath.Join("testdata", "arrow", "int128.arrow")}, load.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	compareRows(t, s, []byte("{\"n\":1}\n{\"n\":2}\n"))
	want := "big is left out: integers of 128 bits are not read: write them as Int64 or as a decimal"
	if !slices.ContainsFunc(report.Notes, func(note string) bool { return strings.HasSuffix(note, want) }) {
		t.Errorf("the notes are %q", report.Notes)
	}
}
