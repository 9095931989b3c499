//go:build purego || (!amd64 && !arm64)

package kernel

func tiers() []string { return []string{portable} }

func select8Tiles(dst []uint64, stride int, staged []uint8, table *[256]uint8, classes int) bool {
	return false
}

func combineAll(arena []uint64, code []uint32, ones []int, tiles int) bool { return false }
