package load

import (
	"context"
	"fmt"
	"math"

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
}

// assemble gives the column of all profiles and its type.
func assemble(ctx context.Context, chunks []*chunk, threads int, m *meter) (*column.Struct, *check.Type, error) {
	a := &assembly{meter: m}
	parts := make([]part, len(chunks))
	rows := 0
	for i, c := range chunks {
		parts[i] = part{c.root, rows}
		rows += c.rows
	}
	if rows > math.MaxUint32 {
		return nil, nil, fmt.Errorf("%d rows are more than a table can hold (%d)", rows, uint32(math.MaxUint32))
	}
	root := &column.Struct{N: rows}
	schema, err := a.fields(root, parts)
	if err != nil {
		return nil, nil, err
	}
	if err := a.foresee(threads); err != nil {
		return nil, nil, err
	}
	return root, schema, a.run(ctx, threads)
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

// fields builds the fields of an object of n slots, in the order in which they
// were first met.
func (a *assembly) fields(to *column.Struct, parts []part) (*check.Type, error) {
	var names []string
	byName := map[string][]part{}
	for _, p := range parts {
		if p.node == nil {
			continue
		}
		for _, c := range p.node.children {
			if byName[c.name] == nil {
				names = append(names, c.name)
			}
			byName[c.name] = append(byName[c.name], part{c, p.base})
		}
	}
	to.Fields = make([]column.Column, len(names))
	fields := make([]*check.Field, len(names))
	for i, name := range names {
		t, err := a.column(&to.Fields[i], byName[name], to.N)
		if err != nil {
			return nil, err
		}
		fields[i] = &check.Field{Name: name, Type: t}
	}
	return check.ObjectOf(fields...), nil
}

// column builds the column of one path over n slots into to. Leaves are filled
// by a task.
func (a *assembly) column(to *column.Column, parts []part, n int) (*check.Type, error) {
	if err := a.hold(fieldBytes); err != nil {
		return nil, err
	}
	seen, values := kinds(0), 0
	for _, p := range parts {
		seen |= p.node.seen
		values += p.node.len()
	}
	switch {
	case seen&kindObject != 0:
		if err := a.hold(bitmapBytes(n)); err != nil {
			return nil, err
		}
		c := &column.Struct{Valid: presence(parts, n), N: n}
		*to = c
		return a.fields(c, parts)
	case seen&kindList != 0:
		return a.list(to, parts, n)
	case seen&kindMap != 0:
		return a.mapping(to, parts, n)
	}
	t := leafType(seen)
	if values == 0 {
		*to = &column.Nulls{N: n}
		return t, nil
	}
	a.costs = append(a.costs, costOf(leafKindOf(t), parts, n, values))
	a.tasks = append(a.tasks, func() (err error) {
		*to, err = leaf(t, parts, n, values)
		release(parts)
		return err
	})
	return t, nil
}

func leafType(seen kinds) *check.Type {
	switch {
	case seen == 0:
		return check.AnyType
	case seen.timestamps():
		return check.TimestampType
	case seen&kindBool != 0:
		return check.BoolType
	case seen&kindFloat != 0:
		return check.FloatType
	case seen&kindInt != 0:
		return check.IntType
	}
	return check.StringType
}

func leaf(t *check.Type, parts []part, n, values int) (column.Column, error) {
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
	return texts(parts, n, valid)
}

// list builds a list column: its offsets now, its elements as any column.
func (a *assembly) list(to *column.Column, parts []part, n int) (*check.Type, error) {
	if err := a.hold(offsetBytes(n)); err != nil {
		return nil, err
	}
	offsets, elems, total, err := spread(parts, n)
	if err != nil {
		return nil, err
	}
	c := &column.List{Valid: presence(parts, n), Offsets: offsets}
	*to = c
	elem, err := a.column(&c.Elem, elems, total)
	return check.ListOf(elem), err
}

func (a *assembly) mapping(to *column.Column, parts []part, n int) (*check.Type, error) {
	if err := a.hold(offsetBytes(n)); err != nil {
		return nil, err
	}
	offsets, elems, total, err := spread(parts, n)
	if err != nil {
		return nil, err
	}
	c := &column.Map{Valid: presence(parts, n), Offsets: offsets}
	*to = c
	keys := make([]part, 0, len(elems))
	for _, p := range elems {
		if k := p.node.parent.keys; k != nil {
			keys = append(keys, part{k, p.base})
		}
	}
	a.costs = append(a.costs, costOf(leafText, keys, total, total))
	a.tasks = append(a.tasks, func() (err error) {
		c.Keys, err = texts(keys, total, nil)
		release(keys)
		return err
	})
	elem, err := a.column(&c.Values, elems, total)
	return check.MapOf(elem), err
}

// spread gives the offsets of lists, the parts of their elements and the number
// of these.
func spread(parts []part, n int) (offsets []uint32, elems []part, total int, err error) {
	offsets = make([]uint32, n+1)
	next := 0 // the first slot whose end is not yet set
	for _, p := range parts {
		if total+int(p.node.count) > math.MaxUint32 {
			return nil, nil, 0, fmt.Errorf("%s: more elements than a list column can hold (%d)",
				path(p.node), uint32(math.MaxUint32))
		}
		for i, slot := range p.node.present.slots {
			// The slots before this one that have no list are empty.
			at := p.base + int(slot)
			last := offsets[next]
			for ; next < at; next++ {
				offsets[next+1] = last
			}
			offsets[at+1] = uint32(total) + p.node.present.values[i]
			next = at + 1
		}
		if p.node.elem != nil {
			elems = append(elems, part{p.node.elem, total})
		}
		total += int(p.node.count)
	}
	for ; next < n; next++ {
		offsets[next+1] = uint32(total)
	}
	return offsets, elems, total, nil
}

// presence gives the validity of objects, lists or maps; nil when none is null.
// It is the last to need their slots, and frees them.
func presence(parts []part, n int) column.Bitmap {
	valid := column.NewBitmap(n)
	count := 0
	for _, p := range parts {
		for _, slot := range p.node.present.slots {
			valid.Set(p.base + int(slot))
		}
		count += len(p.node.present.slots)
		p.node.present = lane[uint32]{}
	}
	if count == n {
		return nil
	}
	return valid
}
