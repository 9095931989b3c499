package plan

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/segq/segq/exec/column"
)

// TestClassesAnswerEachSet makes groups for many sets of one column, more than a group
// has classes for: of every value, each set must say what it says by itself.
func TestClassesAnswerEachSet(t *testing.T) {
	t.Parallel()
	for name, set := range setMakers {
		for _, bits := range []int{16, 64} {
			t.Run(fmt.Sprint(name, bits), func(t *testing.T) {
				t.Parallel()
				r := rand.New(rand.NewPCG(1, uint64(bits)))
				col := randomInts(r, bits)
				d, _ := domain(col)
				nodes, leaves := make([]node, 1500), make([]id, 1500)
				for i := range nodes {
					nodes[i].set = valueSet{spans: within(set(r), d), null: r.IntN(2) == 0}
					leaves[i] = id(i)
				}
				checkGroups(t, nodes, col, leaves)
			})
		}
	}
}

// setMakers make sets as rules have them: a threshold, all but a value, a range, and some
// values with a few ranges.
var setMakers = map[string]func(r *rand.Rand) []span{
	"threshold": func(r *rand.Rand) []span { return []span{{int64(r.IntN(2000)), everything.hi}} },
	"unequal":   func(r *rand.Rand) []span { x := int64(r.IntN(2000)); return complement([]span{{x, x}}, everything) },
	"range":     func(r *rand.Rand) []span { x := int64(r.IntN(2000)); return []span{{x, x + int64(r.IntN(500))}} },
	"mixed": func(r *rand.Rand) (s []span) {
		for range 1 + r.IntN(5) {
			x := int64(r.IntN(2000))
			s = union(s, []span{{x, x + int64(r.IntN(20)*r.IntN(2))}})
		}
		if r.IntN(2) == 0 {
			s = complement(s, everything)
		}
		return s
	},
}

// randomInts returns a column with a value in twenty null.
func randomInts(r *rand.Rand, bits int) *column.Ints {
	const n = 4096
	c := &column.Ints{Valid: column.NewBitmap(n)}
	for i := range n {
		x := int64(r.IntN(2100) - 50)
		if r.IntN(20) > 0 {
			c.Valid.Set(i)
		} else {
			x = 0
		}
		if bits == 16 {
			c.I16 = append(c.I16, int16(x))
		} else {
			c.I64 = append(c.I64, x)
		}
	}
	column.Index(c, 1)
	return c
}

func checkGroups(t *testing.T, nodes []node, col *column.Ints, leaves []id) {
	t.Helper()
	n, seen := col.Len(), map[id]bool{}
	for _, g := range groupsOf(nodes, 0, col, leaves) {
		classes := g.classify(make([]uint8, n), make([]uint64, (n+63)/64), column.Range{End: n})
		for k, leaf := range g.leaves {
			if seen[leaf] {
				t.Fatalf("set %d is in two groups", leaf)
			}
			seen[leaf] = true
			for i := range n {
				class := classes[i]
				want := nodes[leaf].set.has(col.At(i))
				if !col.Valid.Get(i) {
					class, want = g.null, nodes[leaf].set.null
				}
				if got := g.tables[k/8][class]>>(k%8)&1 == 1; got != want {
					t.Fatalf("set %v, value %d, valid %v: %v", nodes[leaf].set, col.At(i), col.Valid.Get(i), got)
				}
			}
		}
	}
	if len(seen) != len(leaves) {
		t.Fatalf("%d of %d sets are in groups", len(seen), len(leaves))
	}
}

// BenchmarkClasses makes the groups of a thousand and of ten thousand sets that differ
// from each other in one value, as those of rules that leave a value out do.
func BenchmarkClasses(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			nodes, leaves := make([]node, n), make([]id, n)
			for i := range nodes {
				nodes[i].set.spans = complement([]span{{int64(i), int64(i)}}, everything)
				leaves[i] = id(i)
			}
			col := randomInts(rand.New(rand.NewPCG(1, 2)), 64)
			for b.Loop() {
				groupsOf(nodes, 0, col, leaves)
			}
		})
	}
}
