package load

import (
	"math/bits"
	"slices"

	"github.com/segq/segq/exec/load/parquet"
)

// planes are the levels of a page of a leaf as bits, one for each value. What [slots] finds
// by going down the steps for each value, they tell of 64 values at once.
type planes struct {
	leaf *leafPlan
	elem []byte // by repetition level: the definition level from which its list has an element

	n      int
	begins [][]uint64 // by repetition level: where a row, or an element of its list, begins
	atMost [][]uint64 // by repetition level: where it is that, or less
	there  [][]uint64 // by definition level: where it is that, or more; nil as long as nobody asked
	defs   [][]uint64 // the levels as planes of bits; nil where there says it all
	reps   [][]uint64
	open   []uint64 // by repetition level: whether the list has an element at the last value
	free   [][]uint64
}

func newPlanes(f *leafPlan) *planes {
	p := &planes{
		leaf: f, elem: make([]byte, f.maxRep+1), begins: make([][]uint64, f.maxRep+1), atMost: make([][]uint64, f.maxRep+1),
		there: make([][]uint64, f.maxDef+1), open: make([]uint64, f.maxRep+1),
		defs: make([][]uint64, parquet.Planes(f.maxDef)), reps: make([][]uint64, parquet.Planes(f.maxRep)),
	}
	for _, st := range f.steps {
		if st.list {
			p.elem[st.rep] = st.elem
		}
	}
	return p
}

// bits returns bits that are zero, for the values of the page.
func (p *planes) bits() []uint64 {
	words := (p.n + 63) / 64
	b := slices.Grow(p.take(), words)[:words]
	clear(b)
	return b
}

// take returns a buffer that nobody uses, with nothing in it.
func (p *planes) take() (b []uint64) {
	if last := len(p.free) - 1; last >= 0 {
		b, p.free = p.free[last], p.free[:last]
	}
	return b[:0]
}

// taken gives all of some planes a buffer that nobody uses.
func (p *planes) taken(all [][]uint64) [][]uint64 {
	for i := range all {
		all[i] = p.take()
	}
	return all
}

// leave takes the buffer of a set that is not needed any more.
func (p *planes) leave(s *slotSet) {
	p.free = append(p.free, s.bits)
	s.bits = nil
}

// reset gives back the bits of the page before.
func (p *planes) reset(n int) {
	for _, all := range [][][]uint64{p.begins, p.atMost, p.there, p.defs, p.reps} {
		for i, b := range all {
			if b != nil {
				p.free, all[i] = append(p.free, b), nil
			}
		}
	}
	p.n = n
}

// read takes in the levels of a page.
func (p *planes) read(page *parquet.Encoded) error {
	f := p.leaf
	p.reset(page.Count)
	var err error
	if f.maxDef == 1 {
		p.there[1] = p.bits()
		_, err = page.DefBits(p.there[1], 0)
	} else {
		err = page.DefPlanes(p.taken(p.defs))
	}
	if err != nil {
		return err
	}
	if err := p.readReps(page); err != nil {
		return err
	}
	for rep := range p.begins {
		b := p.bits()
		copy(b, p.atMost[rep])
		if rep > 0 {
			for i, word := range p.def(p.elem[rep]) {
				b[i] &= word
			}
		}
		p.begins[rep] = b
	}
	return p.check()
}

func (p *planes) readReps(page *parquet.Encoded) error {
	most := int(p.leaf.maxRep)
	p.atMost[most] = p.bits()
	setBits(p.atMost[most], 0, p.n)
	switch most {
	case 0:
		return nil
	case 1:
		p.atMost[0] = p.bits()
		err := page.RepBits(p.atMost[0], 0)
		p.not(p.atMost[0])
		return err
	}
	if err := page.RepPlanes(p.taken(p.reps)); err != nil {
		return err
	}
	for rep := range most {
		p.atMost[rep] = p.bits()
		parquet.AtLeast(p.atMost[rep], p.reps, byte(rep+1))
		p.not(p.atMost[rep])
	}
	return nil
}

// not turns bits round.
func (p *planes) not(b []uint64) {
	for i := range b {
		b[i] = ^b[i]
	}
	if p.n&63 != 0 {
		b[len(b)-1] &= 1<<(p.n&63) - 1
	}
}

// def returns where the definition level is at least that.
func (p *planes) def(level byte) []uint64 {
	if p.there[level] == nil {
		p.there[level] = p.bits()
		if level == 0 {
			setBits(p.there[0], 0, p.n)
		} else {
			parquet.AtLeast(p.there[level], p.defs, level)
		}
	}
	return p.there[level]
}

// check sees that a list that goes on had an element before, and has one.
func (p *planes) check() error {
	if p.n == 0 {
		return nil
	}
	bad := uint64(0)
	for rep := 1; rep < len(p.atMost); rep++ {
		has, carry := p.def(p.elem[rep]), p.open[rep]
		for i, word := range has {
			on := p.atMost[rep][i] &^ p.atMost[rep-1][i]
			bad |= on &^ (word & (word<<1 | carry))
			carry = word >> 63
		}
		last := p.n - 1
		p.open[rep] = has[last>>6] >> (last & 63) & 1
	}
	if bad != 0 {
		return errContinues
	}
	return nil
}

// countOnes counts the bits that are one.
func countOnes(b []uint64) (n int) {
	for _, word := range b {
		n += bits.OnesCount64(word)
	}
	return n
}

// compress appends the bits of b that mask has to those of another one from one on, where
// they are zero. There is a word behind the last one.
func compress(to []uint64, from int, b, mask []uint64) {
	for i, m := range mask {
		n := bits.OnesCount64(m)
		v := b[i] & m
		switch {
		case v == m: // all of them, as a rule
			v = uint64(1)<<n - 1
		case m&(m+1) != 0 && v != 0: // not the lowest ones
			v = squeeze(v, m)
		}
		word, shift := from>>6, uint(from&63)
		if v != 0 {
			to[word] |= v << shift
			if high := v >> (64 - shift); high != 0 {
				to[word+1] |= high
			}
		}
		from += n
	}
}

// fewHoles is how many runs of bits that are not wanted are taken out one by one.
const fewHoles = 8

// squeeze moves the bits of x that m has to the lowest places.
func squeeze(x, m uint64) uint64 {
	holes := ^m & (1<<bits.Len64(m) - 1)
	if bits.OnesCount64(holes&^(holes<<1)) > fewHoles {
		return extract(x, m)
	}
	for x &= m; holes != 0; {
		from := bits.TrailingZeros64(holes)
		n := bits.TrailingZeros64(^(holes >> from))
		below := uint64(1)<<from - 1
		x = x&below | x>>n&^below
		holes = holes >> n &^ below
	}
	return x
}

// extract moves the bits of x that m has to the lowest places, by parallel suffixes, as in
// Warren, Hacker's Delight, 7-4.
func extract(x, m uint64) uint64 {
	x &= m
	below := ^m << 1
	for i := range 6 {
		odd := below ^ below<<1
		for shift := 2; shift < 64; shift *= 2 {
			odd ^= odd << shift
		}
		moved := odd & m
		m = m ^ moved | moved>>(1<<i)
		t := x & moved
		x = x ^ t | t>>(1<<i)
		below &^= odd
	}
	return x
}

// append adds the slots among those of mask that b has, behind the others.
func (p *slotSet) append(b, mask []uint64) {
	from := p.n
	p.n += countOnes(mask)
	p.reserve(p.n + 64)
	compress(p.bits, from, b, mask)
}
