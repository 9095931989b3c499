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
	meter *meter
	freed atomic.Int64 // bytes, since garbage was collected
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
func assemble(ctx context.Context, chunks []*chunk, root *choice, threads int, m *meter) (*column.Struct, error) {
	a := &assembly{meter: m}
	bases := make([]int, len(chunks))
	rows := 0
	for i, c := range chunks {
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
	if err := a.foresee(threads); err != nil {
		return nil, err
	}
	return to, a.run(ctx, threads)
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
	a.costs = append(a.costs, cost{scratch: offsetBytes(n)})
	a.tasks = append(a.tasks, func() error {
		list.Offsets = s.offsets(c.pieces, bases, n)
		list.Valid = presence(partsOf(c.pieces, bases), n)
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
	var keys []part
	for _, p := range c.pieces {
		if k := p.node.keys; k != nil {
			keys = append(keys, part{k, s.bases[p.chunk]})
		}
	}
	a.costs = append(a.costs, costOf(leafKeys, keys, s.total, s.total))
	a.tasks = append(a.tasks, func() (err error) {
		m.Keys, err = texts(keys, s.total, nil)
		release(keys)
		return err
	})
	return a.column(&m.Values, c.elem, s.bases, s.total)
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
	offsets := joinedEnds(pieces, bases, n)
	if offsets == nil {
		offsets = makeRoom[uint32](n + 1)
	}
	next := 0 // the first slot whose end is not yet set
	fill := func(to int) {
		last := offsets[next]
		for ; next < to; next++ {
			offsets[next+1] = last // there is no list, so it is empty
		}
	}
	for _, p := range pieces {
		first, base, present := bases[p.chunk], uint32(s.bases[p.chunk]), &p.node.present
		fill(first)
		if p.node.shared || p.node.here != nil && p.node.here.first() { // each slot has a list
			for i, end := range present.values {
				offsets[first+i+1] = base + end
			}
			next = first + len(present.values)
			continue
		}
		p.node.enlargeForms()
		for i, slot := range present.slots {
			fill(first + int(slot))
			offsets[next+1] = base + present.values[i]
			next++
		}
	}
	fill(n)
	return offsets
}

// presence returns the validity of objects, lists or maps; nil when none is null.
// It is the last to need their slots, and frees them.
func presence(parts []part, n int) column.Bitmap {
	count := 0
	for _, p := range parts {
		count += p.node.formCount()
	}
	var valid column.Bitmap
	if count < n {
		valid = column.NewBitmap(n)
	}
	for _, p := range parts {
		if valid != nil {
			p.node.here.setIn(valid, p.base)
			for _, slot := range p.node.present.slots {
				valid.Set(p.base + int(slot))
			}
		}
		p.node.present, p.node.here, p.node.shared, p.node.joined = lane[uint32]{}, nil, false, nil
	}
	return valid
}
