package kernel_test

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/segq/segq/exec/kernel"
)

func TestBytePairs(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, n := range lengths {
		for _, distance := range []int{0, 1, 2, 31, 100} {
			src := make([]byte, n+distance)
			for i := range src {
				src[i] = []byte{'a', 'A', 'b', '@', '`', 0, 0x80, 0xe1, byte(rng.Uint32())}[rng.IntN(9)]
			}
			for range 8 {
				some := []byte{'a', 'b', '@', '`', 0, 0x80, 0xff}
				p := kernel.BytePair{First: some[rng.IntN(7)], Second: some[rng.IntN(7)], Distance: distance}
				if rng.IntN(2) == 0 {
					p.FirstOr, p.SecondOr = 0x20, 0x20
				}
				want := pack(n, func(i int) bool {
					return src[i]|p.FirstOr == p.First && src[i+distance]|p.SecondOr == p.Second
				})
				got := dirty(n)
				kernel.BytePairs(got, src, n, p)
				same(t, "BytePairs", n, got, want)
			}
		}
	}
}

// textsOf makes n texts, and their offsets, some bytes into the text.
func textsOf(rng *rand.Rand, n, most int) (text []byte, offsets []uint32) {
	text = []byte("before")[:rng.IntN(7)]
	offsets = append(offsets, uint32(len(text)))
	for range n {
		for range rng.IntN(most + 1) {
			text = append(text, []byte{'a', 'b', 'B', 0, 0xff}[rng.IntN(5)])
		}
		offsets = append(offsets, uint32(len(text)))
	}
	return append(text, "behind....."[:rng.IntN(10)]...), offsets
}

func TestWindows(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, n := range lengths {
		for _, most := range []int{0, 1, 4, 12} {
			text, offsets := textsOf(rng, n, most)
			for range 30 {
				least := uint32(rng.IntN(10))
				w := kernel.Window{End: rng.IntN(2) == 0, Least: least, Most: least + uint32(rng.IntN(3))}
				if rng.IntN(3) == 0 {
					w.Most = 1<<32 - 1
				}
				// Some bytes, all of which are in a text of the least length.
				from := rng.IntN(int(least) + 1)
				size := rng.IntN(min(int(least)-from, 8) + 1)
				if w.At = uint32(from); w.End {
					w.At = least - uint32(from)
				}
				var and, want [8]byte
				for i := range size {
					and[i], want[i] = 0xff, []byte{'a', 'b'}[rng.IntN(2)]
				}
				w.And, w.Want = binary.LittleEndian.Uint64(and[:]), binary.LittleEndian.Uint64(want[:])
				if rng.IntN(2) == 0 {
					w.Or = 0x2020202020202020
				}
				got := dirty(n)
				kernel.Windows(got, text, offsets, &w)
				same(t, "Windows", n, got, pack(n, func(i int) bool {
					s := text[offsets[i]:offsets[i+1]]
					if len(s) < int(w.Least) || uint32(len(s)) > w.Most {
						return false
					}
					if w.End {
						s = s[len(s)-int(w.At):]
					} else {
						s = s[w.At:]
					}
					for k := range size {
						if s[k]|byte(w.Or) != want[k] {
							return false
						}
					}
					return true
				}))
			}
		}
	}
}

func TestHashes(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	text, offsets := textsOf(rng, 1000, 20)
	got := make([]uint16, 1000)
	kernel.Hashes(got, text, offsets)
	different := map[uint16]bool{}
	for i, h := range got {
		if want := kernel.Hash(text[offsets[i]:offsets[i+1]]); h != want {
			t.Fatalf("text %d has %d, want %d", i, h, want)
		}
		different[h] = true
	}
	if len(different) < 800 {
		t.Errorf("a thousand texts have %d different numbers", len(different))
	}
}

func TestWide(t *testing.T) {
	for n := range 200 {
		src := make([]byte, n)
		for i := range src {
			src[i] = 0x7f
		}
		if !kernel.ASCII(src) || kernel.Wide(src, n/2) != n {
			t.Fatalf("of %d bytes one is wide", n)
		}
		for at := range src {
			src[at] = 0x80
			if kernel.ASCII(src) || kernel.Wide(src, 0) != at || kernel.Wide(src, at) != at || kernel.Wide(src, at+1) != n {
				t.Fatalf("of %d bytes byte %d is not found", n, at)
			}
			src[at] = 0x7f
		}
	}
}

// FuzzWindows takes any texts and any window that stays inside of them.
func FuzzWindows(f *testing.F) {
	f.Add([]byte("u1@ex.com,u22@ex.com,,u333@ex.com"), []byte("u22@"), uint8(0), false)
	f.Add([]byte(",,,,,,,,abcdefghi"), []byte("hi"), uint8(2), true)
	f.Fuzz(func(t *testing.T, data, want []byte, skip uint8, end bool) {
		want = want[:min(len(want), 8)]
		var text []byte
		offsets := []uint32{0}
		for _, b := range data {
			if b == ',' {
				offsets = append(offsets, uint32(len(text)))
				continue
			}
			text = append(text, b)
		}
		offsets = append(offsets, uint32(len(text)))
		least := uint32(len(want)) + uint32(skip)
		w := kernel.Window{At: uint32(skip), End: end, Least: least, Most: 1<<32 - 1}
		if end {
			w.At = least
		}
		for i, b := range want {
			w.And |= 0xff << (8 * i)
			w.Want |= uint64(b) << (8 * i)
		}
		n := len(offsets) - 1
		got := dirty(n)
		kernel.Windows(got, text, offsets, &w)
		same(t, "Windows", n, got, pack(n, func(i int) bool {
			s := text[offsets[i]:offsets[i+1]]
			if len(s) < int(least) {
				return false
			}
			if end {
				s = s[len(s)-int(least):]
			} else {
				s = s[skip:]
			}
			return string(s[:len(want)]) == string(want)
		}))
	})
}
