//go:build !purego

package kernel

// tiers: every arm64 processor has NEON.
func tiers() []string { return []string{"neon", portable} }

var hasNEON = active == "neon"

// select8Tiles is Select8 for whole tiles, and says whether it has done them.
func select8Tiles(dst []uint64, stride int, staged []uint8, table *[256]uint8, classes int) bool {
	tiles := len(staged) / tileRows
	switch {
	case !hasNEON:
		return false
	case classes <= 64:
		select8x64NEON(&dst[0], stride, &staged[0], tiles, &table[0])
	case classes <= 128:
		select8x128NEON(&dst[0], stride, &staged[0], tiles, &table[0])
	default:
		select8x256NEON(&dst[0], stride, &staged[0], tiles, &table[0])
	}
	return true
}

// combineAll is Program.Run, and says whether it has done it.
func combineAll(arena []uint64, code []uint32, ones []int, tiles int) bool {
	if hasNEON {
		combineNEON(&arena[0], &code[0], &ones[0], len(ones), tiles)
	}
	return hasNEON
}
