package parquet_test

import (
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
		c, err := f.Chunk(0, 0, leaf, 0, 1)
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
