package pack

import "github.com/segq/segq/exec/column"

func (w *writer) cost(points []column.CostPoint) {
	w.number(len(points))
	var before column.CostPoint
	for _, p := range points {
		w.number(p.Row - before.Row)
		w.number(int(p.Events - before.Events))
		before = p
	}
}

// cost reads points of a table of so many rows. They ascend.
func (r *reader) cost(rows int) []column.CostPoint {
	n := r.count(2)
	if n == 0 {
		return nil
	}
	points := make([]column.CostPoint, 0, n)
	var at column.CostPoint
	for range n {
		more := r.number(rows - at.Row)
		at.Row, at.Events = at.Row+more, at.Events+int64(r.number(maxElems))
		if r.err == nil && more == 0 {
			r.fail("two things are said of the cost of one row")
		}
		if r.err != nil {
			return nil
		}
		points = append(points, at)
	}
	return points
}
