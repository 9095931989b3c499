package column

import "sort"

// What a row costs: one, and one more for each of its events. A [cost] tells it from what
// is known of the events.

// CostPoint says that the rows before Row have Events events.
type CostPoint struct {
	Row    int
	Events int64
}

// events tells how many events the rows before a row have, never fewer for a later row.
type events interface{ before(row int) int64 }

// eventOffsets knows it of each row, eventPoints of some, between which it takes the events
// to be spread evenly.
type (
	noEvents     struct{}
	eventOffsets []uint32
	eventPoints  []CostPoint
)

func (noEvents) before(int) int64 { return 0 }

func (o eventOffsets) before(row int) int64 { return int64(o[row]) }

func (p eventPoints) before(row int) int64 {
	k := sort.Search(len(p), func(k int) bool { return p[k].Row >= row })
	var from CostPoint
	if k > 0 {
		from = p[k-1]
	}
	if k == len(p) || row <= from.Row { // as before the first row, where the first group has none
		return from.Events
	}
	part := float64(row-from.Row) / float64(p[k].Row-from.Row)
	return from.Events + int64(part*float64(p[k].Events-from.Events))
}

// loadedEvents is what the offsets of the events say, or nothing where they are not resident.
func (s *Snapshot) loadedEvents() events {
	if s.EventsField != nil {
		if l, ok := s.Root.Fields[s.EventsField.Index].(*List); ok {
			return eventOffsets(l.Offsets)
		}
	}
	return noEvents{}
}

// knownEvents is the same before the events are loaded as after it, where the table says
// what it knows of them.
func (s *Snapshot) knownEvents() events {
	if s.Cost != nil {
		return eventPoints(s.Cost)
	}
	return s.loadedEvents()
}

// mostPoints is up to how many points tell the cost of the rows.
const mostPoints = 4096

// CostPoints returns what is known of the events, so that partitions are the same where they are not resident; nil
// where there are none.
func (s *Snapshot) CostPoints() []CostPoint {
	if s.Cost != nil || s.EventsField == nil {
		return s.Cost
	}
	events, ok := s.Root.Fields[s.EventsField.Index].(*List)
	if !ok {
		return nil
	}
	var points []CostPoint
	step := s.Rows()/mostPoints + 1
	for row := step; row < s.Rows()+step; row += step {
		at := min(row, s.Rows())
		points = append(points, CostPoint{Row: at, Events: int64(events.Offsets[at])})
	}
	return points
}

// cost is what rows cost.
type cost struct {
	rows   int
	events events
	// grain is what a boundary may lie beside its place, to be a multiple of 64.
	grain int64
}

// before is the cost of the rows before one.
func (c *cost) before(row int) int64 { return int64(row) + c.events.before(row) }

// of is the cost of rows.
func (c *cost) of(start, end int) int64 { return c.before(end) - c.before(start) }

// end returns where the rows from start on, one at least, end that cost at most so much.
func (c *cost) end(start int, most int64) int {
	upTo := c.before(start) + most
	// A row costs one at least.
	some := sort.Search(int(min(int64(c.rows-start), most)), func(k int) bool { return c.before(start+k+1) > upTo })
	end := start + max(some, 1)
	if whole := end &^ (wordRows - 1); end < c.rows && whole > start && c.of(whole, end) <= c.grain {
		return whole
	}
	return end
}

// start returns where the rows before end, one at least, start that cost at most so much.
func (c *cost) start(end int, most int64) int {
	from := c.before(end) - most
	first := int(max(0, int64(end)-most))
	return first + sort.Search(end-1-first, func(k int) bool { return c.before(first+k) >= from })
}

// Within returns the first of rows, one at least, that cost at most so much, as far as the
// events are resident. They end at a multiple of 64 where that makes little difference.
func (s *Snapshot) Within(rows Range, most int64) Range {
	c := &cost{rows: rows.End, events: s.loadedEvents(), grain: most / 4}
	return Range{rows.Start, c.end(rows.Start, most)}
}
