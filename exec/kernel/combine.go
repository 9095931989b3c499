package kernel

import "math/bits"

// Program is a sequence of connectives over bitmaps of one arena, computed one after
// another: a later one may read the result of an earlier one.
type Program struct {
	// code holds for each connective the place of its result, the numbers of
	// operands of each kind, and the places of the operands.
	code  []uint32
	count int
	// last is the greatest place.
	last uint32
}

// NoPlace is the place of a result that is only counted.
const NoPlace = 0

// Len is the number of connectives.
func (p *Program) Len() int { return p.count }

// Reset takes all connectives out.
func (p *Program) Reset() { p.code, p.count, p.last = p.code[:0], 0, 0 }

// Add appends a connective: the first and operands must all hold, none of the next
// andNot, or else one of the rest. At least one operand is needed of the first kind.
// An operand is the place in the arena where its bitmap begins; the result goes to
// dst, unless that is NoPlace.
func (p *Program) Add(dst uint32, operands []uint32, and, andNot int) {
	if and < 1 || and+andNot > len(operands) {
		panic("kernel: a connective without a first operand")
	}
	p.code = append(p.code, dst, uint32(and), uint32(andNot), uint32(len(operands)-and-andNot))
	p.code = append(p.code, operands...)
	p.count++
	p.last = max(p.last, dst)
	for _, o := range operands {
		p.last = max(p.last, o)
	}
}

// Run computes the connectives over bitmaps of so many tiles each, and counts the
// ones of each result.
func (p *Program) Run(ones []int, arena []uint64, tiles int) {
	ones = ones[:p.count]
	if tiles == 0 || p.count == 0 {
		clear(ones)
		return
	}
	_ = arena[int(p.last) : int(p.last)+tiles*tileWords]
	if combineAll(arena, p.code, ones, tiles) {
		return
	}
	code := p.code
	for i := range ones {
		and, andNot, or := int(code[1]), int(code[2]), int(code[3])
		operands := code[4 : 4+and+andNot+or]
		ones[i] = combine(code[0], arena, operands, and, andNot, tiles)
		code = code[4+len(operands):]
	}
}

func combine(dst uint32, arena []uint64, operands []uint32, and, andNot, tiles int) int {
	n := 0
	for at := 0; at < tiles*tileWords; at += tileWords {
		var acc [tileWords]uint64
		combineTile(&acc, arena[at:], operands, and, andNot)
		for _, w := range acc {
			n += bits.OnesCount64(w)
		}
		if dst != NoPlace {
			copy(arena[int(dst)+at:], acc[:])
		}
	}
	return n
}

func combineTile(acc *[tileWords]uint64, arena []uint64, operands []uint32, and, andNot int) {
	*acc = [tileWords]uint64(arena[operands[0]:])
	for _, o := range operands[1:and] {
		x := (*[tileWords]uint64)(arena[o:])
		for i := range acc {
			acc[i] &= x[i]
		}
	}
	for _, o := range operands[and : and+andNot] {
		x := (*[tileWords]uint64)(arena[o:])
		for i := range acc {
			acc[i] &^= x[i]
		}
	}
	for _, o := range operands[and+andNot:] {
		x := (*[tileWords]uint64)(arena[o:])
		for i := range acc {
			acc[i] |= x[i]
		}
	}
}
