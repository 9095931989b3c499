package turnover

import (
	"cmp"
	"container/heap"
	"encoding/binary"
	"hash/fnv"
	"slices"
)

// Sample chooses some of the ids that entered, and some of those that left, each with the same chance. The same seed
// chooses the same, in whatever order they come.
type Sample struct {
	most          int
	seed          uint64
	entered, left drawn
}

// NewSample chooses so many of either, 0 for none.
func NewSample(most int, seed uint64) *Sample { return &Sample{most: most, seed: seed} }

// Add takes an id into account.
func (s *Sample) Add(id string, entered bool) {
	if s.most <= 0 {
		return
	}
	to := &s.left
	if entered {
		to = &s.entered
	}
	h := fnv.New64a()
	var seed [8]byte
	binary.LittleEndian.PutUint64(seed[:], s.seed)
	h.Write(seed[:])
	h.Write([]byte(id))
	lot := draw{h.Sum64(), id}
	lot.number = (lot.number ^ lot.number>>33) * 0xff51afd7ed558ccd
	switch {
	case len(*to) < s.most:
		heap.Push(to, lot)
	case lot.before((*to)[0]):
		(*to)[0] = lot
		heap.Fix(to, 0)
	}
}

// IDs returns those that were chosen, in order.
func (s *Sample) IDs() (entered, left []string) { return s.entered.ids(), s.left.ids() }

// draw is an id and the number that it drew: the lowest are chosen.
type draw struct {
	number uint64
	id     string
}

func (d draw) before(other draw) bool {
	return cmp.Or(cmp.Compare(d.number, other.number), cmp.Compare(d.id, other.id)) < 0
}

// drawn is a heap whose first has drawn the highest number.
type drawn []draw

func (d drawn) Len() int           { return len(d) }
func (d drawn) Less(i, j int) bool { return d[j].before(d[i]) }
func (d drawn) Swap(i, j int)      { d[i], d[j] = d[j], d[i] }

// Push adds one at the end.
func (d *drawn) Push(x any) { *d = append(*d, x.(draw)) }

// Pop takes the last.
func (d *drawn) Pop() any {
	last := (*d)[len(*d)-1]
	*d = (*d)[:len(*d)-1]
	return last
}

func (d drawn) ids() []string {
	var all []string
	for _, one := range d {
		all = append(all, one.id)
	}
	slices.Sort(all)
	return all
}
