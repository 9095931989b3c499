//go:build purego || !amd64

package kernel

// What follows has assembly on amd64 alone.

func stageTiles(dst, src []uint8, valid []uint64, null uint8, tiles int) int { return 0 }

func rangeWords[T Integer](dst []uint64, src []T, lo, hi T) int { return 0 }

func rangeFloatWords(dst []uint64, src []float64, lo, hi float64) int { return 0 }

func memberWords(dst []uint64, src []uint8, set *[4]uint64) int { return 0 }

func listsWords(dst, rest, m, ends []uint64, drops int) bool { return false }

func unpackWords(dst, src, mask []uint64) bool { return false }

func expandWords[T uint8 | uint16](dst, src []T, mask []uint64) int { return 0 }

func lookupWords(dst, src []uint8, table *[256]uint8, words int, width uint, blocks int, most *[32]uint8) bool {
	return false
}

func pairWords[T Number](dst []uint64, x, y []T, r relation) int { return 0 }

func bytePairsWords(dst []uint64, first, second []byte, p BytePair) int { return 0 }

func windowsWords(dst []uint64, text []byte, places, offsets []uint32, w *Window) int { return 0 }

func memberCodes(dst []uint64, src []uint32, set []uint64) int { return 0 }
