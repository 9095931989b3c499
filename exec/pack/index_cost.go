package pack

import "github.com/segq/segq/exec/column"

// mostPoints is up to how many points tell the cost of the rows.
const mostPoints = 4096

// costOf returns what a table says of the cost of its rows, so that partitions are the same
// before the events are asked for as after it; nil where there are none.
func costOf(s *column.Snapshot) []column.CostPoint {
	if s.Cost != nil || s.EventsField == nil {
		return s.Cost
	}
	events, ok := s.Root.Fields[s.EventsField.Index].(*column.List)
	if !ok {
		return nil
	}
	var points []column.CostPoint
	step := s.Rows()/mostPoints + 1
	for row := step; row < s.Rows()+step; row += step {
		at := min(row, s.Rows())
		points = append(points, column.CostPoint{Row: at, Events: int64(events.Offsets[at])})
	}
	return points
}

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
