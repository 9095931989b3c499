package parquetfile

import (
	"encoding/binary"
	"slices"
)

// appendRuns writes values of so many bits as runs of one value and as bit-packed ones in
// groups of eight (Encodings.md, "Run Length Encoding / Bit-Packing Hybrid").
func appendRuns[T byte | uint32](to []byte, values []T, width int) []byte {
	packed, i := 0, 0 // from packed to i, they are bit-packed
	for i < len(values) {
		run := runOf(values[i:])
		if run < 8 {
			i = min(i+8, len(values))
			continue
		}
		to = appendPacked(to, values[packed:i], width)
		to = binary.AppendUvarint(to, uint64(run)<<1)
		for k := 0; k < width; k += 8 {
			to = append(to, byte(values[i]>>k))
		}
		i += run
		packed = i
	}
	return appendPacked(to, values[packed:], width)
}

// runOf returns how many values are as the first.
func runOf[T byte | uint32](values []T) int {
	run := 1
	if levels, ok := any(values).([]byte); ok {
		for all := uint64(levels[0]) * 0x0101010101010101; run+8 <= len(levels) && binary.LittleEndian.Uint64(levels[run:]) == all; {
			run += 8
		}
	}
	for run < len(values) && values[run] == values[0] {
		run++
	}
	return run
}

func appendPacked[T byte | uint32](to []byte, values []T, width int) []byte {
	if len(values) == 0 {
		return to
	}
	groups := (len(values) + 7) / 8
	to = binary.AppendUvarint(to, uint64(groups)<<1|1)
	end := len(to) + groups*width
	to = slices.Grow(to, groups*width+16)
	if width <= 16 {
		var done int
		if to, done = appendEights(to, values, uint(width)); done == len(values) {
			return to
		}
		values = values[done:]
	}
	pending, have := uint64(0), 0
	for _, v := range values {
		pending |= uint64(v) << have
		for have += width; have >= 8; have -= 8 {
			to = append(to, byte(pending))
			pending >>= 8
		}
	}
	if have > 0 {
		to = append(to, byte(pending))
	}
	return append(to, make([]byte, end-len(to))...) // the last group is filled up
}

// appendEights packs values of up to 16 bits, eight at a time, and gives how many it has: to has room for all,
// and 16 bytes more.
func appendEights[T byte | uint32](to []byte, values []T, width uint) ([]byte, int) {
	at, done := len(to), 0
	to = to[:cap(to)]
	for ; done+8 <= len(values); done += 8 {
		v := (*[8]T)(values[done:])
		low := uint64(v[0]) | uint64(v[1])<<width | (uint64(v[2])|uint64(v[3])<<width)<<(2*width)
		high := uint64(v[4]) | uint64(v[5])<<width | (uint64(v[6])|uint64(v[7])<<width)<<(2*width)
		binary.LittleEndian.PutUint64(to[at:], low|high<<(4*width))
		if width > 8 {
			binary.LittleEndian.PutUint64(to[at+8:], high>>(64-4*width))
		}
		at += int(width)
	}
	return to[:at], done
}
