package load

import (
	"unsafe"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
	"golang.org/x/sync/errgroup"
)

// nodeBytes is about what a path takes in a chunk besides its values: the node, its
// name, its places in the list and the map of its parent, and in the journal of the row
// that had it first.
const nodeBytes = int64(unsafe.Sizeof(node{})) + 192

// weight is what a chunk holds.
type weight struct {
	bytes int64
	nodes int
	// most is what the values of one node hold at most. While they are moved to where
	// there is more room, they are there twice.
	most int64
}

// weigh adds what n and all below it hold, about.
func (w *weight) weigh(n *node) {
	if n == nil {
		return
	}
	own := n.own()
	w.bytes += nodeBytes + own
	w.nodes++
	w.most = max(w.most, own)
	for _, c := range n.children {
		w.weigh(c)
	}
	for _, c := range n.others {
		w.weigh(c)
	}
	w.weigh(n.spill)
	w.weigh(n.elem)
	w.weigh(n.keys)
}

// fieldBytes is about what a field takes in the table besides its values: its type, its
// column, its task.
const fieldBytes = 512

// own returns what the values of n itself hold.
func (n *node) own() int64 {
	if n.whole != nil {
		return n.whole.share(n.group)
	}
	return n.bools.bytes() + n.ints.bytes() + n.floats.bytes() + n.times.bytes() + n.isos.bytes() + n.texts.bytes() +
		n.small.bytes() + n.presence() + n.dict.size() + int64(cap(n.digits)) + n.odd.bytes() + n.cells.bytes()
}

// presence returns what the slots of the objects or lists of n hold, and their ends.
func (n *node) presence() int64 {
	if n.here != nil {
		return n.here.bytes() + 4*int64(cap(n.present.values))
	}
	return n.present.bytes() + n.there.bytes()
}

func (l *lane[T]) bytes() int64 {
	return 4*int64(cap(l.slots)) + int64(unsafe.Sizeof(*new(T)))*int64(cap(l.values))
}

func (o *odd) bytes() int64 {
	if o == nil {
		return 0
	}
	return o.large.bytes() + o.spelled.bytes()
}

func (c *cellColumn) bytes() int64 {
	if c == nil {
		return 0
	}
	return int64(cap(c.digits)+cap(c.written.bytes)) + 4*int64(cap(c.written.slots)+cap(c.written.ends))
}

// size returns what a dictionary holds.
func (d *dict) size() int64 {
	if d == nil {
		return 0
	}
	return int64(cap(d.bytes)) + 4*int64(cap(d.ends)) + int64(unsafe.Sizeof(dictPlace{}))*int64(cap(d.table)) + 8*int64(cap(d.iso)+cap(d.marks))
}

// cost is what the building of one leaf takes: what its column will hold, what is
// needed meanwhile, and what it frees of the chunks.
type cost struct {
	column, scratch, frees int64
	// wholes is set where the width of the column is that of its numbers, and has not
	// been looked up.
	wholes func() int64
}

func (c *cost) all() int64 { return c.column + c.scratch + c.frees }

// costOf returns the cost of a leaf of the given type, as an upper bound that is
// near: of the different texts of several chunks it takes none for equal.
func costOf(kind leafKind, parts []part, n, values int) cost {
	c := cost{}
	if len(parts) > 0 && parts[0].node.whole != nil {
		return costOfWholes(kind, parts, n)
	}
	if values < n {
		c.column = bitmapBytes(n)
	}
	strings := 0
	if kind == leafText {
		if size, ok := rowBytes(parts, n); ok {
			return c.inRows(parts, n, size)
		}
		kind = leafKeys // by a dictionary, as keys always are
	}
	for _, p := range parts {
		c.frees += p.node.own() - p.node.presence()
		c.scratch += p.node.small.laneBytes()
		if d := p.node.dict; d != nil {
			strings += d.len()
			if kind == leafKeys {
				c.column += int64(len(d.bytes)) + 4*int64(d.len())
			}
		}
	}
	switch kind {
	case leafBool:
		c.column += bitmapBytes(n)
	case leafKeys:
		c.column += int64(n) * codeBytes(strings)
		c.scratch += int64(strings) * (int64(unsafe.Sizeof(entry{})) + 4)
	case leafInt:
		c.column += int64(n) * wideBytes
		c.wholes = func() int64 { return int64(n) * (wideBytes - wholeBytes(parts)) }
	case leafWide:
		c.column += int64(n) * wideBytes
		c.scratch += 8 * int64(strings)
	}
	return c
}

// inRows returns the cost of texts in the order of the rows.
func (c cost) inRows(parts []part, n, size int) cost {
	c.column += int64(size) + 4*int64(n+1)
	for _, p := range parts {
		c.frees += p.node.own() - p.node.presence()
		c.scratch += p.node.small.laneBytes()
	}
	return c
}

// costOfWholes returns the cost of a leaf whose parts are columns.
func costOfWholes(kind leafKind, parts []part, n int) cost {
	c := cost{}
	if texts := parts[0].node.whole.kind == kindString; isWhole(parts, n) && (kind == leafText || kind == leafKeys || !texts) {
		return c // as it is
	}
	for _, p := range parts {
		c.frees += p.node.own()
	}
	c.column += c.frees
	return c
}

