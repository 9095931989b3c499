package kernel_test

import (
	"testing"

	"github.com/segq/segq/exec/kernel"
)

// Any bytes are classes, and any bytes a table: whatever tier is in use looks them up
// as a plain loop does.
func FuzzSelect8(f *testing.F) {
	f.Add([]byte{1, 2, 3}, []byte{0xff, 0, 1})
	f.Add(make([]byte, 700), []byte{})
	f.Fuzz(func(t *testing.T, src, answers []byte) {
		var table [256]uint8
		copy(table[:], answers)
		classes := 1
		for _, c := range src {
			classes = max(classes, int(c)+1)
		}
		n := len(src)
		staged := make([]uint8, kernel.Staged(n))
		kernel.Stage(staged, src, nil, 0)
		dst := dirty(64 * 8 * kernel.Words(n))
		kernel.Select8(dst, kernel.Words(n), staged, n, &table, classes)
		for p := range 8 {
			same(t, "predicate", n, dst[p*kernel.Words(n):][:(n+63)/64], pack(n, func(i int) bool { return table[src[i]]>>p&1 != 0 }))
		}
	})
}

// Any bytes are elements, the lowest bit of each whether it is in the list's part, the
// next whether it ends its list.
func FuzzLists(f *testing.F) {
	f.Add([]byte{0, 1, 3, 2, 3}, uint8(0))
	f.Add(make([]byte, 200), uint8(5))
	f.Fuzz(func(t *testing.T, elements []byte, drops uint8) {
		if len(elements) == 0 {
			return
		}
		elements[len(elements)-1] |= 2
		n := len(elements)
		m := pack(n, func(i int) bool { return elements[i]&1 != 0 })
		ends := pack(n, func(i int) bool { return elements[i]&2 != 0 })
		lists := kernel.Ones(ends)
		dst, rest := make([]uint64, (lists+63)/64), make([]uint64, len(m))
		kernel.Lists(dst, rest, m, ends, int(drops%9))
		i, found := 0, 0
		for _, e := range elements {
			found += int(e & 1)
			if e&2 == 0 {
				continue
			}
			if get(dst, i) != (found > int(drops%9)) {
				t.Fatalf("list %d has %d, and more than %d: %t", i, found, drops%9, get(dst, i))
			}
			i, found = i+1, 0
		}
	})
}
