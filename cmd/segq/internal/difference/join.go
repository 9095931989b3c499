package difference

import (
	"slices"
	"sync"
	"sync/atomic"
)

// joining is the comparison of what waits, part by part.
type joining struct {
	c    *Comparison
	next atomic.Int64

	mu   sync.Mutex // guards the comparison's counts and what it calls, and what follows
	done int
	err  error
}

// join compares all that waits: parts side by side, changes one after another.
func (c *Comparison) join() error {
	j := &joining{c: c}
	var all sync.WaitGroup
	for range min(c.Threads, parts) {
		all.Go(j.run)
	}
	all.Wait()
	return j.err
}

// run compares parts until there are no more.
func (j *joining) run() {
	p := &joined{slots: map[string]uint32{}}
	for {
		i := int(j.next.Add(1)) - 1
		if i >= parts {
			return
		}
		err := p.read(j.c, i)
		j.mu.Lock()
		if j.err == nil {
			j.err = err
		}
		if j.err == nil {
			j.err = p.compare(j.c)
		}
		if j.done++; j.err == nil && j.c.Joined != nil {
			j.err = j.c.Joined(j.done, parts)
		}
		failed := j.err != nil
		j.mu.Unlock()
		if failed {
			return
		}
	}
}

// joined is a part in memory: a slot for each id of either side, and of each side what the ids are in, as a slot and
// a code in one number.
type joined struct {
	slots map[string]uint32
	ids   []string
	there [2][]bool // by slot
	in    [2][]uint64
	codes [2][]uint32
	few   [2]int // how many of in are in order, and each there once
}

// fewAtLeast is how many may be there before it is looked whether some are there twice.
const fewAtLeast = 1 << 20

// read reads a part.
func (p *joined) read(c *Comparison, part int) error {
	clear(p.slots)
	p.ids = p.ids[:0]
	for s := range p.in {
		p.in[s], p.there[s], p.few[s] = p.in[s][:0], p.there[s][:0], 0
	}
	for s := range p.in {
		if err := c.waiting[s].each(part, func(id, set []byte) { p.add(s, id, set) }); err != nil {
			return err
		}
		p.unify(s)
	}
	return nil
}

// add adds a row of a side.
func (p *joined) add(s int, id, set []byte) {
	slot, ok := p.slots[string(id)]
	if !ok {
		own := string(id)
		slot = uint32(len(p.ids))
		p.slots[own], p.ids = slot, append(p.ids, own)
		p.there[0], p.there[1] = append(p.there[0], false), append(p.there[1], false)
	}
	p.there[s][slot] = true
	p.codes[s] = appendCodes(p.codes[s][:0], set)
	for _, code := range p.codes[s] {
		p.in[s] = append(p.in[s], uint64(slot)<<32|uint64(code))
	}
	if len(p.in[s]) >= max(fewAtLeast, 2*p.few[s]) {
		p.unify(s)
	}
}

// unify brings what the ids of a side are in into order.
func (p *joined) unify(s int) {
	slices.Sort(p.in[s])
	p.in[s] = slices.Compact(p.in[s])
	p.few[s] = len(p.in[s])
}

// compare compares the ids of a part.
func (p *joined) compare(c *Comparison) error {
	at := [2]int{}
	for slot, id := range p.ids {
		for s := range at {
			codes, in := p.codes[s][:0], p.in[s]
			for ; at[s] < len(in) && int(in[at[s]]>>32) == slot; at[s]++ {
				codes = append(codes, uint32(in[at[s]]))
			}
			p.codes[s] = codes
		}
		before, after := p.codes[Before], p.codes[After]
		was, is := p.there[Before][slot], p.there[After][slot]
		if is && c.Unordered && c.Each != nil {
			c.Each(after)
		}
		if was && is && slices.Equal(before, after) {
			c.rows.Same++
			continue
		}
		if err := c.changed(Change{ID: id, Before: before, After: after, New: !was, Gone: !is}); err != nil {
			return err
		}
	}
	return nil
}

// changed counts a row that differs, and tells of it.
func (c *Comparison) changed(d Change) error {
	switch {
	case d.New:
		c.rows.New++
	case d.Gone:
		c.rows.Gone++
	default:
		c.rows.Changed++
	}
	return c.Changed(d)
}
