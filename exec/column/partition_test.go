package column_test

import (
	"testing"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// eventsSnapshot has a list of events with the given number of elements a row.
func eventsSnapshot(events func(row int) int, rows int) *column.Snapshot {
	offsets := make([]uint32, 1, rows+1)
	for i := range rows {
		offsets = append(offsets, offsets[i]+uint32(events(i)))
	}
	schema := check.ObjectOf(&check.Field{Name: "xEvent", Type: check.ListOf(check.AnyType)})
	list := &column.List{Offsets: offsets, Elem: &column.Nulls{N: int(offsets[rows])}}
	return &column.Snapshot{
		Schema: schema, EventsField: schema.Fields[0],
		Root: &column.Struct{N: rows, Fields: []column.Column{list}},
	}
}

func TestPartitionsCoverAllRows(t *testing.T) {
	for _, rows := range []int{0, 1, 63, 64, 65, 128, 1000, 100_000} {
		for _, n := range []int{-1, 0, 1, 2, 7, 64, 5000} {
			s := eventsSnapshot(func(row int) int { return row % 9 }, rows)
			ranges := s.Partitions(n)
			next := 0
			for i, r := range ranges {
				if r.Start != next || r.Rows() <= 0 {
					t.Fatalf("%d rows, n %d: range %d is %v after row %d", rows, n, i, r, next)
				}
				if r.Start%64 != 0 {
					t.Fatalf("%d rows, n %d: range %d starts at %d", rows, n, i, r.Start)
				}
				next = r.End
			}
			if next != rows || len(ranges) > max(n, 1) || len(ranges) > (rows+63)/64 {
				t.Fatalf("%d rows, n %d: %d ranges that end at %d", rows, n, len(ranges), next)
			}
		}
	}
}

func TestPartitionsAreOfEqualCost(t *testing.T) {
	// All the events are in the last tenth of the rows.
	rows := 100_000
	s := eventsSnapshot(func(row int) int {
		if row < rows*9/10 {
			return 0
		}
		return 90
	}, rows)
	total := rows + rows/10*90
	block := 64 * 91 // the cost of the dearest block: no cut can be finer
	for i, r := range s.Partitions(8) {
		l := s.Root.Fields[0].(*column.List)
		cost := r.Rows() + int(l.Offsets[r.End]-l.Offsets[r.Start])
		if want := total / 8; cost < want-block || cost > want+block {
			t.Errorf("partition %d %v costs %d, want about %d", i, r, cost, want)
		}
	}
}
