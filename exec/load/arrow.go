package load

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/segq/segq/exec/load/arrow"
	"golang.org/x/sync/errgroup"
)

// arrow reads an Arrow IPC file or stream: record batches that follow each other become one
// chunk, and each column of that is a task of its own.
func (l *loader) arrow(ctx context.Context, r io.ReaderAt, size int64) error {
	r, end, err := l.arrowFrom(r, size)
	if err != nil {
		return err
	}
	defer end()
	f, err := arrow.Open(r, size)
	if err != nil {
		return err
	}
	f.Charge = l.meter.charge
	defer f.Close()
	if f.Unended {
		l.note("%s: the stream has no mark of its end: "+unmarkedEnd, l.name)
	}
	fields := readableArrow(f.Fields, l.note)
	groups := l.arrowGroups(f, fields)
	defer collectEarly(size)()
	read := &arrowReader{loader: l, fields: fields}
	f.WillNeed(func(column func(*arrow.Batch, int)) { read.each(groups, column) })
	if err := read.read(ctx, groups); err != nil {
		return err
	}
	var leaves []*typedLeaf
	var chunks []*chunk
	for i := range fields {
		for _, g := range groups {
			leaves = append(leaves, g.leaves[i]...)
		}
	}
	l.noteTyped(leaves)
	for _, g := range groups {
		chunks = append(chunks, g.chunk)
	}
	return l.takeTyped(chunks)
}

// arrowGroup is record batches that become one chunk.
type arrowGroup struct {
	chunk   *chunk
	nodes   []*node // by field
	batches []*arrow.Batch
	leaves  [][]*typedLeaf // by field
	held    []int64        // by field, what was charged for its values
}

// groupRows is the number of rows from which on a chunk takes no further record batch.
const groupRows = 1 << 16

// arrowGroups makes empty chunks for the batches of a file, one at least.
func (l *loader) arrowGroups(f *arrow.File, fields []*arrowField) []*arrowGroup {
	var all []*arrowGroup
	for _, b := range f.Batches {
		if k := len(all) - 1; k < 0 || all[k].chunk.rows+b.Rows > groupRows {
			all = append(all, l.newArrowGroup(fields))
		}
		g := all[len(all)-1]
		g.batches = append(g.batches, b)
		g.chunk.rows += b.Rows
	}
	if all == nil {
		all = append(all, l.newArrowGroup(fields))
	}
	for _, g := range all {
		g.chunk.read = g.chunk.rows
	}
	return all
}

func (l *loader) newArrowGroup(fields []*arrowField) *arrowGroup {
	g := &arrowGroup{chunk: &chunk{root: newRoot(l.want)}, leaves: make([][]*typedLeaf, len(fields)), held: make([]int64, len(fields))}
	g.chunk.root.seen = kindObject
	for _, f := range fields {
		g.nodes = append(g.nodes, g.chunk.root.child(f.Name))
	}
	return g
}

// arrowReader fills the chunks of a file.
type arrowReader struct {
	loader *loader
	fields []*arrowField
	mu     sync.Mutex // of the progress
}

func (r *arrowReader) read(ctx context.Context, groups []*arrowGroup) error {
	tasks, ctx := errgroup.WithContext(ctx)
	tasks.SetLimit(r.loader.options.Threads)
	for _, g := range groups {
		for i := range r.fields {
			tasks.Go(guarded(func() error { return r.column(ctx, g, i) }))
		}
	}
	if err := tasks.Wait(); err != nil {
		return err
	}
	for _, g := range groups {
		for _, held := range g.held {
			g.chunk.held += held
		}
	}
	return nil
}

// each calls f with the columns of batches, about in the order in which they are read.
func (r *arrowReader) each(groups []*arrowGroup, f func(b *arrow.Batch, column int)) {
	for _, g := range groups {
		for _, field := range r.fields {
			for _, b := range g.batches {
				f(b, field.place)
			}
		}
	}
}

// column reads a column of the batches of a group.
func (r *arrowReader) column(ctx context.Context, g *arrowGroup, i int) error {
	n := g.nodes[i]
	fill := &arrowFill{loader: r.loader, leaves: map[*node]*typedLeaf{}, codes: map[partOf][]uint32{}}
	fill.declare(n, r.fields[i])
	from := 0
	for _, b := range g.batches {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := fill.batch(n, r.fields[i], b, from); err != nil {
			return err
		}
		from += b.Rows
		r.progress(b)
	}
	n.dropRepeatedBelow()
	n.shrink()
	g.leaves[i] = fill.order
	var w weight
	w.weigh(n)
	g.held[i] = w.bytes
	return r.loader.meter.charge(w.bytes - fill.held)
}

// progress tells of a batch of which a column was read.
func (r *arrowReader) progress(b *arrow.Batch) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.loader.progress(b.Size / int64(len(r.fields)))
}

// batch adds the values of a column of a batch, whose first row is at a place of the chunk.
func (f *arrowFill) batch(n *node, field *arrowField, b *arrow.Batch, from int) error {
	a, release, err := b.Column(field.place)
	defer release()
	if err != nil {
		return err
	}
	if field.Index == nil && field.Type.Kind == arrow.Null {
		return nil
	}
	all := arrowPlaces{}
	if err := f.charge(8 * int64(b.Rows)); err != nil {
		return err
	}
	defer f.charge(-8 * int64(b.Rows)) //nolint:errcheck // less is always there
	all.in, all.slots = make([]uint32, b.Rows), make([]uint32, b.Rows)
	for i := range b.Rows {
		all.in[i], all.slots[i] = uint32(i), uint32(from+i)
	}
	return f.values(n, field, a, all)
}

// dropRepeatedBelow takes out the entries of maps whose keys come again: the last value of a
// key stands, as in Parquet.
func (n *node) dropRepeatedBelow() {
	if n.keys != nil && n.repeats() {
		n.keys.dict.seal() // which forgets what was looked at
		n.dropRepeated()
	}
	for _, c := range n.children {
		c.dropRepeatedBelow()
	}
	for _, c := range n.others {
		c.dropRepeatedBelow()
	}
	if n.elem != nil {
		n.elem.dropRepeatedBelow()
	}
}

var errKeyless = errors.New("a map has an entry without a key")
