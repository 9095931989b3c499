package load_test

import (
	"context"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/segq/segq/exec/load"
)

// Signs that may be those of thousands. That a column is text because of them is not noted where a schema says so.
func TestThousands(t *testing.T) { playReader(t, "testdata/thousands") }

// Dates with dots, which are texts unless timestamps are wanted.
func TestDotted(t *testing.T) { playReader(t, "testdata/dotted") }

func playReader(t *testing.T, path string) {
	datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
		o := load.Options{Threads: 2}
		arguments(t, d, &o)
		s, r, err := load.Reader(context.Background(), strings.NewReader(d.Input+"\n"), d.Cmd, "in", o)
		if err != nil {
			t.Fatal(err)
		}
		return describe(s, r)
	})
}
