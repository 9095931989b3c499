package load_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/segq/segq/exec/load"
)

// Of columns for which there is no room one error is said, with what all would take.
func TestRestWithoutRoom(t *testing.T) {
	t.Parallel()
	files := someFiles(t)
	whole, _, err := load.Open(t.Context(), files, load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	met := 0
	for memory := whole.Bytes() / 8; memory < 64*whole.Bytes(); memory += memory / 8 {
		table, _, err := load.OpenTable(t.Context(), files, load.Options{Threads: 1, Memory: memory, Columns: 2 * whole.Bytes()})
		var full *load.MemoryError
		if errors.As(err, &full) {
			continue // not even the names of fields
		}
		if err != nil {
			t.Fatal(err)
		}
		err = table.LoadRest(t.Context(), func(context.Context) error { return nil })
		if errors.As(err, &full) {
			met++
			if strings.Contains(err.Error(), "\n") || full.Limit != 2*whole.Bytes() || full.Needs < whole.Bytes()/2 || full.Needs > 4*whole.Bytes() {
				t.Errorf("%v: %+v, of %d bytes", err, full, whole.Bytes())
			}
		}
		if err := table.Close(); err != nil {
			t.Error(err)
		}
	}
	if met == 0 {
		t.Error("there was room in all cases")
	}
}
