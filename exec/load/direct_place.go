package load

import (
	"fmt"
	"math"
	"slices"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load/parquet"
)

// placed says which slots of a row group the values of a page have: n of them from
// one on, or those that are listed.
type placed struct {
	from, n int
	at      []uint32 // nil for all from one on
}

// placer finds the slots of the values of a leaf of a row group, page by page.
type placer struct {
	leaf  *leafPlan
	walk  *walk  // of leaves in lists, if they can be walked
	slots *slots // of others; nil where a value is a row or null, and nothing else can be
	room  int    // how many slots there are

	row      int
	at       []uint32
	defs     [2]int // of rows: how many are null, and how many not
	filled   int    // all slots below have a value, as long as valid is nil
	valid    column.Bitmap
	values   int
	overfull bool
}

func newPlacer(f *leafPlan, room int) *placer {
	p := &placer{leaf: f, room: room}
	if f.maxRep == 0 && f.maxDef <= 1 && !slices.ContainsFunc(f.steps, func(st *step) bool { return st.def > 0 }) {
		return p
	}
	if f.walks() {
		p.walk = newWalk(f)
		return p
	}
	seen := *f // of lists, what there is was noted when they were counted
	if f.maxRep > 0 {
		seen.owned = make([]bool, len(f.steps))
	} else {
		for i, st := range f.steps {
			if f.owned[i] {
				st.node.present = lane[uint32]{}
			}
		}
	}
	p.slots = newSlots(&seen)
	return p
}

// buffer returns where slots are listed.
func (p *placer) buffer() *[]uint32 {
	switch {
	case p.walk != nil:
		return &p.walk.at
	case p.slots != nil:
		return &p.slots.at
	}
	return &p.at
}

// place returns the slots of the values of a page.
func (p *placer) place(page *parquet.Page) (placed, error) {
	out := placed{from: p.row, n: page.Count}
	switch {
	case p.walk != nil:
		at, err := p.walk.place(page)
		if err != nil {
			return placed{}, err
		}
		out = p.listed(at)
	case p.slots != nil:
		at, err := p.slots.place(page.Reps, page.Defs, page.Count)
		if err != nil {
			return placed{}, err
		}
		out = p.listed(at)
	case p.leaf.maxDef == 1:
		out = p.listed(p.flat(page.Defs))
		p.row += page.Count
	default:
		p.row += page.Count
		p.defs[0] += page.Count
	}
	p.note(out)
	return out, nil
}

// flat lists the rows that have a value.
func (p *placer) flat(defs []byte) []uint32 {
	p.at = slices.Grow(p.at[:0], len(defs))[:len(defs)]
	n := 0
	for i, def := range defs {
		p.at[n] = uint32(p.row + i)
		n += int(def)
	}
	p.defs[0] += len(defs) - n
	p.defs[1] += n
	return p.at[:n]
}

// listed returns listed slots as a run if they are one. Where there are more of them
// than the lists have, the leaves disagree: nothing is placed then, and the plan will
// tell.
func (p *placer) listed(at []uint32) placed {
	n := len(at)
	if n == 0 {
		return placed{}
	}
	if int(at[n-1]) >= p.room {
		p.overfull = true
		return placed{}
	}
	if int(at[n-1]-at[0]) == n-1 {
		return placed{from: int(at[0]), n: n}
	}
	return placed{from: int(at[0]), n: n, at: at}
}

// note marks slots as having a value.
func (p *placer) note(out placed) {
	if out.n == 0 {
		return
	}
	p.values += out.n
	if p.valid == nil && out.at == nil && out.from == p.filled {
		p.filled += out.n
		return
	}
	p.split()
	if out.at == nil {
		setBits(p.valid, out.from, out.n)
		return
	}
	for _, slot := range out.at {
		p.valid.Set(int(slot))
	}
}

// split begins a bitmap.
func (p *placer) split() {
	if p.valid == nil {
		p.valid = column.NewBitmap(p.room)
		setBits(p.valid, 0, p.filled)
	}
}

// end returns the slots that have a value, nil for all, and how many these are. It notes
// what the plan wants to know of the levels.
func (p *placer) end() (column.Bitmap, int) {
	if p.values < p.room {
		p.split()
	}
	f := p.leaf
	switch {
	case p.walk != nil:
		f.levels, f.absent = p.walk.levels(), p.walk.sums
	case p.slots != nil:
		f.levels, f.absent = p.slots.plan.levels, p.slots.plan.absent
		return p.valid, p.values
	default:
		f.levels, f.absent = p.defs[:f.maxDef+1], make([]uint64, len(f.steps))
	}
	for i, st := range f.steps {
		if !f.owned[i] || !f.always(i) {
			continue
		}
		n := p.row
		if p.walk != nil {
			n = int(p.walk.last[st.outer] + 1)
		}
		st.node.present, st.node.shared = lane[uint32]{slots: f.numbers.upTo(n)}, true
	}
	return p.valid, p.values
}

// rows checks that the leaf had as many rows as its row group has.
func (p *placer) rows(want int) error {
	switch {
	case p.slots != nil:
		return p.slots.end(want)
	case p.walk != nil:
		p.row = int(p.walk.last[0] + 1)
	}
	if p.row != want {
		return fmt.Errorf("the file is damaged: %d rows in a row group of %d", p.row, want)
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
