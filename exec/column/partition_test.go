package column_test

import (
	"math"
	"math/rand/v2"
	"slices"
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

// zipf gives few rows most events: row r of a random order has so many, divided by r.
func zipf(rows, most int) func(row int) int {
	r := rand.New(rand.NewPCG(1, uint64(rows)))
	order := r.Perm(rows)
	return func(row int) int { return most / (1 + order[row]) }
}

// covers checks that partitions hold all rows in order, and all events.
func covers(t *testing.T, s *column.Snapshot, n int, parts []column.Partition) {
	t.Helper()
	offsets := s.Root.Fields[0].(*column.List).Offsets
	next := 0
	for i, p := range parts {
		if p.Start != next || p.Rows() <= 0 {
			t.Fatalf("%d rows, n %d: partition %d is %v after row %d", s.Rows(), n, i, p, next)
		}
		if want := int64(offsets[p.End] - offsets[p.Start]); p.Events != want {
			t.Fatalf("%d rows, n %d: partition %d has %d events, it says %d", s.Rows(), n, i, want, p.Events)
		}
		next = p.End
	}
	if next != s.Rows() || n > 0 && len(parts) > n {
		t.Fatalf("%d rows, n %d: %d partitions that end at %d", s.Rows(), n, len(parts), next)
	}
}

func TestPartitionsCoverAllRows(t *testing.T) {
	for _, rows := range []int{0, 1, 2, 63, 64, 65, 128, 1000, 100_000} {
		for _, events := range []func(int) int{
			func(int) int { return 0 }, func(row int) int { return row % 9 }, zipf(rows, 50_000),
			func(row int) int { return 30_000 * (row % 2) },
		} {
			for _, n := range []int{0, 1, 2, 7, 64, 5000} {
				s := eventsSnapshot(events, rows)
				covers(t, s, n, s.Partitions(n))
			}
		}
	}
}

// As many as suit the table: by its rows, and by its events.
func TestNumberOfPartitions(t *testing.T) {
	for _, c := range []struct{ rows, events, want int }{
		{1, 0, 1}, {8191, 0, 1}, {8192, 0, 2}, {50_000, 0, 7}, {10_000_000, 0, 64},
		{1000, 10, 1}, {1000, 1000, 16}, {20, 100_000, 20}, {100_000, 10, 17}, {1, 1_000_000, 1},
	} {
		s := eventsSnapshot(func(int) int { return c.events }, c.rows)
		if got := s.Partitions(0); len(got) != c.want {
			t.Errorf("%d rows with %d events each: %d partitions, want %d", c.rows, c.events, len(got), c.want)
		}
	}
}

// spread returns the largest cost and the smallest, next to the median.
func spread(parts []column.Partition) (most, least float64) {
	var costs []int64
	for _, p := range parts {
		costs = append(costs, p.Cost())
	}
	slices.Sort(costs)
	median := float64(costs[len(costs)/2])
	return float64(costs[len(costs)-1]) / median, float64(costs[0]) / median
}

func TestPartitionsAreOfEqualCost(t *testing.T) {
	const rows = 300_000
	for name, c := range map[string]struct {
		events      func(int) int
		most, least float64
		words       bool // all boundaries are multiples of 64
	}{
		"none":                      {func(int) int { return 0 }, 1.02, 0.98, true},
		"the same":                  {func(int) int { return 10 }, 1.02, 0.98, true},
		"all in the last tenth":     {func(row int) int { return 90 * (row / (rows * 9 / 10)) }, 1.05, 0.95, false},
		"zipf":                      {zipf(rows, 100_000), 1.2, 0.8, false},
		"many of 100,000":           {func(row int) int { return 5 + 100_000*(1-min(1, row%10_007)) }, 1.2, 0.2, false},
		"most of them side by side": {func(row int) int { return 5 + 100_000*(1-min(1, max(1000-row, row-1100, 0))) }, 1.2, 0.4, false},
	} {
		s := eventsSnapshot(c.events, rows)
		parts := s.Partitions(0)
		covers(t, s, 0, parts)
		most, least := spread(parts)
		if most > c.most || least < c.least {
			t.Errorf("%s: %d partitions, the dearest costs %.2f of the median, the cheapest %.2f", name, len(parts), most, least)
		}
		for _, p := range parts {
			if c.words && p.Start%64 != 0 {
				t.Errorf("%s: a partition starts at %d", name, p.Start)
			}
		}
	}
}

// The dearest partition is nearly as cheap as it can be: next to all ways to cut a few rows.
func TestPartitionsAreTheBest(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 500 {
		events := make([]int, 1+r.IntN(12))
		for i := range events {
			events[i] = r.IntN(1000)
		}
		n := 1 + r.IntN(5)
		s := eventsSnapshot(func(row int) int { return events[row] }, len(events))
		dearest := int64(0)
		for _, p := range s.Partitions(n) {
			dearest = max(dearest, p.Cost())
		}
		total := 0
		for _, e := range events {
			total += 1 + e
		}
		if best := cheapest(events, n); float64(dearest) > float64(best)+float64(total)/float64(n)/16+1 {
			t.Fatalf("%v in %d: the dearest costs %d, it could be %d", events, n, dearest, best)
		}
	}
}

// cheapest tries all ways to cut rows into n ranges.
func cheapest(events []int, n int) int64 {
	if len(events) == 0 {
		return 0
	}
	if n == 1 {
		cost := int64(0)
		for _, e := range events {
			cost += int64(1 + e)
		}
		return cost
	}
	best := int64(math.MaxInt64)
	for k := 1; k <= len(events); k++ {
		best = min(best, max(cheapest(events[:k], 1), cheapest(events[k:], n-1)))
	}
	return best
}

// What the table knew when it was opened decides, whatever is loaded since.
func TestPartitionsFromPoints(t *testing.T) {
	const rows = 100_000
	s := eventsSnapshot(func(row int) int { return row / 10_000 }, rows)
	offsets := s.Root.Fields[0].(*column.List).Offsets
	for row := 20_000; row <= rows; row += 20_000 {
		s.Cost = append(s.Cost, column.CostPoint{Row: row, Events: int64(offsets[row])})
	}
	loaded := s.Partitions(0)
	list := s.Root.Fields[0]
	s.Root.Fields[0] = &column.Unloaded{N: rows}
	if opened := s.Partitions(0); !slices.Equal(opened, loaded) {
		t.Errorf("loaded: %v\nnot loaded: %v", loaded, opened)
	}
	if most, least := spread(loaded); most > 1.03 || least < 0.97 {
		t.Errorf("the dearest costs %.2f of the median, the cheapest %.2f", most, least)
	}
	// Between two points the events are taken to be spread evenly: here by rows of 0 and of 1.
	s.Root.Fields[0] = list
	events := int64(0)
	for _, p := range loaded {
		events += p.Events
		want := float64(offsets[p.End/20_000*20_000]) // the point before
		if next := p.End/20_000*20_000 + 20_000; next <= rows {
			part := float64(p.End%20_000) / 20_000
			want += part * float64(offsets[next]-offsets[next-20_000])
		}
		if math.Abs(want-float64(events)) > 1 {
			t.Errorf("before row %d: %d events, want %.0f", p.End, events, want)
		}
	}
}

func TestRowsWithinACost(t *testing.T) {
	s := eventsSnapshot(func(row int) int { return 100_000 * (1 - min(1, row%1000)) }, 100_000)
	for _, c := range []struct{ start, end, most, want int }{
		{0, 100_000, 10, 1},           // a row at least
		{1, 100_000, 10, 11},          // up to the cost
		{1, 100_000, 500, 448},        // 501, but to a multiple of 64
		{1, 100, 500, 100},            // up to the end
		{990, 100_000, 500, 1000},     // before the dear one
		{990, 100_000, 200_000, 1984}, // with it
	} {
		got := s.Within(column.Range{Start: c.start, End: c.end}, int64(c.most))
		if got != (column.Range{Start: c.start, End: c.want}) {
			t.Errorf("rows %d to %d within %d: got %v, want up to %d", c.start, c.end, c.most, got, c.want)
		}
	}
}

func BenchmarkPartitions(b *testing.B) {
	for name, s := range map[string]*column.Snapshot{
		"flat": eventsSnapshot(func(int) int { return 0 }, 10_000_000),
		"zipf": eventsSnapshot(zipf(1_000_000, 100_000), 1_000_000),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s.Partitions(0)
			}
		})
	}
}

// Row groups may have no rows, the first one among them.
func TestPartitionsFromPointsOfNoRows(t *testing.T) {
	s := eventsSnapshot(func(int) int { return 2 }, 300)
	s.Cost = []column.CostPoint{{}, {}, {Row: 100, Events: 200}, {Row: 100, Events: 200}, {Row: 300, Events: 600}, {Row: 300, Events: 600}}
	covers(t, s, 4, s.Partitions(4))
}
