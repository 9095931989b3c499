package load

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sync/atomic"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
	"golang.org/x/sync/errgroup"
)

// part is what one chunk has of a path: its node, nil for nothing, and where
// its slots begin in the whole.
type part struct {
	node *node
	base int
}

// assembly builds the columns of a snapshot from chunks. The tree of objects
// and lists is built at once; the leaves are tasks, which run side by side.
type assembly struct {
	tasks []func() error
	costs []cost // of the tasks
	inMap bool   // what is built now is in a map
	meter *meter
	// compact says that columns are to take no more than their values need, ordered that they are
	// to have a column.Order.
	compact, ordered bool
	freed            atomic.Int64 // bytes, since garbage was collected
}

// collect collects garbage once it is a good part of what is held, so that columns need no
// room beside what they were made of.
func (a *assembly) collect(freed int64) {
	all := a.freed.Add(freed)
	if all >= max(collectFrom, a.meter.used.Load()/8) && a.freed.CompareAndSwap(all, 0) {
		collect(all)
	}
}

// assemble builds the column of all profiles.
func (l *loader) assemble(ctx context.Context, root *choice) (*column.Struct, error) {
	a := &assembly{meter: &l.meter, compact: !l.brief, ordered: !l.later}
	bases := make([]int, len(l.chunks))
	rows := 0
	for i, c := range l.chunks {
		bases[i] = rows
		rows += c.rows
	}
	if rows > math.MaxUint32 {
		return nil, fmt.Errorf("%d rows are more than a table can hold (%d)", rows, uint32(math.MaxUint32))
	}
	to := &column.Struct{N: rows}
	if err := a.fields(to, root, bases); err != nil {
		return nil, err
	}
	a.largestFirst()
	if err := a.foresee(l.options.Threads); err != nil {
		return nil, err
	}
	return to, a.run(ctx, l.options.Threads)
}

// largestFirst puts the tasks in order, so that none that is long is left at the end.
func (a *assembly) largestFirst() {
	order := make([]int, len(a.tasks))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, k int) int { return cmp.Compare(a.costs[k].all(), a.costs[i].all()) })
	tasks, costs := a.tasks, a.costs
	a.tasks, a.costs = make([]func() error, len(order)), make([]cost, len(order))
	for to, i := range order {
		a.tasks[to], a.costs[to] = tasks[i], costs[i]
	}
}

// run does the tasks, so many side by side.
func (a *assembly) run(ctx context.Context, threads int) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(threads)
	for _, task := range a.tasks {
		g.Go(guarded(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return task()
		}))
	}
	return g.Wait()
}

// partsOf returns the pieces with the places where the slots of their chunks begin.
func partsOf(pieces []piece, bases []int) []part {
	parts := make([]part, len(pieces))
	for i, p := range pieces {
		parts[i] = part{p.node, bases[p.chunk]}
	}
	return parts
}

// fields builds the fields of objects.
func (a *assembly) fields(to *column.Struct, c *choice, bases []int) error {
	to.Fields = make([]column.Column, len(c.fields))
	for i, f := range c.fields {
		if err := a.column(&to.Fields[i], f, bases, to.N); err != nil {
			return err
		}
	}
	return nil
}

// column builds the column of one path over n slots into to. Leaves are filled
// by a task.
func (a *assembly) column(to *column.Column, c *choice, bases []int, n int) error {
	if err := a.hold(fieldBytes); err != nil {
		return err
	}
	parts := partsOf(c.pieces, bases)
	switch c.t.Kind {
	case check.Object:
		if err := a.hold(bitmapBytes(n)); err != nil {
			return err
		}
		s := &column.Struct{Valid: presence(parts, n), N: n}
		*to = s
		return a.fields(s, c, bases)
	case check.List:
		return a.list(to, c, bases, n)
	case check.Map:
		return a.mapping(to, c, bases, n)
	}
	values := 0
	for _, p := range parts {
		values += p.node.len()
	}
	if values == 0 {
		*to = &column.Nulls{N: n}
		return nil
	}
	parts = ofWholes(parts)
	cost := costOf(leafKindOf(c.t), parts, n, values)
	if a.ordered {
		cost.column += orderBytes(leafKindOf(c.t), parts, n)
	}
	a.costs = append(a.costs, cost)
	a.tasks = append(a.tasks, func() (err error) {
		for _, p := range parts {
			p.node.enlarge()
		}
		if parts[0].node.whole != nil {
			*to, err = joined(parts, n, values)
		} else {
			*to, err = leaf(c.t, parts, n, values)
		}
		if err == nil && a.compact {
			*to = column.Compact(*to)
		}
		release(parts)
		a.collect(cost.frees + cost.scratch)
		return err
	})
	return nil
}

func leaf(t *check.Type, parts []part, n, values int) (column.Column, error) {
	if t.Kind == check.String {
		for _, p := range parts {
			if p.node.len() > len(p.node.texts.values) {
				p.node.spell()
			}
		}
	}
	valid := validBits(parts, n, values)
	switch t.Kind {
	case check.Bool:
		return &column.Bools{Valid: valid, Bits: trueBits(parts, n), N: n}, nil
	case check.Int:
		return wholes(parts, n, valid), nil
	case check.Float:
		return &column.Floats{Valid: valid, V: floats(parts, n)}, nil
	case check.Timestamp:
		return &column.Timestamps{Valid: valid, V: instants(parts, n)}, nil
	}
	return textColumn(parts, n, valid)
}

