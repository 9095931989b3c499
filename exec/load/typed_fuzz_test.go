package load_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
)

// FuzzArrow and FuzzAvro load damaged files. Each is an error or a good table, in bounded memory, and
// that does not depend on how many read at once. The readers have targets of their own, which are
// several times as fast.
func FuzzArrow(f *testing.F) { fuzzTyped(f, "arrow") }

func FuzzAvro(f *testing.F) { fuzzTyped(f, "avro") }

func fuzzTyped(f *testing.F, format string) {
	addSeeds(f, filepath.Join("testdata", format, "seeds.zip"))
	f.Fuzz(func(t *testing.T, data []byte) { sameByThreads(t, data, format, load.Options{Memory: 256 << 20}) })
}

// addSeeds adds the files of an archive.
func addSeeds(f *testing.F, archive string) {
	f.Helper()
	z, err := zip.OpenReader(archive)
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
}

// sameByThreads loads data by one and by three goroutines: both are errors, or the same good table.
func sameByThreads(t *testing.T, data []byte, format string, o load.Options) {
	t.Helper()
	o.Threads = 1
	one, full := outcome(t, data, format, o)
	o.Threads = 3
	three, fullToo := outcome(t, data, format, o)
	if !full && !fullToo && one != three {
		t.Errorf("by one:\n%s\nby three:\n%s", one, three)
	}
}

// outcome says in words what data is: the error of all is "error", since which of several comes first is
// nobody's. full says that it takes too much memory.
func outcome(t *testing.T, data []byte, format string, o load.Options) (text string, full bool) {
	t.Helper()
	s, r, err := load.Reader(context.Background(), bytes.NewReader(data), format, "in", o)
	if err != nil {
		if strings.Contains(err.Error(), "internal error") {
			t.Error(err)
		}
		var m *load.MemoryError
		return "error", errors.As(err, &m)
	}
	if err := column.Verify(s); err != nil {
		t.Error(err)
	}
	if n := len(r.Files); n > 0 && r.Files[n-1].Rows != s.Rows() || r.Rows != s.Rows() {
		t.Errorf("%d rows, reported as %d (%v)", s.Rows(), r.Rows, r.Files)
	}
	b := fmt.Appendf(nil, "%d rows, %d rejected, %s\n", s.Rows(), r.Rejected, typeText(s.Schema))
	for i := range min(s.Rows(), 1000) {
		b = append(column.AppendJSON(b, s.Root, i, s.Schema), '\n')
	}
	return string(b), false
}
