// Package difftest reads Parquet files with our reader and with that of arrow-go, a
// second implementation in Go, and compares every level and every value of every
// leaf. It is a module of its own, so that the tests of the product need not wait for it.
//
//	go test .                                      # all that our reader reads, and damaged columns
//	SEGQ_PARQUET_FILES=/tmp/full.zip go test .     # files of a zip or below a folder instead
//	SEGQ_PARQUET_DAMAGES=1000000 go test . -run Damage -timeout 1h
//	go test . -run '^$' -fuzz FuzzAgree -fuzztime 10m
//
// The files are those of ../../testdata/parquet (TestAgree) and, for each type, encoding,
// codec and version of pages, one that arrow-go writes (TestVerified). What arrow-go itself
// refuses of them is listed in refused.
package difftest_test

import (
	"archive/zip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// column is what a reader finds in a column chunk.
type column struct {
	reps, defs []int16
	// The values that are not null: integers in 8 bytes, floats as 64-bit ones in 8
	// bytes, byte arrays as they are.
	values []string
}

// guarded is f with a panic as an error.
func guarded[T any](f func() (T, error)) (v T, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("%w: %v", errPanic, e)
		}
	}()
	return f()
}

var errPanic = errors.New("panic")

// difference says where two columns differ first; "" if nowhere.
func difference(ours, theirs *column) string {
	if s := unequal("repetition level", ours.reps, theirs.reps); s != "" {
		return s
	}
	if s := unequal("definition level", ours.defs, theirs.defs); s != "" {
		return s
	}
	return unequal("value", ours.values, theirs.values)
}

func unequal[T comparable](what string, ours, theirs []T) string {
	for i := range min(len(ours), len(theirs)) {
		if ours[i] != theirs[i] {
			return fmt.Sprintf("%s %d is %#v, to arrow-go %#v", what, i, ours[i], theirs[i])
		}
	}
	if len(ours) != len(theirs) {
		return fmt.Sprintf("there are %d of %s, to arrow-go %d", len(ours), what, len(theirs))
	}
	return ""
}

// given is the place that files are read from instead of the matrix.
func given() string { return os.Getenv("SEGQ_PARQUET_FILES") }

// eachFile calls f with the files of the place that is given, or with those of the matrix
// and beside it.
func eachFile(t testing.TB, f func(name string, data []byte)) {
	t.Helper()
	places := []string{filepath.Join("..", "..", "testdata", "parquet", "matrix.zip"), filepath.Join("..", "..", "testdata", "parquet", "others")}
	if given() != "" {
		places = []string{given()}
	}
	for _, place := range places {
		if err := eachFileOf(place, f); err != nil {
			t.Fatal(err)
		}
	}
}

// eachFileOf calls f with the files of a zip or a folder.
func eachFileOf(place string, f func(name string, data []byte)) error {
	files := os.DirFS(place)
	if strings.HasSuffix(place, ".zip") {
		z, err := zip.OpenReader(place)
		if err != nil {
			return err
		}
		defer z.Close()
		files = z
	}
	return fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasPrefix(filepath.Ext(name), ".parq") {
			return err
		}
		data, err := fs.ReadFile(files, name)
		if err == nil {
			f(name, data)
		}
		return err
	})
}

// tally counts what was compared.
type tally struct {
	files, chunks, levels, values int
	alone                         int // column chunks that one reader refused
	pages                         map[combination]int
}

// TestAgree compares all files. In those of the matrix, no column is refused that
// is not expected to be.
func TestAgree(t *testing.T) {
	var n tally
	eachFile(t, func(name string, data []byte) {
		n.files++
		t.Run(name, func(t *testing.T) { n.compare(t, name, data) })
	})
	t.Logf("%d files, %d column chunks, %d levels, %d values; %d column chunks that one reader refuses",
		n.files, n.chunks, n.levels, n.values, n.alone)
	if given() == "" {
		unseen(t, false)
	}
	if given() == "" && (n.files < 80 || n.values < 100_000) {
		t.Errorf("only %d files with %d values", n.files, n.values)
	}
}

func (n *tally) compare(t *testing.T, name string, data []byte) {
	ours, err := guarded(func() (*ours, error) { return openOurs(data) })
	theirs, errTheirs := guarded(func() (*arrow, error) { return openArrow(data, 256<<20) })
	if err != nil || errTheirs != nil {
		n.refuse(t, name, "", err, errTheirs)
		return
	}
	if ours.groups() != theirs.groups() || ours.columns() != theirs.columns() {
		t.Fatalf("%d row groups of %d columns, to arrow-go %d of %d", ours.groups(), ours.columns(), theirs.groups(), theirs.columns())
	}
	for c := range ours.columns() {
		if ours.name(c) != theirs.name(c) {
			t.Errorf("column %d is %q, to arrow-go %q", c, ours.name(c), theirs.name(c))
		}
		for g := range ours.groups() {
			a, err := guarded(func() (*column, error) { return ours.read(g, c) })
			b, errTheirs := guarded(func() (*column, error) { return theirs.read(g, c) })
			if err != nil || errTheirs != nil {
				n.refuse(t, name, ours.name(c), err, errTheirs)
				continue
			}
			n.chunks++
			n.levels += len(a.reps) + len(a.defs)
			n.values += len(a.values)
			if s := difference(a, b); s != "" {
				t.Errorf("%s of row group %d: %s", ours.name(c), g, s)
			} else if n.pages != nil {
				errTheirs = n.note(theirs, g, c)
			}
			if errTheirs != nil {
				t.Error(errTheirs)
			}
		}
	}
}

// refuse notes that a reader refuses something. Of the matrix, ours refuses
// nothing, and arrow-go what is in the list. Ours panics nowhere.
func (n *tally) refuse(t *testing.T, file, column string, ours, theirs error) {
	if (ours == nil) != (theirs == nil) {
		n.alone++
	}
	if errors.Is(ours, errPanic) || given() == "" && (ours != nil || !known(file, column, theirs)) {
		t.Errorf("%s: ours: %v; arrow-go: %v", column, ours, theirs)
		return
	}
	if given() != "" {
		t.Logf("%s: ours: %v; arrow-go: %v", column, ours, theirs)
	}
}