// list builds a list column: its offsets now, its elements as any column.
func (a *assembly) list(to *column.Column, c *choice, bases []int, n int) error {
	if err := a.hold(offsetBytes(n)); err != nil {
		return err
	}
	s, err := spread(c.pieces, bases)
	if err != nil {
		return err
	}
	list := &column.List{}
	*to = list
	indexed := !a.inMap // of what is in a map, nobody uses the index
	a.costs = append(a.costs, cost{scratch: offsetBytes(n)})
	a.tasks = append(a.tasks, func() error {
		list.Offsets = s.offsets(c.pieces, bases, n)
		list.Valid = presence(partsOf(c.pieces, bases), n)
		if indexed {
			list.Index()
		}
		return nil
	})
	return a.column(&list.Elem, c.elem, s.bases, s.total)
}

func (a *assembly) mapping(to *column.Column, c *choice, bases []int, n int) error {
	if err := a.hold(offsetBytes(n)); err != nil {
		return err
	}
	s, err := spread(c.pieces, bases)
	if err != nil {
		return err
	}
	m := &column.Map{Offsets: s.offsets(c.pieces, bases, n), Valid: presence(partsOf(c.pieces, bases), n)}
	*to = m
	keys := keysOf(c.pieces, s.bases)
	a.costs = append(a.costs, costOf(leafKeys, keys, s.total, s.total))
	a.tasks = append(a.tasks, func() (err error) {
		m.Keys, err = keyColumn(keys, s.total)
		release(keys)
		return err
	})
	outer := a.inMap
	a.inMap = true
	defer func() { a.inMap = outer }()
	return a.column(&m.Values, c.elem, s.bases, s.total)
}

// keysOf returns the keys of the maps of some pieces: either all that are there are columns, or
// none is one.
func keysOf(pieces []piece, bases []int) []part {
	var of []piece
	for _, p := range pieces {
		if k := p.node.keys; k != nil {
			of = append(of, piece{k, p.chunk})
		}
	}
	settleScalars(of)
	return ofWholes(partsOf(of, bases))
}

// keyColumn builds the keys of n entries, none of which is null.
func keyColumn(keys []part, n int) (*column.Strings, error) {
	if len(keys) == 0 || keys[0].node.whole == nil {
		return texts(keys, n, nil)
	}
	if isWhole(keys, n) {
		return keys[0].node.whole.col.(*column.Strings), nil
	}
	return joinTexts(keys, n, nil)
}

// spans says where the elements of lists are.
type spans struct {
	bases []int // by chunk: where its elements begin
	total int
}

// spread returns the spans of lists or maps.
func spread(pieces []piece, bases []int) (*spans, error) {
	s := &spans{bases: make([]int, len(bases))}
	for _, p := range pieces {
		if s.total+int(p.node.count) > math.MaxUint32 {
			return nil, fmt.Errorf("%s: more elements than a list column can hold (%d)", path(p.node), uint32(math.MaxUint32))
		}
		s.bases[p.chunk] = s.total
		s.total += int(p.node.count)
	}
	return s, nil
}

// offsets returns where the lists of n slots begin and end.
func (s *spans) offsets(pieces []piece, bases []int, n int) []uint32 {
	if all := joinedOffsets(pieces, bases, n); all != nil {
		return all
	}
	o := offsets{all: makeRoom[uint32](n + 1)}
	for _, p := range pieces {
		o.fill(bases[p.chunk])
		o.add(uint32(s.bases[p.chunk]), p.node)
	}
	o.fill(n)
	return o.all
}

// offsets are being written; next is the first slot whose end is not yet set.
type offsets struct {
	all  []uint32
	next int
}

// fill sets the ends of slots that have no list, which is empty then, up to before one.
func (o *offsets) fill(to int) {
	for last := o.all[o.next]; o.next < to; o.next++ {
		o.all[o.next+1] = last
	}
}

// add sets the ends of the lists of n, whose slots come next, and whose elements begin with base.
func (o *offsets) add(base uint32, n *node) {
	first := o.next
	switch t := n.there; {
	case t != nil:
		for i, begin := range t.begins[1:] {
			o.all[first+i+1] = base + begin - t.begins[0]
		}
		o.next += t.slots
	case n.here != nil && n.here.first(): // each slot has a list
		for i, end := range n.present.values {
			o.all[first+i+1] = base + end
		}
		o.next += len(n.present.values)
	default:
		n.enlargeForms()
		for i, slot := range n.present.slots {
			o.fill(first + int(slot))
			o.all[o.next+1] = base + n.present.values[i]
			o.next++
		}
	}
}

// presence returns the validity of objects, lists or maps; nil when none is null.
// It is the last to need their slots, and frees them.
func presence(parts []part, n int) column.Bitmap {
	count := 0
	for _, p := range parts {
		count += p.node.occurrences()
	}
	var valid column.Bitmap
	if count < n {
		valid = column.NewBitmap(n)
	}
	for _, p := range parts {
		if valid != nil {
			p.node.mark(valid, p.base)
		}
		p.node.present, p.node.there, p.node.here = lane[uint32]{}, nil, nil
	}
	return valid
}
