package parquetfile

import "encoding/binary"

// appendRuns writes values of so many bits as runs of one value and as bit-packed ones in
// groups of eight (Encodings.md, "Run Length Encoding / Bit-Packing Hybrid").
func appendRuns[T byte | uint32](to []byte, values []T, width int) []byte {
	packed, i := 0, 0 // from packed to i, they are bit-packed
	for i < len(values) {
		run := 1
		for i+run < len(values) && values[i+run] == values[i] {
			run++
		}
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

func appendPacked[T byte | uint32](to []byte, values []T, width int) []byte {
	if len(values) == 0 {
		return to
	}
	groups := (len(values) + 7) / 8
	to = binary.AppendUvarint(to, uint64(groups)<<1|1)
	end := len(to) + groups*width
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
