package kernel

// Transpose exchanges the rows and columns of a matrix of 64 × 64 bits: bit j of word i becomes bit i of
// word j. Halves of blocks change places, from blocks of 64 down to those of 2 (Hacker's Delight, 7-3).
func Transpose(m *[64]uint64) {
	for i := range 32 {
		exchange(&m[i], &m[i+32], 32, 0x00000000ffffffff)
	}
	for k := 0; k < 64; k += 32 {
		transposeHalf((*[32]uint64)(m[k:]))
	}
}

// transposeHalf goes on with 32 rows, whose blocks have at most as many.
func transposeHalf(m *[32]uint64) {
	for i := range 16 {
		exchange(&m[i], &m[i+16], 16, 0x0000ffff0000ffff)
	}
	for k := 0; k < 32; k += 16 {
		p := (*[16]uint64)(m[k:])
		for i := range 8 {
			exchange(&p[i], &p[i+8], 8, 0x00ff00ff00ff00ff)
		}
		for j := 0; j < 16; j += 8 {
			transposeEight((*[8]uint64)(p[j:]))
		}
	}
}

// transposeEight ends it with 8 rows, which stay in registers.
func transposeEight(p *[8]uint64) {
	for i := range 4 {
		exchange(&p[i], &p[i+4], 4, 0x0f0f0f0f0f0f0f0f)
	}
	for _, i := range [4]int{0, 1, 4, 5} {
		exchange(&p[i], &p[i+2], 2, 0x3333333333333333)
	}
	for i := 0; i < 8; i += 2 {
		exchange(&p[i], &p[i+1], 1, 0x5555555555555555)
	}
}
