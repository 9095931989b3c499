package repl

import (
	"testing"
	"time"
)

// TestReopeningProgress: what is read is told in bytes once these are many, and with rate and time left once these are known.
func TestReopeningProgress(t *testing.T) {
	for _, c := range []struct {
		read, total int64
		rows        int64
		took        time.Duration
		want        string
	}{
		{41, 100, 0, time.Minute, "  41 %"},
		{0, 1_200e6, 0, time.Second, "  0 %"},
		{300e6, 1_200e6, 0, time.Second / 2, "  25 % of 1,200 MB"},
		{300e6, 1_200e6, 0, 3 * time.Second, "  25 % of 1,200 MB  100 MB/s  9 s left"},
		{6e6, 1_200e6, 0, time.Minute, "  0 % of 1,200 MB"},
		{300e6, 1_200e6, 1_250_000, 3 * time.Second, "  25 % of 1,200 MB  1,250,000 rows  100 MB/s  9 s left"},
		{1_200e6, 1_200e6, 0, time.Minute, "  100 % of 1,200 MB"},
	} {
		r := new(reopening)
		r.rows.Store(c.rows)
		if got := r.progress(c.read, c.total, c.took); got != c.want {
			t.Errorf("%d of %d in %v: %q, want %q", c.read, c.total, c.took, got, c.want)
		}
	}
}
