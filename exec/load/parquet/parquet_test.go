package parquet_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"testing"

	"github.com/segq/segq/exec/load/parquet"
)

// TestCharge reads a column whose buffers are counted: all is given back, and
// an error of the counting ends the reading and is what it ends with.
func TestCharge(t *testing.T) {
	file, err := os.Open("../testdata/parquet/types.parquet")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	f, err := parquet.Open(file, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	leaf := &f.Meta.Schema[1]
	full := errors.New("full")
	for _, most := range []int64{1 << 20, 0} {
		held, peak := int64(0), int64(0)
		f.Charge = func(n int64) error {
			held += n
			if peak = max(peak, held); held > most {
				return full
			}
			return nil
		}
		columns, err := f.Meta.Column(0)
		if err != nil {
			t.Fatal(err)
		}
		c, err := f.Chunk(&columns[0], leaf, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		values := 0
		p, err := c.Next()
		for ; err == nil; p, err = c.Next() {
			values += p.Count
		}
		c.Close()
		if want := map[bool]error{true: io.EOF, false: full}[most > 0]; !errors.Is(err, want) {
			t.Errorf("room for %d: it ended with %v, not %v", most, err, want)
		}
		if held != 0 || peak == 0 || values != map[bool]int{true: 3}[most > 0] {
			t.Errorf("room for %d: %d values, at most %d bytes, %d not given back", most, values, peak, held)
		}
	}
}

// withRoot is a file whose element of the root is written in another way.
func withRoot(t *testing.T, to string) []byte {
	t.Helper()
	file, err := os.ReadFile("../testdata/parquet/types.parquet")
	if err != nil {
		t.Fatal(err)
	}
	const root = "\x35\x00\x18\x06schema" // a repetition and a name
	if n := bytes.Count(file, []byte(root)); n != 1 {
		t.Fatalf("the root is there %d times", n)
	}
	file = bytes.Replace(file, []byte(root), []byte(to), 1)
	length := file[len(file)-8:]
	binary.LittleEndian.PutUint32(length, binary.LittleEndian.Uint32(length)+uint32(len(to)-len(root)))
	return file
}

// TestGroupWithType opens a file whose root has a type, as segmentio's parquet-go
// wrote it: what has children is a group.
func TestGroupWithType(t *testing.T) {
	file := withRoot(t, "\x15\x04\x25\x00\x18\x06schema")
	f, err := parquet.Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	if r := f.Meta.Schema[0]; r.Leaf || r.Children == 0 {
		t.Errorf("the root is %+v", r)
	}
}

// TestRepetition opens a file with a repetition that there is not, or of another
// width: whether there are levels before the values would be a guess.
func TestRepetition(t *testing.T) {
	for _, repetition := range []string{"\x35\x06", "\x35\x01", "\x36\x00", "\x34\x00", "\x33\x00"} { // 3, -1, i64, i16, byte
		file := withRoot(t, repetition+"\x18\x06schema")
		if f, err := parquet.Open(bytes.NewReader(file), int64(len(file))); err == nil {
			t.Errorf("it is opened: %+v", f.Meta.Schema[0])
		}
	}
}
