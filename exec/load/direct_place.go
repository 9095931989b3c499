package load

import (
	"fmt"
	"math"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load/parquet"
)

// span says which slots of a row group a page is about, and which of them have its values:
// n of so many from one on.
type span struct {
	from, slots, n int
	valid          column.Bitmap // of the slots of the row group; nil for all of the span
}

// placer finds the slots of the values of a leaf of a row group, page by page.
type placer struct {
	leaf   *leafPlan
	room   int     // how many slots there are
	levels *planes // nil where a value is a row or null, and nothing else can be

	begun    []int     // by repetition level: how many slots there were
	steps    []slotSet // along the steps, of those that are not there always
	valid    column.Bitmap
	values   int
	overfull bool
}

func newPlacer(f *leafPlan, slots int, buffers *pool) *placer {
	p := &placer{leaf: f, room: slots, begun: make([]int, f.maxRep+1), steps: make([]slotSet, len(f.steps))}
	plain := f.maxDef <= 1 // lists take a level
	for i := range f.steps {
		plain = plain && f.always(i)
	}
	if !plain {
		p.levels = buffers.planes(f)
		for i := range f.steps {
			if !f.always(i) {
				p.steps[i].bits = p.levels.take()
			}
		}
	}
	if f.maxDef > 0 {
		p.valid = room[uint64](buffers, (slots+63)/64+1) // compress wants one more
	}
	return p
}

// place returns the slots of a page.
func (p *placer) place(page *parquet.Encoded) (at span, err error) {
	innermost := &p.begun[len(p.begun)-1]
	at.from, at.slots = *innermost, page.Count
	if p.levels != nil {
		if err := p.levels.read(page); err != nil {
			return span{}, err
		}
		at.slots = p.step()
	}
	if at.from+at.slots > p.room {
		// The leaves disagree: nothing is placed, and the plan will tell.
		p.overfull = true
		*innermost += at.slots
		return span{}, nil
	}
	*innermost += at.slots
	at.n = at.slots
	switch {
	case p.levels != nil:
		value, all := p.levels.def(p.leaf.maxDef), p.levels.begins[p.leaf.maxRep]
		at.n = countOnes(value)
		compress(p.valid, at.from, value, all)
	case p.leaf.maxDef > 0:
		at.n, err = page.DefBits(p.valid, at.from)
	}
	p.values += at.n
	if at.n < at.slots {
		at.valid = p.valid
	}
	return at, err
}

// step notes what the levels of a page tell of the steps, and how many slots begin.
func (p *placer) step() (slots int) {
	for i, st := range p.leaf.steps {
		if !p.leaf.always(i) {
			p.steps[i].append(p.levels.def(st.def), p.levels.begins[st.outer])
		}
	}
	last := len(p.begun) - 1
	for rep, b := range p.levels.begins[:last] {
		p.begun[rep] += countOnes(b)
	}
	return countOnes(p.levels.begins[last])
}

// end returns the slots that have a value, nil for all, and how many these are. It notes
// what the plan wants to know of the steps.
func (p *placer) end() (column.Bitmap, int) {
	f := p.leaf
	f.told = make([]told, len(f.steps))
	for i, st := range f.steps {
		n := p.begun[st.outer]
		always := f.always(i)
		if always {
			f.told[i] = tellAll(n)
		} else {
			f.told[i] = p.steps[i].told()
		}
		if st.list {
			f.told[i].elements = p.begun[st.rep]
		}
		switch node := st.node; {
		case !f.owned[i] || f.noted(i):
		case always:
			node.there = &there{slots: n, count: n}
		default:
			node.there = newThere(&p.steps[i])
		}
		if !always {
			p.levels.leave(&p.steps[i])
		}
	}
	f.keyless = f.key && p.values < p.begun[f.maxRep]
	switch {
	case p.values == p.room:
		return nil, p.values
	case p.valid == nil: // too few rows, which is an error
		return make(column.Bitmap, (p.room+63)/64), p.values
	}
	return p.valid[:(p.room+63)/64], p.values
}

// rows checks that the leaf had as many rows as its row group has.
func (p *placer) rows(want int) error {
	if got := p.begun[0]; got != want {
		return fmt.Errorf("the file is damaged: %d rows in a row group of %d", got, want)
	}
	return nil
}

// setBits sets n bits from one on.
func setBits(b column.Bitmap, from, n int) {
	for n > 0 {
		shift := from & 63
		k := min(64-shift, n)
		b[from>>6] |= math.MaxUint64 >> (64 - k) << shift
		from, n = from+k, n-k
	}
}

// copyBits copies the first n bits of another bitmap to where they begin. The bits
// there are zero, as are those behind the n.
func copyBits(b column.Bitmap, from int, of column.Bitmap, n int) {
	at, shift := from>>6, uint(from&63)
	for i := range (n + 63) / 64 {
		b[at+i] |= of[i] << shift
		if high := of[i] >> (64 - shift); high != 0 {
			b[at+i+1] |= high
		}
	}
}
