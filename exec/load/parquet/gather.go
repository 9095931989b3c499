package parquet

import (
	"encoding/binary"
	"fmt"
	"unsafe"

	"github.com/segq/segq/exec/kernel"
)

// gatherRuns writes what a table has for the indexes that runs have, as [fillRuns] reads
// them.
func gatherRuns[T any](to []T, src []byte, width uint, table []T) error {
	for len(to) > 0 {
		head, size := binary.Uvarint(src)
		if size <= 0 {
			return errRun
		}
		if src = src[size:]; head&1 == 0 {
			index, size := runValue(src, width)
			if size > len(src) {
				return errRun
			}
			run := to[:min(head>>1, uint64(len(to)))]
			if len(run) > 0 && uint64(index) >= uint64(len(table)) {
				return errIndex(uint64(index), len(table))
			}
			for i := range run {
				run[i] = table[index]
			}
			to, src = to[len(run):], src[size:]
			continue
		}
		groups := min(head>>1, uint64(len(to)+7)/8)
		run := to[:min(groups*8, uint64(len(to)))]
		if (uint64(len(run))*uint64(width)+7)/8 > uint64(len(src)) {
			return errRun
		}
		if err := gatherPacked(run, src, width, table); err != nil {
			return err
		}
		to, src = to[len(run):], src[min(groups*uint64(width), uint64(len(src))):]
	}
	return nil
}

func errIndex(index uint64, size int) error {
	return fmt.Errorf("the value %d of a dictionary of %d", index, size)
}

// gatherPacked writes what a table has for bit-packed indexes, eight at a time while eight
// bytes can be read at any of them.
func gatherPacked[T any](to []T, src []byte, width uint, table []T) error {
	done := 0
	var err error
	switch {
	case width == 0:
	case width <= 8 && unsafe.Sizeof(*new(T)) == 1:
		done, err = gatherBytes(asBytes(to), src, width, asBytes(table))
	case width <= 8:
		done, err = gatherNarrow(to, src, width, table)
	case width <= 16:
		done, err = gatherWide(to, src, width, table)
	}
	if err != nil {
		return err
	}
	mask, bit := uint64(1)<<width-1, uint(done)*width
	for i := done; i < len(to); i++ {
		index := load(src[bit>>3:]) >> (bit & 7) & mask
		if index >= uint64(len(table)) {
			return errIndex(index, len(table))
		}
		to[i] = table[index]
		bit += width
	}
	return nil
}

// gatherBytes is for tables of bytes. It says how many it wrote.
func gatherBytes(to []byte, src []byte, width uint, table []byte) (done int, err error) {
	done, most := kernel.Lookup(to, src, width, table)
	if done > 0 && int(most) >= len(table) {
		return 0, errIndex(uint64(most), len(table))
	}
	rest, err := gatherNarrow(to[done:], src[uint(done)/8*width:], width, table)
	return done + rest, err
}

// asBytes gives values of one byte as bytes.
func asBytes[T any](values []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(values))), len(values))
}

// gatherNarrow is for indexes of which eight are in eight bytes. It says how many it wrote.
func gatherNarrow[T any](to []T, src []byte, width uint, table []T) (done int, err error) {
	mask, size := uint64(1)<<width-1, uint64(len(table))
	for len(to) >= 8 && len(src) >= 8 {
		v := binary.LittleEndian.Uint64(src)
		d := to[:8:8]
		i0, i1, i2, i3 := v&mask, v>>width&mask, v>>(2*width)&mask, v>>(3*width)&mask
		if i0 >= size || i1 >= size || i2 >= size || i3 >= size {
			return 0, errIndex(max(i0, i1, i2, i3), len(table))
		}
		d[0], d[1], d[2], d[3] = table[i0], table[i1], table[i2], table[i3]
		v >>= 4 * width
		i0, i1, i2, i3 = v&mask, v>>width&mask, v>>(2*width)&mask, v>>(3*width)&mask
		if i0 >= size || i1 >= size || i2 >= size || i3 >= size {
			return 0, errIndex(max(i0, i1, i2, i3), len(table))
		}
		d[4], d[5], d[6], d[7] = table[i0], table[i1], table[i2], table[i3]
		to, src, done = to[8:], src[width:], done+8
	}
	return done, nil
}

// gatherWide is for indexes of which four are in eight bytes.
func gatherWide[T any](to []T, src []byte, width uint, table []T) (done int, err error) {
	mask, size := uint64(1)<<width-1, uint64(len(table))
	half, odd := width/2, width%2*4 // where the second four begin
	for len(to) >= 8 && len(src) >= int(half)+8 {
		v := binary.LittleEndian.Uint64(src)
		d := to[:8:8]
		i0, i1, i2, i3 := v&mask, v>>width&mask, v>>(2*width)&mask, v>>(3*width)&mask
		if i0 >= size || i1 >= size || i2 >= size || i3 >= size {
			return 0, errIndex(max(i0, i1, i2, i3), len(table))
		}
		d[0], d[1], d[2], d[3] = table[i0], table[i1], table[i2], table[i3]
		v = binary.LittleEndian.Uint64(src[half:]) >> odd
		i0, i1, i2, i3 = v&mask, v>>width&mask, v>>(2*width)&mask, v>>(3*width)&mask
		if i0 >= size || i1 >= size || i2 >= size || i3 >= size {
			return 0, errIndex(max(i0, i1, i2, i3), len(table))
		}
		d[4], d[5], d[6], d[7] = table[i0], table[i1], table[i2], table[i3]
		to, src, done = to[8:], src[width:], done+8
	}
	return done, nil
}
