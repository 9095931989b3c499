package repl

import "testing"

func TestColumnsFit(t *testing.T) {
	for _, c := range []struct {
		have columns
		room int
		want columns
	}{
		{columns{20, 6, 4}, 60, columns{20, 6, 4}},
		{columns{40, 14, 4}, 60, columns{35, 12, 4}},
		{columns{40, 14, 4}, 50, columns{25, 12, 4}},
		{columns{40, 14, 4}, 43, columns{24, 6, 4}},
		{columns{40, 14, 4}, 40, columns{29, 0, 4}},
		{columns{40, 14, 9}, 26, columns{21, 0, 0}},
		{columns{3, 14, 9}, 26, columns{3, 0, 9}},
		{columns{3, 14, 9}, 27, columns{3, 6, 9}},
		{columns{40, 14, 9}, 3, columns{1, 0, 0}},
	} {
		if got := c.have.fitInto(c.room); got != c.want {
			t.Errorf("%v in %d cells: %v, want %v", c.have, c.room, got, c.want)
		}
	}
}

// TestMarkStaysInSight walks up and down lists on screens of every height.
func TestMarkStaysInSight(t *testing.T) {
	for n := range 30 {
		for rows := 1; rows <= 8; rows++ {
			p := popup{choices: choices{all: make([]choice, n), more: n % 3}}
			for i := range 3 * n {
				step := 1
				if i > 2*n {
					step = -1
				}
				p.step(step, rows)
				first, shown, more := p.inSight(rows)
				said := min(more, 1)
				if shown+said > rows || n > 0 && (p.at < first || p.at >= first+shown) || rows > 1 && first+shown+more != n+p.more {
					t.Fatalf("%d of %d in %d rows: from %d, %d and %d more", p.at, n, rows, first, shown, more)
				}
			}
		}
	}
}
