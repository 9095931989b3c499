package load_test

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/segq/segq/exec/load"
)

// TestSettlingKeepsToMemory reads a column of numbers that are small while they are read: what
// deciding its type takes is charged, and so ends the load before it is there.
func TestSettlingKeepsToMemory(t *testing.T) {
	const rows, memory = 30_000_000, 64 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, err := load.Reader(t.Context(), io.MultiReader(strings.NewReader("a\n"), &endless{unit: "1\n", left: rows}), "csv", "in", load.Options{Memory: memory, Threads: 1})
	runtime.ReadMemStats(&after)
	var full *load.MemoryError
	if !errors.As(err, &full) {
		t.Errorf("error %v", err)
	}
	// Reading takes about 380 MB one after another, and the whole column 240 MB more.
	if allocated := (after.TotalAlloc - before.TotalAlloc) >> 20; allocated > 480 {
		t.Errorf("%d MB were allocated", allocated)
	}
}
