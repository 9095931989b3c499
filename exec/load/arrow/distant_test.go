package arrow_test

import (
	"archive/zip"
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segq/segq/exec/load/arrow"
)

// far is a file of which each byte should be announced before it is read, and is to be read once then.
type far struct {
	*bytes.Reader
	t       *testing.T
	strict  bool
	waiting []byte // by byte, how often it was announced and not read since
}

// WillNeed takes down what is announced.
func (f *far) WillNeed(ranges []arrow.Range) {
	for _, r := range ranges {
		for i := range r.N {
			f.waiting[r.At+i]++
		}
	}
}

// ReadAt checks what is read.
func (f *far) ReadAt(p []byte, at int64) (int, error) {
	n, err := f.Reader.ReadAt(p, at)
	for i := range n {
		if f.waiting[at+int64(i)] == 0 && f.strict {
			f.t.Fatalf("byte %d was not announced, or is read again", at+int64(i))
		}
		f.waiting[at+int64(i)] = 0
	}
	return n, err
}

// TestAnnounced reads all columns of files of several writers as if they were far away.
func TestAnnounced(t *testing.T) {
	z, err := zip.OpenReader(filepath.Join("..", "testdata", "arrow", "matrix.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, entry := range z.File {
		if !strings.HasSuffix(entry.Name, ".arrow") {
			continue
		}
		t.Run(entry.Name, func(t *testing.T) {
			r, err := entry.Open()
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			readFar(t, data)
		})
	}
}

func readFar(t *testing.T, data []byte) {
	from := &far{Reader: bytes.NewReader(data), t: t, waiting: make([]byte, len(data))}
	f, err := arrow.Open(from, int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for at, n := range from.waiting {
		if n > 0 {
			t.Fatalf("byte %d was announced for the metadata, and not read", at)
		}
	}
	each := func(do func(b *arrow.Batch, i int)) {
		for _, b := range f.Batches {
			for i := range f.Fields {
				do(b, i)
			}
		}
	}
	f.WillNeed(each)
	from.strict = true
	each(func(b *arrow.Batch, i int) {
		_, release, err := b.Column(i)
		release()
		if err != nil {
			t.Fatal(err)
		}
	})
	for at, n := range from.waiting {
		if n > 0 {
			t.Fatalf("byte %d was announced %d times more than it was read", at, n)
		}
	}
}
