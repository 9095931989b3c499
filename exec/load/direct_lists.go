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
			if st.list {
				m.begins = slices.Grow(p.buffer(), int(min(f.chunk.Values, maxRoom))) // it has no more slots
			}
			defer func() { p.leaveBuffer(m.begins) }()
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
		m.end(f.numbers)
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

// end gives the node what was noted. All slots are those of others as well.
func (m *mark) end(all *slotNumbers) {
	n := m.step.node
	slots := m.there.n
	present := m.there.bits.Ones()
	if n.shared = present == slots; n.shared {
		n.present = lane[uint32]{slots: all.upTo(slots)}
	} else {
		n.present = lane[uint32]{slots: m.there.slots()}
	}
	if !m.step.list {
		return
	}
	n.count = uint32(m.elements)
	m.begins = append(m.begins, n.count) // as of one more
	if n.shared {
		n.present.values = slices.Clone(m.begins[1:])
		return
	}
	n.present.values = make([]uint32, present)
	for i, slot := range n.present.slots {
		n.present.values[i] = m.begins[slot+1]
	}
}

// joinLists puts the ends of lists, where each slot has one, to where the offsets of the
// column will be, before other columns are there.
func (r *groups) joinLists(ctx context.Context) error {
	moved := int64(0)
	for i, leaf := range r.plans[0].leaves {
		for k, st := range leaf.steps {
			if !st.list || !leaf.owned[k] || !leaf.noted(k) || !leaf.canDirect() {
				continue
			}
			nodes := make([]*node, len(r.plans))
			for g, p := range r.plans {
				nodes[g] = p.leaves[i].steps[k].node
			}
			n, err := r.joinEnds(ctx, nodes)
			if err != nil {
				return err
			}
			moved += n
		}
	}
	collect(moved)
	return nil
}

// joinEnds moves the ends of lists, and says how many bytes were freed.
func (r *groups) joinEnds(ctx context.Context, nodes []*node) (freed int64, err error) {
	starts := []int{1}
	for g, n := range nodes {
		if !n.shared {
			return 0, nil
		}
		starts = append(starts, starts[g]+len(n.present.values))
	}
	total := starts[len(nodes)]
	size := 4 * int64(total)
	if err := r.loader.meter.charge(size); err != nil {
		return 0, err
	}
	all := room[uint32](r.pool, total)
	err = r.pool.each(ctx, len(nodes), func(_ context.Context, g int) error {
		at, end := starts[g], starts[g+1]
		copy(all[at:end], nodes[g].present.values)
		nodes[g].present.values, nodes[g].joined = all[at:end:end], all
		return nil
	})
	return size, errors.Join(err, r.loader.meter.charge(-size))
}

// joinedEnds returns the offsets of lists over n slots that have only to be numbered on
// from one piece to the next; nil where there are no such.
func joinedEnds(pieces []piece, bases []int, n int) []uint32 {
	if len(pieces) == 0 {
		return nil
	}
	all := pieces[0].node.joined
	if len(all) != n+1 || all == nil {
		return nil
	}
	at := 1
	for _, p := range pieces {
		of, values := p.node.joined, p.node.present.values
		if !p.node.shared || len(of) != len(all) || &of[0] != &all[0] || bases[p.chunk] != at-1 || len(values) > 0 && &values[0] != &all[at] {
			return nil
		}
		at += len(values)
	}
	if at != n+1 {
		return nil
	}
	return all
}
