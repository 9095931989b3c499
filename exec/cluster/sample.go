package cluster

import (
	"math/rand/v2"
	"slices"
)

// drawn is a uniform sample of the profiles that match in some part.
type drawn struct {
	ids     []string
	matched int // of how many
}

// chosen draws a uniform sample of n from parts in each of which so many match, of those of a sample of each, n or all: how many of them are of which
// part is drawn first, one after another without putting any back, and then which these are, in order. Equal seeds give equal samples.
func chosen(counts, have []int, n int, seed uint64) [][]int {
	rng := rand.New(rand.NewPCG(seed, 0x5e67))
	left := slices.Clone(counts)
	total := 0
	for _, count := range counts {
		total += count
	}
	take := make([]int, len(counts))
	for more := n; more > 0 && total > 0; more-- {
		at := rng.IntN(total)
		for i := range left {
			if at < left[i] {
				left[i]--
				take[i]++
				break
			}
			at -= left[i]
		}
		total--
	}
	all := make([][]int, len(counts))
	for i, k := range have {
		all[i] = rng.Perm(k)[:min(take[i], k)]
		slices.Sort(all[i]) // in the order of the rows
	}
	return all
}

// merge draws a sample of n from those of all parts.
func merge(parts []drawn, n int, seed uint64) (ids []string) {
	counts, have := make([]int, len(parts)), make([]int, len(parts))
	for i, p := range parts {
		counts[i], have[i] = p.matched, len(p.ids)
	}
	for i, some := range chosen(counts, have, n, seed) {
		for _, k := range some {
			ids = append(ids, parts[i].ids[k])
		}
	}
	return ids
}
