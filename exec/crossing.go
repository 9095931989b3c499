package exec

import (
	"math/bits"
	"sync"
)

// crossing puts together, for some profiles at a time, which audiences they are in, and counts
// the sets.
type crossing struct {
	mu     sync.Mutex
	n      int            // audiences
	open   map[int]*patch // by number, those that not all audiences were heard of
	free   []*patch
	counts Overlap
	sets   sets
}

// patch is the bits of patchWords words of profiles, for one audience after another, of which so
// many words were heard.
type patch struct {
	words []uint64
	heard int
}

// patchWords makes patches small: two threads scan what is on both sides of a border.
const patchWords = 16

func newCrossing(n int) *crossing {
	c := &crossing{n: n, open: map[int]*patch{}, counts: Overlap{Only: make([]int, n)}}
	for range n {
		c.counts.Both = append(c.counts.Both, make([]int, n))
	}
	return c
}

// take takes the profiles of one audience, as Matches has them.
func (c *crossing) take(audience, start int, words []uint64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for at := start >> 6; len(words) > 0; {
		number, first := at/patchWords, at%patchWords
		p := c.patch(number)
		n := copy(p.words[audience*patchWords+first:(audience+1)*patchWords], words)
		if p.heard += n; p.heard == len(p.words) {
			if err := c.close(number, p); err != nil {
				return err
			}
		}
		at, words = at+n, words[n:]
	}
	return nil
}

func (c *crossing) patch(number int) *patch {
	p := c.open[number]
	if p == nil {
		if last := len(c.free) - 1; last >= 0 {
			p, c.free = c.free[last], c.free[:last]
		} else {
			p = &patch{words: make([]uint64, c.n*patchWords)}
		}
		c.open[number] = p
	}
	return p
}

// close counts a patch.
func (c *crossing) close(number int, p *patch) error {
	delete(c.open, number)
	for w := range patchWords {
		if err := c.count(p.words[w:]); err != nil {
			return err
		}
	}
	clear(p.words)
	p.heard, c.free = 0, append(c.free, p)
	return nil
}

// count counts 64 profiles: words has the bits of audience i at i*patchWords.
func (c *crossing) count(words []uint64) error {
	var masks [64]uint64
	once, more, all := uint64(0), uint64(0), ^uint64(0)
	for i := range c.n {
		w := words[i*patchWords]
		masks[i] = w
		more |= once & w
		once |= w
		all &= w
		for j := 0; w != 0 && j <= i; j++ {
			c.counts.Both[i][j] += bits.OnesCount64(w & masks[j])
		}
	}
	if once == 0 {
		return nil
	}
	c.counts.Any += bits.OnesCount64(once)
	c.counts.All += bits.OnesCount64(all)
	for i := range c.n {
		c.counts.Only[i] += bits.OnesCount64(masks[i] &^ more)
	}
	transpose(&masks)
	for ; once != 0; once &= once - 1 {
		if err := c.sets.add(masks[bits.TrailingZeros64(once)]); err != nil {
			return err
		}
	}
	return nil
}

// overlap returns what was counted, with the last profiles, whose words are no whole patch.
func (c *crossing) overlap() (*Overlap, error) {
	for number, p := range c.open {
		if err := c.close(number, p); err != nil {
			return nil, err
		}
	}
	for i, row := range c.counts.Both {
		for j := range i {
			c.counts.Both[j][i] = row[j]
		}
	}
	c.counts.Exact, c.counts.Distinct = c.sets.largest(OverlapSets), c.sets.used
	return &c.counts, nil
}

// transpose makes rows of the columns of a matrix of bits: it exchanges its quarters beside the
// diagonal, then theirs, and so on (Warren, Hacker's Delight, 2nd edition, section 7-3).
func transpose(m *[64]uint64) {
	mask := uint64(1<<32 - 1)
	for size := 32; size > 0; size >>= 1 {
		for i := 0; i < 64; i = (i + size + 1) &^ size {
			t := (m[i]>>size ^ m[i+size]) & mask
			m[i+size] ^= t
			m[i] ^= t << size
		}
		mask ^= mask << (size >> 1)
	}
}
