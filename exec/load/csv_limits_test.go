package load_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/segq/segq/exec/load"
)

// repeated returns n bytes of the same kind without holding them.
func repeated(c byte, n int64) io.Reader { return io.LimitReader(sameByte(c), n) }

type sameByte byte

func (e sameByte) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(e)
	}
	return len(b), nil
}

// TestLongCSVRows has rows longer than 64 MiB: one that ends, one in quotes that nobody
// closes, and one that is the header.
func TestLongCSVRows(t *testing.T) {
	const long = 64<<20 + 1
	read := func(parts ...io.Reader) (*load.Report, error) {
		_, r, err := load.Reader(context.Background(), io.MultiReader(parts...), "csv", "in", load.Options{})
		return r, err
	}
	for quote, message := range map[string]string{"": "the row is longer than 64 MiB", `"`: "column 2: the quote is never closed"} {
		r, err := read(strings.NewReader("a,b\n1,"+quote), repeated('x', long), strings.NewReader("\n2,y\n3,z\n"))
		if err != nil {
			t.Fatal(err)
		}
		if r.Rows != 2 || r.Rejected != 1 || r.Rejects[0].String() != "in: line 2: "+message {
			t.Errorf("quote %q: %d rows, %v", quote, r.Rows, r.Rejects)
		}
	}
	if _, err := read(repeated('x', long)); err == nil || err.Error() != "in: line 1: the row is longer than 64 MiB" {
		t.Errorf("a long header: %v", err)
	}
	if _, err := read(repeated(',', 100_000), strings.NewReader("\n")); err == nil ||
		err.Error() != "in: line 1: 100001 columns are more than a table can have (100000)" {
		t.Errorf("many columns: %v", err)
	}
}
