package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"slices"

	"github.com/segq/segq/exec/load/parquet"
)

// always says whether a step is there for every slot: an object where no definition
// level is between it and the list, or the row, that it is in.
func (f *leafPlan) always(i int) bool {
	if f.steps[i].list {
		return false
	}
	least := byte(0)
	for _, st := range f.steps[:i] {
		if st.list {
			least = st.elem
		}
	}
	return f.steps[i].def <= least
}

// mark notes a list, or an object that is not there for every slot.
type mark struct {
	step     *step
	there    slotSet
	begins   []uint32 // of a list: the element with which each slot begins
	elements int
}

// readLists notes what lists and objects the levels of the leaf tell of.
func (f *leafPlan) readLists(ctx context.Context, file *parquet.File, p *pool) error {
	old := p.chunk()
	chunk, err := file.Reuse(old, f.chunk, &f.element.Element, f.maxRep, f.maxDef)
	if err != nil {
		if old != nil {
			p.leave(old)
		}
		return err
	}
	defer p.leave(chunk)
	levels := p.planes(f)
	defer p.leavePlanes(levels)
	var marks []*mark
	for i, st := range f.steps {
		if f.owned[i] && f.noted(i) {
			m := &mark{step: st}
			m.there.bits = levels.take()
			if m.begins = st.room; st.list && st.room == nil {
				m.begins = slices.Grow(p.buffer(), roomOf(f.chunk.Values)) // it has no more slots
				defer func() { p.leaveBuffer(m.begins) }()
			}
			marks = append(marks, m)
		}
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		page, err := chunk.NextEncoded()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = levels.read(page)
		}
		if err != nil {
			return err
		}
		for _, m := range marks {
			if err := m.page(levels); err != nil {
				return err
			}
		}
	}
	for _, m := range marks {
		m.end()
		levels.leave(&m.there)
	}
	return f.weighPresence()
}

// page notes what a page has.
func (m *mark) page(p *planes) error {
	outer := p.begins[m.step.outer]
	m.there.append(p.def(m.step.def), outer)
	if !m.step.list {
		return nil
	}
	inner := p.begins[m.step.rep]
	n := countOnes(outer)
	m.begins = slices.Grow(m.begins, n)
	to := m.begins[len(m.begins) : len(m.begins)+n]
	at, elements := 0, m.elements
	for i, word := range outer {
		in := inner[i]
		for ; word != 0; word &= word - 1 {
			below := word&-word - 1
			to[at] = uint32(elements + bits.OnesCount64(in&below))
			at++
		}
		elements += bits.OnesCount64(in)
	}
	if elements > math.MaxUint32 {
		return fmt.Errorf("a row group has more than %d elements of a list", uint32(math.MaxUint32))
	}
	m.begins, m.elements = m.begins[:len(m.begins)+n], elements
	return nil
}

// end gives the node what was noted.
func (m *mark) end() {
	n := m.step.node
	n.there = newThere(&m.there)
	if !m.step.list {
		return
	}
	n.count = uint32(m.elements)
	room := m.step.room
	if room != nil && len(m.begins) == cap(room) && (len(m.begins) == 0 || &m.begins[0] == &room[:1][0]) {
		n.there.begins, n.there.joined = m.begins, m.step.joined // where they stay
		return
	}
	n.there.begins = append(append(make([]uint32, 0, len(m.begins)+1), m.begins...), n.count)
}

// eachList calls f with the lists of which it is to be known where they are before what is in
// them is read, by row group. They are in order: a list is before those that are in it.
func (r *groups) eachList(f func(leaf int, steps []*step) error) error {
	for i, leaf := range r.plans[0].leaves {
		for k, st := range leaf.steps {
			if !st.list || !leaf.owned[k] || !leaf.noted(k) || !leaf.canDirect() {
				continue
			}
			steps := make([]*step, len(r.plans))
			for g, p := range r.plans {
				steps[g] = p.leaves[i].steps[k]
			}
			if err := f(i, steps); err != nil {
				return err
			}
		}
	}
	return nil
}

// placeLists makes room for where the lists begin that rows have, of which there are as many as
// rows.
func (r *groups) placeLists() error {
	return r.eachList(func(leaf int, steps []*step) error {
		rows, size := int64(0), int64(0)
		for g, group := range r.file.Meta.Groups {
			if rows += group.Rows; group.Rows > math.MaxUint32 || rows > math.MaxUint32 {
				return nil
			}
			size += max(r.plans[g].leaves[leaf].chunk.Size, 0)
		}
		if steps[0].outer > 0 || 4*rows > minClaim+size*maxClaim {
			return nil
		}
		if err := r.loader.meter.charge(4 * (rows + 1)); err != nil {
			return err
		}
		all := room[uint32](r.pool, int(rows)+1)
		at := int64(0)
		for g, group := range r.file.Meta.Groups {
			steps[g].room, steps[g].joined = all[at:at:at+group.Rows], all
			at += group.Rows
		}
		return nil
	})
}

// joinLists puts the beginnings of lists to where the offsets of the column will be, before other
// columns are there.
func (r *groups) joinLists(ctx context.Context) error {
	moved := int64(0)
	err := r.eachList(func(_ int, steps []*step) error {
		n, err := r.joinBegins(ctx, steps)
		moved += n
		return err
	})
	collect(moved)
	return err
}

// joinBegins makes the beginnings of lists of all row groups one slice, in which they are
// numbered on, and says how many bytes were freed.
func (r *groups) joinBegins(ctx context.Context, steps []*step) (freed int64, err error) {
	starts, bases, inPlace := make([]int, len(steps)+1), make([]uint64, len(steps)+1), true
	for g, st := range steps {
		t := st.node.there
		starts[g+1], bases[g+1] = starts[g]+t.slots, bases[g]+uint64(st.node.count)
		inPlace = inPlace && t.joined != nil
	}
	total := starts[len(steps)]
	if bases[len(steps)] > math.MaxUint32 {
		return 0, fmt.Errorf("%s: more elements than a list column can hold (%d)", path(steps[0].node), uint32(math.MaxUint32))
	}
	size := 4 * int64(total+1)
	all := steps[0].joined
	if !inPlace {
		if err := r.loader.meter.charge(size); err != nil {
			return 0, err
		}
		all, freed = room[uint32](r.pool, total+1), size
	}
	all[total] = uint32(bases[len(steps)])
	err = r.pool.each(ctx, len(steps), func(_ context.Context, g int) error {
		t, at, end := steps[g].node.there, starts[g], starts[g+1]
		for i, begin := range t.begins[:t.slots] {
			all[at+i] = begin + uint32(bases[g])
		}
		t.begins, t.joined = all[at:end+1:end+1], all
		return nil
	})
	if !inPlace && steps[0].joined != nil {
		size += 4 * int64(len(steps[0].joined))
	}
	return freed, errors.Join(err, r.loader.meter.charge(-size))
}

// joinedOffsets returns the offsets of lists over n slots, where the pieces have them already;
// nil where they do not.
func joinedOffsets(pieces []piece, bases []int, n int) []uint32 {
	var all []uint32
	at := 0
	for _, p := range pieces {
		t := p.node.there
		if t == nil || t.joined == nil || bases[p.chunk] != at {
			return nil
		}
		if all == nil {
			all = t.joined
		}
		if len(t.joined) != len(all) || &t.joined[0] != &all[0] || &t.begins[0] != &all[at] {
			return nil
		}
		at += t.slots
	}
	if len(all) != n+1 || at != n {
		return nil
	}
	return all
}
