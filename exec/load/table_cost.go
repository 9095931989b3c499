package load

import (
	"math"

	"github.com/segq/segq/exec/column"
)

// eventCost returns what the footers say of the number of events: for each row group, that
// of the values of a leaf in them, which counts a profile without events as one. It is nil
// where there are no events.
func (t *Table) eventCost(s *column.Snapshot) ([]column.CostPoint, error) {
	if s.EventsField == nil {
		return nil, nil
	}
	b := t.top.fields[s.EventsField.Name]
	if b == nil || b.elem == nil || len(b.units) == 0 {
		return nil, nil
	}
	var points []column.CostPoint
	var at column.CostPoint
	for i, f := range t.files {
		var leaf []int
		for _, u := range b.units {
			if len(u.columns[i]) > 0 {
				leaf = u.columns[i]
				break
			}
		}
		if leaf == nil {
			at.Row += f.rows
			points = append(points, at)
			continue
		}
		chunks, err := f.file.Meta.Column(leaf[0])
		if err != nil {
			return nil, err
		}
		for g, group := range f.file.Meta.Groups {
			at.Row += int(group.Rows)
			at.Events += min(max(chunks[g].Values, 0), math.MaxUint32)
			points = append(points, at)
		}
	}
	return points, nil
}

// costOf returns what is known of the events of a snapshot whose events need not be resident:
// nil where they are.
func (t *Table) costOf(s *column.Snapshot) []column.CostPoint {
	if s.EventsField == nil {
		return nil
	}
	if _, ok := s.Root.Fields[s.EventsField.Index].(*column.List); ok {
		return nil
	}
	return t.cost
}
