package kernel

import "encoding/binary"

// tileRows is the number of rows that the kernels for whole batches take at a
// time; tileWords is that in words of a bitmap.
const (
	tileRows  = 512
	tileWords = tileRows / 64
)

// Tiles is the number of tiles that n rows take.
func Tiles(n int) int { return (n + tileRows - 1) / tileRows }

// Staged is the length of n rows once they are staged: whole tiles.
func Staged(n int) int { return Tiles(n) * tileRows }

// Words is the length of a bitmap over n rows that is used with [Select8] and
// [Combine]: whole tiles.
func Words(n int) int { return Tiles(n) * tileWords }

// Stage brings the bytes of src into the order that [Select8] reads: within each
// tile of 512 rows, row 8i+c goes to place 64c+i. Rows whose bit in valid is zero
// become null; a nil valid has none. dst must have Staged(len(src)) bytes; what
// belongs to no row is of no interest.
func Stage(dst, src []uint8, valid []uint64, null uint8) {
	whole := len(src) / tileRows
	done := stageTiles(dst, src, valid, null, whole)
	for t := done; t < whole; t++ {
		stageTile((*[tileRows]uint8)(dst[t*tileRows:]), (*[tileRows]uint8)(src[t*tileRows:]), tileValid(valid, t), null)
	}
	if rest := src[whole*tileRows:]; len(rest) > 0 {
		var tile [tileRows]uint8
		copy(tile[:], rest)
		stageTile((*[tileRows]uint8)(dst[whole*tileRows:]), &tile, tileValid(valid, whole), null)
	}
}

// tileValid returns the validity of tile t; rows that valid does not have are valid.
func tileValid(valid []uint64, t int) *[tileWords]uint64 {
	if valid == nil {
		return nil
	}
	var v [tileWords]uint64
	copy(v[:], valid[min(t*tileWords, len(valid)):])
	return &v
}

func stageTile(dst, src *[tileRows]uint8, valid *[tileWords]uint64, null uint8) {
	nulls := uint64(null) * ones
	for m := 0; m < 64; m += 8 {
		var w [8]uint64
		for i := range w {
			w[i] = binary.LittleEndian.Uint64(src[8*(m+i):])
			if valid != nil {
				mask := spreadBits(uint8(valid[m>>3] >> (8 * i)))
				w[i] = w[i]&mask | nulls&^mask
			}
		}
		transposeBytes(&w)
		for c := range w {
			binary.LittleEndian.PutUint64(dst[64*c+m:], w[c])
		}
	}
}

// spreadBits returns a byte of ones for every bit that is one.
func spreadBits(b uint8) uint64 {
	// Each byte of the product keeps the bit of its own place; adding 0x7f
	// carries it into the highest.
	x := uint64(b) * ones & 0x8040201008040201
	x = (x + 0x7f*ones) & high
	return x >> 7 * 255
}

// transposeBytes exchanges rows and columns of 8x8 bytes.
func transposeBytes(w *[8]uint64) {
	for i := range 4 {
		w[i], w[i+4] = w[i]&0x00000000ffffffff|w[i+4]<<32, w[i]>>32|w[i+4]&0xffffffff00000000
	}
	for _, i := range [4]int{0, 1, 4, 5} {
		const keep = 0x0000ffff0000ffff
		w[i], w[i+2] = w[i]&keep|w[i+2]&keep<<16, w[i]>>16&keep|w[i+2]&^keep
	}
	for i := 0; i < 8; i += 2 {
		const keep = 0x00ff00ff00ff00ff
		w[i], w[i+1] = w[i]&keep|w[i+1]&keep<<8, w[i]>>8&keep|w[i+1]&^keep
	}
}