// orderBytes returns what the column.Order of a leaf takes whose parts are columns; of others it is in
// their cost.
func orderBytes(kind leafKind, parts []part, n int) int64 {
	if whole := len(parts) > 0 && parts[0].node.whole != nil; whole && (kind == leafInt || kind == leafWide) {
		return 2 * int64(n)
	}
	return 0
}

// leafKind is what decides the cost of a leaf.
type leafKind uint8

const (
	leafBool leafKind = iota
	leafInt
	leafWide // a float or an instant
	leafText
	leafKeys // of a map
)

// wideBytes is what a value of eight bytes takes with its code in column.Order.
const wideBytes = 8 + 2

func leafKindOf(t *check.Type) leafKind {
	switch t.Kind {
	case check.Bool:
		return leafBool
	case check.Int:
		return leafInt
	case check.Float, check.Timestamp:
		return leafWide
	}
	return leafText
}

// offsetBytes is what n lists take besides their elements: an offset, and the bit
// that says whether it is there.
func offsetBytes(n int) int64 { return 4*int64(n+1) + bitmapBytes(n) }

func bitmapBytes(n int) int64 { return 8 * int64((n+63)/64) }

// codeBytes is the width of codes of so many strings.
func codeBytes(strings int) int64 {
	switch {
	case strings <= 1<<8:
		return 1
	case strings <= 1<<16:
		return 2
	}
	return 4
}

// wholeBytes is the width of whole numbers.
func wholeBytes(parts []part) int64 {
	low, high := int64(0), int64(0)
	for _, p := range parts {
		l, h := p.node.bounds()
		low, high = min(low, l), max(high, h)
	}
	switch {
	case low >= -1<<7 && high < 1<<7:
		return 1
	case low >= -1<<15 && high < 1<<15:
		return 2
	case low >= -1<<31 && high < 1<<31:
		return 4 + 2
	}
	return wideBytes
}

// hold charges the assembly for n bytes that its columns will hold.
func (a *assembly) hold(n int64) error { return a.meter.charge(n) }

// foresee fails where the tasks would take too much, before any has begun.
func (a *assembly) foresee(threads int) error {
	m := a.meter
	peak, end := a.simulate(threads)
	if m.limit > 0 && peak > m.limit { // then look more closely
		for i, c := range a.costs {
			if c.wholes != nil {
				a.costs[i].column -= c.wholes()
			}
		}
		peak, end = a.simulate(threads)
	}
	m.peak.Store(max(m.peak.Load(), peak))
	if m.limit > 0 && peak > m.limit {
		m.fail(&MemoryError{Needs: peak, Limit: m.limit})
		return m.failed.Load()
	}
	m.used.Store(end)
	return nil
}

// simulate goes through the tasks as they will run, so many side by side, and says
// what is held at most, and in the end.
func (a *assembly) simulate(threads int) (peak, held int64) {
	held = a.meter.used.Load()
	peak = held
	running := a.costs[:0]
	for i, c := range a.costs {
		if len(running) == threads {
			held -= running[0].scratch + running[0].frees
		}
		held += c.column + c.scratch
		peak = max(peak, held)
		running = a.costs[max(0, i+1-threads) : i+1]
	}
	for _, c := range running {
		held -= c.scratch + c.frees
	}
	return peak, held
}

// sortEntries sorts the entries of maps, which copies one map at a time on each thread.
func (l *loader) sortEntries(root *column.Struct) error {
	maps, extra := mapsIn(root), int64(0)
	for _, m := range maps {
		extra = max(extra, bytesOf(m))
	}
	extra *= int64(min(l.options.Threads, len(maps)))
	if err := l.meter.charge(extra); err != nil {
		return err
	}
	var g errgroup.Group
	g.SetLimit(l.options.Threads)
	for _, m := range maps {
		g.Go(guarded(func() error {
			column.SortEntries(m)
			return nil
		}))
	}
	err := g.Wait()
	l.meter.used.Add(-extra)
	return err
}

// mapsIn returns the maps of c that are in no other one.
func mapsIn(c column.Column) (all []*column.Map) {
	switch c := c.(type) {
	case *column.Struct:
		for _, f := range c.Fields {
			all = append(all, mapsIn(f)...)
		}
	case *column.List:
		return mapsIn(c.Elem)
	case *column.Map:
		return []*column.Map{c}
	}
	return all
}

// bytesOf returns what a column holds.
func bytesOf(c column.Column) int64 {
	s := column.Snapshot{Root: &column.Struct{Fields: []column.Column{c}}}
	return s.Bytes()
}

// weighColumns looks at the result of the load.
func (l *loader) weighColumns(s *column.Snapshot) error {
	bytes := s.Bytes()
	l.report.Peak, l.report.Columns = l.meter.peak.Load(), bytes
	if most := l.options.columnLimit(); most > 0 && bytes > most {
		return &MemoryError{Needs: bytes, Limit: most, Columns: true}
	}
	return nil
}
