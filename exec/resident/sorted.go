package resident

import (
	"slices"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang/check"
)

// top returns the most frequent instants, and how many different ones there are: nothing where the pile is
// lost.
func (d *distribution) top(most int) ([]exec.ValueCount, int) {
	if d.lost {
		return nil, 0
	}
	c := &counter{kind: check.Timestamp}
	return c.topOf(most, func(add func(tallied)) {
		single := d.sorted()
		for _, one := range d.some.slots {
			if one.n > 0 {
				from, _ := slices.BinarySearch(single, one.key)
				end, _ := slices.BinarySearch(single, one.key+1)
				add(tallied{key: one.key, n: one.n + end - from})
			}
		}
		for len(single) > 0 {
			n := 1
			for n < len(single) && single[n] == single[0] {
				n++
			}
			if d.some.used == 0 || d.some.of(single[0]).n == 0 {
				add(tallied{key: single[0], n: n})
			}
			single = single[n:]
		}
	})
}

// sorted returns the single integers in order, by digits from the last one on.
func (p *pile) sorted() []int64 {
	all := slices.Concat(p.chunks...)
	if len(all) <= fewInPile {
		slices.Sort(all)
		return all
	}
	differ := int64(0)
	for _, key := range all {
		differ |= key ^ all[0]
	}
	other := make([]int64, len(all))
	for at := (place{0, digit}); at.shift < 64; at.shift += digit {
		if uint64(differ)>>at.shift&(1<<digit-1) == 0 {
			continue
		}
		var ends [1<<digit + 1]int
		for _, key := range all {
			ends[at.of(key)+1]++
		}
		for i := range 1 << digit {
			ends[i+1] += ends[i]
		}
		for _, key := range all {
			to := &ends[at.of(key)]
			other[*to] = key
			*to++
		}
		all, other = other, all
	}
	return all
}
