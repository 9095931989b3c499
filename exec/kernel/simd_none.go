//go:build purego || !amd64

package kernel

func tiers() []string { return []string{portable} }

func stageTiles(dst, src []uint8, valid []uint64, null uint8, tiles int) int { return 0 }

func select8Tiles(dst []uint64, stride int, staged []uint8, table *[256]uint8, classes int) bool {
	return false
}

func combineAll(arena []uint64, code []uint32, ones []int, tiles int) bool { return false }

func rangeWords[T Integer](dst []uint64, src []T, lo, hi T) int { return 0 }

func rangeFloatWords(dst []uint64, src []float64, lo, hi float64) int { return 0 }

func memberWords(dst []uint64, src []uint8, set *[4]uint64) int { return 0 }

func listsWords(dst, rest, m, ends []uint64, drops int) bool { return false }

func unpackWords(dst, src, mask []uint64) bool { return false }

func pairWords[T Number](dst []uint64, x, y []T, r relation) int { return 0 }
