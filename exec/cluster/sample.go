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

// merge draws a uniform sample of n from those of all parts, each of which has n or all: how many of them are of which
// part is drawn first, one after another without putting any back, and then which these are. Equal seeds give equal
// samples.
func merge(parts []drawn, n int, seed uint64) []string {
	rng := rand.New(rand.NewPCG(seed, 0x5e67))
	left := make([]int, len(parts))
	total := 0
	for i, p := range parts {
		left[i] = p.matched
		total += p.matched
	}
	take := make([]int, len(parts))
	for ; n > 0 && total > 0; n-- {
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
	var ids []string
	for i, p := range parts {
		chosen := rng.Perm(len(p.ids))[:min(take[i], len(p.ids))]
		slices.Sort(chosen) // in the order of the rows
		for _, k := range chosen {
			ids = append(ids, p.ids[k])
		}
	}
	return ids
}
