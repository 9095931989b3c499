package difference

import (
	"fmt"
	"testing"
)

// TestMemory: what waits in memory, for its counterpart and for the end, is within the limit together.
func TestMemory(t *testing.T) {
	for _, unordered := range []bool{false, true} {
		t.Setenv("TMPDIR", t.TempDir())
		const limit = 1 << 20
		c := New(Options{Memory: limit, Unordered: unordered, Changed: func(Change) error { return nil }})
		most := int64(0)
		for i := range 200 { // of both sides, and none is of the other
			for _, s := range []Side{Before, After} {
				b := &Batch{}
				for j := range 300 {
					b.Add(fmt.Sprintf("%d-%d-%d", s, i, j), []uint32{1, 2, 3})
				}
				if err := c.Push(s, b); err != nil {
					t.Fatal(err)
				}
			}
			held := c.held
			for _, w := range c.waiting {
				for i := range w.parts {
					held += int64(cap(w.parts[i].rows))
				}
			}
			most = max(most, held)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if most < limit/2 || most > limit+limit/2 { // slices have room to grow
			t.Errorf("unordered: %t: %d bytes, with a limit of %d", unordered, most, limit)
		}
	}
}
