package load

import (
	"slices"

	"github.com/segq/segq/exec/load/parquet"
)

// maxWalk is the most lists in each other through which a walk goes.
const maxWalk = 2

// walk turns the levels of a leaf in lists into slots, as [slots] does, by tables: what
// a value does follows from its pair of levels, repetition * (highest definition + 1) +
// definition.
type walk struct {
	leaf  *leafPlan
	width int

	// By pair: whether a row, or an element of the list at a repetition level, begins;
	// whether there is a value; and the step where there is nothing, counted from 1.
	begins [maxWalk + 1][]uint32
	value  []uint32
	absent []uint8
	least  [maxWalk + 1]byte // by repetition level: the definition that its list needs

	last   [maxWalk + 1]uint32 // slots, of which the one before the first is ^0
	def    byte                // of the value before
	at     []uint32
	counts [4][]int // by pair, in four parts, as a count waits for the one before
	sums   []uint64 // along the steps: of the hashes of slots where there is nothing
}

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

// walks says whether the levels of f can be walked.
func (f *leafPlan) walks() bool { return f.maxRep > 0 && f.maxRep <= maxWalk }

func newWalk(f *leafPlan) *walk {
	width := int(f.maxDef) + 1
	pairs := (int(f.maxRep) + 1) * width
	w := &walk{leaf: f, width: width, value: make([]uint32, pairs), absent: make([]uint8, pairs), sums: make([]uint64, len(f.steps))}
	for i := range w.counts {
		w.counts[i] = make([]int, pairs)
	}
	for r := range w.begins {
		w.begins[r], w.last[r] = make([]uint32, pairs), ^uint32(0)
	}
	for _, st := range f.steps {
		if st.list {
			w.least[st.rep] = st.elem
		}
	}
	for pair := range pairs {
		w.tell(pair)
	}
	return w
}

// tell fills the tables for a pair of levels, going down the steps as [slots.descend]
// does.
func (w *walk) tell(pair int) {
	rep, def := byte(pair/w.width), byte(pair%w.width)
	w.begins[rep][pair] = 1
	below := rep == 0
	for i, st := range w.leaf.steps {
		if !below {
			below = st.list && st.rep == rep
			continue
		}
		if def < st.def {
			w.absent[pair] = uint8(i + 1)
			return
		}
		if st.list {
			if def < st.elem {
				return
			}
			w.begins[st.rep][pair] = 1
		}
	}
	if def == w.leaf.maxDef {
		w.value[pair] = 1
	}
}

// place returns the slots of the values of a page, and counts its levels.
func (w *walk) place(page *parquet.Page) ([]uint32, error) {
	n := page.Count
	reps, defs := page.Reps[:n], page.Defs[:n]
	w.at = slices.Grow(w.at[:0], n)[:n]
	at, k, width := w.at, 0, w.width
	rows, first, second := w.begins[0], w.begins[1], w.begins[2]
	last, innermost, before, bad := w.last, int(w.leaf.maxRep), w.def, false
	for i, rep := range reps {
		def := defs[i]
		pair := int(rep)*width + int(def)
		w.counts[i&3][pair]++
		need := w.least[rep]
		bad = bad || def < need || before < need
		before = def
		last[0] += rows[pair]
		last[1] += first[pair]
		last[2] += second[pair]
		at[k] = last[innermost]
		k += int(w.value[pair])
		if a := w.absent[pair]; a != 0 {
			w.sums[a-1] += slotHash(int(last[w.leaf.steps[a-1].outer]))
		}
	}
	w.last, w.def = last, before
	if bad {
		return nil, errContinues
	}
	return at[:k], nil
}

// levels returns how many values had each pair of levels.
func (w *walk) levels() []int {
	all := w.counts[0]
	for _, part := range w.counts[1:] {
		for pair, n := range part {
			all[pair] += n
		}
	}
	return all
}

// mark notes a list, or an object that is not there for every slot.
type mark struct {
	step         *step
	width        int
	opens        []uint32 // by pair of levels: whether one begins
	outer, inner []uint32 // by pair: whether a slot of it, or an element, begins
	slot, elem   uint32   // the last ones, of which the one before the first is ^0
	slots, ends  []uint32

	someSlots, someEnds []uint32 // of a page
}

// marks returns what notes the lists and objects that the leaf owns.
func (f *leafPlan) marks() []*mark {
	var all []*mark
	w := newWalk(f)
	for i, st := range f.steps {
		if !f.owned[i] || f.always(i) {
			continue
		}
		m := &mark{step: st, width: w.width, opens: make([]uint32, len(w.value)), slot: ^uint32(0), elem: ^uint32(0)}
		m.outer, m.inner = w.begins[st.outer], w.begins[st.rep]
		for pair := range m.opens {
			if rep, def := byte(pair/w.width), byte(pair%w.width); rep <= st.outer && def >= st.def {
				m.opens[pair] = 1
			}
		}
		all = append(all, m)
	}
	return all
}

// page notes what a page has. Whether its levels are sound is seen when the values are
// read.
func (m *mark) page(page *parquet.Page) {
	n, k := page.Count, 0
	slots, ends := slices.Grow(m.someSlots[:0], n+1)[:n+1], slices.Grow(m.someEnds[:0], n+1)[:n+1]
	slot, elem, defs := m.slot, m.elem, page.Defs[:n]
	ends[0] = elem + 1
	for i, rep := range page.Reps[:n] {
		pair := int(rep)*m.width + int(defs[i])
		slot += m.outer[pair]
		elem += m.inner[pair]
		slots[k] = slot
		k += int(m.opens[pair])
		ends[k] = elem + 1 // at 0, of the last list of the page before
	}
	if last := len(m.ends) - 1; last >= 0 {
		m.ends[last] = ends[0]
	}
	m.slots, m.slot, m.elem = append(m.slots, slots[:k]...), slot, elem
	if m.step.list {
		m.ends = append(m.ends, ends[1:k+1]...)
	}
	m.someSlots, m.someEnds = slots, ends
}

// end gives the node what was noted. All slots are those of others as well.
func (m *mark) end(all *slotNumbers) {
	n := m.step.node
	if n.shared = len(m.slots) == int(m.slot+1); n.shared {
		n.present = lane[uint32]{slots: all.upTo(len(m.slots))}
	} else {
		n.present = lane[uint32]{slots: slices.Clone(m.slots)}
	}
	if m.step.list {
		n.present.values, n.count = slices.Clone(m.ends), m.elem+1
	}
}

// borrow takes buffers of a pool until what is returned is called.
func (m *mark) borrow(p *pool) (back func()) {
	all := []*[]uint32{&m.slots, &m.ends, &m.someSlots, &m.someEnds}
	for _, b := range all {
		*b = p.buffer()
	}
	return func() {
		for _, b := range all {
			p.leaveBuffer(*b)
		}
	}
}
