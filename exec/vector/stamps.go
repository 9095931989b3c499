package vector

import "github.com/segq/segq/exec/column"

// stamps holds, for each code of a dictionary, the group that it was last given, and
// in which list that was: so that nothing is cleared between two lists.
type stamps struct {
	list  uint32
	given []uint32
	group []uint32
}

// mostStamps is the size of the largest dictionary that has stamps, fewElements up to
// how many elements are compared one by one where there are none.
const (
	mostStamps  = 1 << 16
	fewElements = 32
)

func (e *Evaluator) stampsOf(d *column.Dict) *stamps {
	s := e.stamps[d]
	if s == nil {
		s = &stamps{given: make([]uint32, d.Len()), group: make([]uint32, d.Len())}
		e.stamps[d] = s
	}
	return s
}

// groups finds the groups of the elements in mask from a to before b, by their codes:
// own gets the group of each, and first and sizes those that are new.
func (s *stamps) groups(codes []uint32, mask []uint64, own, first, sizes []uint32, a, b uint32) (newFirst, newSizes []uint32) {
	for k := a; k < b; k++ {
		if mask[k>>6]>>(k&63)&1 == 0 {
			continue
		}
		code := codes[k]
		g := s.group[code]
		if s.given[code] != s.list {
			g = uint32(len(first))
			s.given[code], s.group[code] = s.list, g
			first, sizes = append(first, k), append(sizes, 0)
		}
		own[k] = g
		sizes[g]++
	}
	return first, sizes
}
