package kernel

import "math/bits"

// Combine joins bitmaps of one arena: the first and operands must all hold, none
// of the next andNot, or else one of the last or. At least one operand is needed
// of the first kind. An operand is the place in base where its bitmap begins; all
// have so many tiles. The result goes to dst unless that is nil, and its ones are
// counted.
func Combine(dst, base []uint64, operands []uint32, and, andNot, or, tiles int) int {
	if tiles == 0 {
		return 0
	}
	operands = operands[:and+andNot+or]
	words := tiles * tileWords
	for _, o := range operands {
		_ = base[int(o) : int(o)+words]
	}
	if dst != nil {
		dst = dst[:words]
	}
	if n, ok := combineTiles(dst, base, operands, and, andNot, or, tiles); ok {
		return n
	}
	n := 0
	for at := 0; at < words; at += tileWords {
		var acc [tileWords]uint64
		combineTile(&acc, base[at:], operands, and, andNot)
		for _, w := range acc {
			n += bits.OnesCount64(w)
		}
		if dst != nil {
			copy(dst[at:], acc[:])
		}
	}
	return n
}

func combineTile(acc *[tileWords]uint64, base []uint64, operands []uint32, and, andNot int) {
	*acc = [tileWords]uint64(base[operands[0]:])
	for _, o := range operands[1:and] {
		x := (*[tileWords]uint64)(base[o:])
		for i := range acc {
			acc[i] &= x[i]
		}
	}
	for _, o := range operands[and : and+andNot] {
		x := (*[tileWords]uint64)(base[o:])
		for i := range acc {
			acc[i] &^= x[i]
		}
	}
	for _, o := range operands[and+andNot:] {
		x := (*[tileWords]uint64)(base[o:])
		for i := range acc {
			acc[i] |= x[i]
		}
	}
}
