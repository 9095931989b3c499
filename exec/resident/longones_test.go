package resident

import (
	"slices"
	"testing"

	"github.com/segq/segq/exec"
)

// Queries that have a long part in common, at first or second hand, are in one scan; others
// are not, as long as there are scans for them.
func TestLongOnes(t *testing.T) {
	for _, c := range []struct {
		name  string
		parts [][]int // of each query
		most  int
		want  [][]int // queries of each scan
	}{
		{"apart", [][]int{{1}, {2}, {3}}, 16, [][]int{{0}, {1}, {2}}},
		{"in common", [][]int{{1}, {2}, {1, 3}}, 16, [][]int{{0, 2}, {1}}},
		{"joined later", [][]int{{1}, {2}, {3}, {2, 1}, {4, 3}, {4, 2}}, 16, [][]int{{0, 1, 2, 3, 4, 5}}},
		{"too many", [][]int{{1}, {2}, {3}, {4}, {5}, {1}}, 2, [][]int{{0, 2, 4, 5}, {1, 3}}},
		{"none", nil, 16, nil},
	} {
		var l longOnes
		for i, parts := range c.parts {
			l.add(&query{Query: exec.Query{ID: string(rune('a' + i))}, index: i}, parts)
		}
		var got [][]int
		for _, scan := range l.scans(c.most) {
			var one []int
			for _, q := range scan {
				one = append(one, q.index)
			}
			slices.Sort(one)
			got = append(got, one)
		}
		if !slices.EqualFunc(got, c.want, slices.Equal) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
