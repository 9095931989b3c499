package resident

import (
	"cmp"
	"math/bits"
	"slices"
	"unsafe"

	"github.com/segq/segq/exec/column"
)

// sample keeps the size rows with the smallest hashes of those it is shown. The
// hash is decided by a seed and the row alone, so that this is a uniform sample
// which does not depend on who saw which rows in what order.
type sample struct {
	size int
	seed uint64
	// rows holds up to twice as many as are wanted. Once it was cut, no row with
	// a hash above limit can be among the smallest.
	rows  []hashed
	limit uint64
}

type hashed struct {
	hash uint64
	row  int
}

func newSample(size int, seed uint64) *sample {
	return &sample{size: size, seed: mix(seed), limit: ^uint64(0)}
}

// mix is the finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). It maps
// the 64-bit numbers one to one, so that two rows never have the same hash.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// see shows the sample the rows whose bit is set; bit 0 is row start. What it holds more
// is charged to m, whose error it gives.
func (s *sample) see(matched column.Bitmap, start int, m *meter) error {
	held := cap(s.rows)
	for i, word := range matched {
		for ; word != 0; word &= word - 1 {
			s.add(start + i<<6 + bits.TrailingZeros64(word))
		}
	}
	if grown := cap(s.rows) - held; grown > 0 {
		return m.charge(grown * int(unsafe.Sizeof(hashed{})))
	}
	return nil
}

// add shows the sample a row.
func (s *sample) add(row int) {
	h := mix(uint64(row) ^ s.seed)
	if h > s.limit {
		return
	}
	s.rows = append(s.rows, hashed{h, row})
	if len(s.rows) >= 2*s.size+64 {
		s.cut()
	}
}

// cut leaves the wanted ones.
func (s *sample) cut() {
	if len(s.rows) <= s.size {
		return
	}
	slices.SortFunc(s.rows, func(a, b hashed) int { return cmp.Compare(a.hash, b.hash) })
	s.rows = s.rows[:s.size]
	s.limit = s.rows[s.size-1].hash
}

// merge shows the sample what another one of the same seed has kept.
func (s *sample) merge(other *sample) {
	s.rows = append(s.rows, other.rows...)
	s.cut()
}

// take returns the sampled rows in order.
func (s *sample) take() []int {
	s.cut()
	rows := make([]int, len(s.rows))
	for i, h := range s.rows {
		rows[i] = h.row
	}
	slices.Sort(rows)
	return rows
}
