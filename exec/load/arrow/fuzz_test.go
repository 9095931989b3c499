package arrow_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"testing"

	"github.com/segq/segq/exec/load/arrow"
)

// FuzzOpen reads every value of damaged files. Nothing that a file claims leads out of it, takes much
// memory, or memory that is not given back.
func FuzzOpen(f *testing.F) {
	z, err := zip.OpenReader(filepath.Join("..", "testdata", "arrow", "seeds.zip"))
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
		file, err := arrow.Open(bytes.NewReader(data), int64(len(data)))
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
		for _, b := range file.Batches {
			for i := range file.Fields {
				a, release, err := b.Column(i)
				if err == nil {
					touch(a)
				}
				release()
			}
		}
		file.Close()
		if held != 0 {
			t.Errorf("%d bytes are held in the end", held)
		}
	})
}

// mostValues is how many values of an array are read.
const mostValues = 1000

// touch reads values of an array, and of those below.
func touch(a *arrow.Array) {
	for i := range min(a.Len, mostValues) {
		if !a.Null(i) {
			touchValue(a, i)
		}
	}
	for _, c := range a.Children {
		touch(c)
	}
	for _, p := range a.Parts() {
		touch(p)
	}
}

func touchValue(a *arrow.Array, i int) {
	if a.Field.Index != nil {
		n := 0
		for _, p := range a.Parts() {
			n += p.Len
		}
		if at := a.Index(i); at < 0 || at >= n {
			panic("an index leads out of the dictionary")
		}
		return
	}
	switch a.Field.Type.Kind {
	case arrow.Bool:
		a.Bool(i)
	case arrow.Float:
		if a.Field.Type.Bits >= 32 {
			a.Float(i)
		}
	case arrow.Binary, arrow.Utf8, arrow.LargeBinary, arrow.LargeUtf8, arrow.BinaryView, arrow.Utf8View, arrow.FixedSizeBinary:
		_ = append([]byte(nil), a.Bytes(i)...)
	case arrow.List, arrow.LargeList, arrow.ListView, arrow.LargeListView, arrow.Map, arrow.FixedSizeList:
		if from, to := a.Range(i); from < 0 || to < from || to > a.Children[len(a.Children)-1].Len {
			panic("a list leads out of its elements")
		}
	case arrow.Union:
		if c, at := a.Choice(i); at < 0 || at >= a.Children[c].Len {
			panic("a union leads out of its children")
		}
	}
}
