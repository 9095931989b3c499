package memberships

import (
	"encoding/binary"
	"io"
	"math/bits"
)

// A Roaring bitmap is numbers of 32 bits in containers of those that have the upper 16 bits in common: of which
// each is a list of the lower ones, bits for all 65,536, or runs, whatever is shortest. They are written as the format
// specification has it (https://github.com/RoaringBitmap/RoaringFormatSpec, version of 2023), which all libraries read.

// What a bitmap begins with: without containers of runs, and with some.
const (
	cookieNoRuns, cookieRuns = 12346, 12347
	// fewContainers is up to how many a bitmap with runs has no offsets.
	fewContainers = 4
)

// containerRows is how many numbers a container may have, containerWords how many words that is in bits.
const (
	containerRows  = 1 << 16
	containerWords = containerRows / 64
)

// mostListed is how many numbers a container may list.
const mostListed = 4096

// container is where the bytes of a container are, and what is in it.
type container struct {
	key, count int
	runs       bool
	at, size   int64
}

// appendContainer appends the numbers of bits, and says how many there are and whether they are runs.
func appendContainer(to []byte, words *[containerWords]uint64) (out []byte, count int, runs bool) {
	starts, last := 0, uint64(0)
	for _, w := range words {
		count += bits.OnesCount64(w)
		starts += bits.OnesCount64(w &^ (w<<1 | last))
		last = w >> 63
	}
	plain := 2 * count
	if count > mostListed {
		plain = 8 * containerWords
	}
	switch {
	case 2+4*starts < plain:
		return appendContainerRuns(to, words, starts), count, true
	case count > mostListed:
		for _, w := range words {
			to = binary.LittleEndian.AppendUint64(to, w)
		}
		return to, count, false
	}
	for i, w := range words {
		for ; w != 0; w &= w - 1 {
			to = binary.LittleEndian.AppendUint16(to, uint16(i<<6+bits.TrailingZeros64(w)))
		}
	}
	return to, count, false
}

// appendContainerRuns appends the numbers as runs: of each the first, and how many follow it.
func appendContainerRuns(to []byte, words *[containerWords]uint64, runs int) []byte {
	to = binary.LittleEndian.AppendUint16(to, uint16(runs))
	is := func(i int) bool { return i < containerRows && words[i>>6]>>(i&63)&1 == 1 }
	for i := 0; i < containerRows; {
		if rest := words[i>>6] >> (i & 63); rest == 0 {
			i = (i>>6 + 1) << 6
			continue
		} else if skip := bits.TrailingZeros64(rest); skip > 0 {
			i += skip
		}
		end := i
		for is(end) {
			if end&63 == 0 && words[end>>6] == ^uint64(0) {
				end += 64
				continue
			}
			end++
		}
		to = binary.LittleEndian.AppendUint16(to, uint16(i))
		to = binary.LittleEndian.AppendUint16(to, uint16(end-i-1))
		i = end
	}
	return to
}

// appendHead appends what comes before the containers of a bitmap.
func appendHead(to []byte, containers []container) []byte {
	begin, n, some := len(to), len(containers), false
	for _, c := range containers {
		some = some || c.runs
	}
	if some {
		to = binary.LittleEndian.AppendUint32(to, cookieRuns|uint32(n-1)<<16)
		flags := make([]byte, (n+7)/8)
		for i, c := range containers {
			if c.runs {
				flags[i/8] |= 1 << (i % 8)
			}
		}
		to = append(to, flags...)
	} else {
		to = binary.LittleEndian.AppendUint32(to, cookieNoRuns)
		to = binary.LittleEndian.AppendUint32(to, uint32(n))
	}
	for _, c := range containers {
		to = binary.LittleEndian.AppendUint16(to, uint16(c.key))
		to = binary.LittleEndian.AppendUint16(to, uint16(c.count-1))
	}
	if some && n < fewContainers {
		return to
	}
	at := int64(len(to)-begin) + 4*int64(n)
	for _, c := range containers {
		to = binary.LittleEndian.AppendUint32(to, uint32(at))
		at += c.size
	}
	return to
}

// bitmapSize is how many bytes a bitmap has.
func bitmapSize(containers []container) int64 {
	size := int64(len(appendHead(nil, containers)))
	for _, c := range containers {
		size += c.size
	}
	return size
}

// writeBitmap writes a bitmap whose containers are in another file.
func writeBitmap(w io.Writer, containers []container, in io.ReaderAt) error {
	if _, err := w.Write(appendHead(nil, containers)); err != nil {
		return err
	}
	for _, c := range containers {
		if _, err := io.Copy(w, io.NewSectionReader(in, c.at, c.size)); err != nil {
			return err
		}
	}
	return nil
}
