package cluster

import "github.com/segq/segq/exec/executor"

// shape is how the rows of a table are divided, where that is known.
type shape struct {
	index map[int]int // of the number of a part
	rows  []int
}

// shapeOf returns the shape of a table of which all parts have answered.
func shapeOf(answers []*executor.Answer) *shape {
	s := &shape{index: map[int]int{}}
	for _, a := range answers {
		s.index[a.Part] = len(s.rows)
		s.rows = append(s.rows, a.Rows)
	}
	return s
}
