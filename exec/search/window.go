package search

import (
	"encoding/binary"
	"math"

	"github.com/segq/segq/exec/kernel"
)

// window tests a text for eight bytes of a part at its beginning, its end, or both.
type window struct {
	form form
	part string
	fold bool
	// first is asked of all rows; of those that are equal to a long part as far as that, where
	// they are many, also second.
	first, second kernel.Window
	whole         bool // first says it all
	never         bool // no text of ASCII can meet it
}

const windowBytes = 8

func newWindow(f form, part string, fold bool) window {
	w := window{form: f, part: part, fold: fold, whole: len(part) <= windowBytes}
	w.never = fold && !kernel.ASCII([]byte(part)) || len(part) > math.MaxUint32
	size := uint32(len(part))
	switch f {
	case equal:
		w.first = eight(part, 0, fold)
		if !w.whole {
			w.second = eight(part, len(part)-windowBytes, fold)
			w.second.At, w.second.End = windowBytes, true
			w.second.Least, w.second.Most = size, size
		}
		w.first.Least, w.first.Most = size, size
	case prefix:
		// What texts have in common is at their beginning.
		at := max(len(part)-windowBytes, 0)
		w.first = eight(part, at, fold)
		w.first.At, w.first.Least, w.first.Most = uint32(at), size, math.MaxUint32
	case suffix:
		w.first = eight(part, 0, fold)
		w.first.At, w.first.End, w.first.Least, w.first.Most = size, true, size, math.MaxUint32
	}
	return w
}

// eight returns a window for up to eight bytes of a part.
func eight(part string, at int, fold bool) kernel.Window {
	var want, and, or [windowBytes]byte
	for i := range copy(want[:], part[at:]) {
		and[i] = 0xff
		if fold {
			want[i], or[i] = bothCases(want[i])
		}
	}
	return kernel.Window{
		And: binary.LittleEndian.Uint64(and[:]), Or: binary.LittleEndian.Uint64(or[:]), Want: binary.LittleEndian.Uint64(want[:]),
	}
}

// bothCases returns, for a folded byte, what both cases of it are when or is set in them.
func bothCases(b byte) (want, or byte) {
	if 'A' <= b && b <= 'Z' {
		return b | 0x20, 0x20
	}
	return b, 0
}

// byWindows is piece for equal, prefix and suffix.
func (t *Test) byWindows(dst []uint64, text []byte, offsets []uint32) {
	if len(t.windows) == 1 {
		t.windows[0].block(dst, text, offsets)
		return
	}
	clear(dst)
	var s scratch
	for i := range t.windows {
		found := s[:len(dst)]
		t.windows[i].block(found, text, offsets)
		kernel.Or(dst, found)
	}
}

// block sets the bits of the rows that meet w.
func (w *window) block(dst []uint64, text []byte, offsets []uint32) {
	if w.never {
		clear(dst)
		return
	}
	kernel.Windows(dst, text, offsets, &w.first)
	if w.whole {
		return
	}
	if w.form == equal && 16*kernel.Ones(dst) > len(offsets) {
		var s scratch
		more := s[:len(dst)]
		kernel.Windows(more, text, offsets, &w.second)
		kernel.And(dst, more)
	}
	each(dst, func(i int) bool {
		b := text[offsets[i]:offsets[i+1]]
		switch w.form {
		case prefix:
			b = b[:len(w.part)]
		case suffix:
			b = b[len(b)-len(w.part):]
		}
		return same(b, w.part, w.fold)
	})
}

// same says whether b, of the length of part, is equal to it; part is folded where fold is
// set, and b then of ASCII, or of no interest.
func same(b []byte, part string, fold bool) bool {
	if !fold {
		return string(b) == part
	}
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c != part[i] {
			return false
		}
	}
	return true
}
