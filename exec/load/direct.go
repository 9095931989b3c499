package load

import (
	"context"
	"errors"
	"io"
	"sync/atomic"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load/parquet"
)

// direct reads a leaf of all row groups of a Parquet file straight into the column of
// their values: each value is written once, where it stays.
type direct struct {
	pool   *pool
	file   *parquet.File
	meter  *meter
	name   string
	leaves []*leafPlan // by row group
	brief  bool        // the column is for one answer
	bases  []int       // by row group, and the end: where its slots begin

	valid  []column.Bitmap // by row group: the slots that have a value; nil for all
	counts []int           // by row group: of values
	held   atomic.Int64    // what the meter was charged
}

// errOtherwise says that a leaf is to be read the other way, by the lanes of nodes.
var errOtherwise = errors.New("the column cannot be read directly")

// directly is false where tests have everything read the other way.
var directly = true

// canDirect says whether a leaf may be read directly, as far as the schema tells.
func (f *leafPlan) canDirect() bool {
	if !directly {
		return false
	}
	for n := f.node; n.parent != nil; n = n.parent {
		if w := n.want; w != nil && (w.kind != "" || w.values.said()) {
			return false // what values are is said, and they may have to be moved
		}
	}
	switch f.node.seen {
	case kindBool, kindInt, kindFloat, kindInstant:
		return true
	case kindString:
		return f.element.text()
	}
	return false
}

func newDirect(p *pool, file *parquet.File, m *meter, leaves []*leafPlan, brief bool) *direct {
	d := &direct{brief: brief, pool: p, file: file, meter: m, name: leaves[0].name, leaves: leaves, bases: make([]int, len(leaves)+1)}
	for g, f := range leaves {
		slots := int(file.Meta.Groups[g].Rows)
		if list := f.innermost(); list != nil {
			slots = int(list.count)
		}
		d.bases[g+1] = d.bases[g] + slots
	}
	d.valid, d.counts = make([]column.Bitmap, len(leaves)), make([]int, len(leaves))
	return d
}

// innermost returns the innermost list that f is in; nil for none.
func (f *leafPlan) innermost() *node {
	for i := len(f.steps) - 1; i >= 0; i-- {
		if f.steps[i].list {
			return f.steps[i].node
		}
	}
	return nil
}

// noted says whether the presence of a step is known before the leaf is read: of what is in
// lists, but for objects that always are there.
func (f *leafPlan) noted(i int) bool { return f.maxRep > 0 && !f.always(i) }

// slots is the number of slots of all row groups.
func (d *direct) slots() int { return d.bases[len(d.bases)-1] }

// read reads the column. It fails with errOtherwise where it has to be read the other
// way.
func (d *direct) read(ctx context.Context) (*whole, error) {
	if !d.sound() {
		return nil, errOtherwise
	}
	w := &whole{kind: d.leaves[0].node.seen, bases: d.bases, counts: d.counts}
	var err error
	switch w.kind {
	case kindBool:
		w.col, err = d.bools(ctx)
	case kindInt:
		w.col, err = d.ints(ctx)
	case kindFloat:
		w.col, err = d.floats(ctx)
	case kindInstant:
		w.col, err = d.instants(ctx)
	default:
		w.col, err = d.texts(ctx)
	}
	if err == nil {
		err = d.repeats(ctx, w)
	}
	if err != nil {
		return nil, errors.Join(err, d.hold(0))
	}
	if !d.brief && !d.leaves[0].key && w.values() > 0 {
		w.col = column.Compact(w.col)
	}
	w.bytes = bytesOf(w.col)
	return w, d.hold(w.bytes)
}

// sound says whether the file has enough bytes for as many values as it claims, and
// whether there are not more of them than a column can have.
func (d *direct) sound() bool {
	size, slots := int64(0), int64(0)
	for g, group := range d.file.Meta.Groups {
		if group.Rows > 1<<32 || slots+group.Rows > 1<<32 {
			return false
		}
		slots += group.Rows
		size += max(d.leaves[g].chunk.Size, 0)
	}
	return d.slots() >= 0 && slots*wideBytes <= minClaim+size*maxClaim
}

// A file may claim minClaim bytes of values, and maxClaim for each of its own: no
// compression does better.
const (
	minClaim = 64 << 20
	maxClaim = 1000
)

// hold charges the meter for what the column holds now.
func (d *direct) hold(bytes int64) error {
	return d.meter.charge(bytes - d.held.Swap(bytes))
}

// grow charges the meter for more.
func (d *direct) grow(bytes int64) error {
	d.held.Add(bytes)
	return d.meter.charge(bytes)
}

// each calls f with the row groups.
func (d *direct) each(ctx context.Context, f func(ctx context.Context, g int) error) error {
	return d.pool.each(ctx, len(d.leaves), f)
}

// open returns a reader of the pages of a row group.
func (d *direct) open(g int) (*parquet.Chunk, error) {
	f, old := d.leaves[g], d.pool.chunk()
	chunk, err := d.file.Reuse(old, f.chunk, &f.element.Element, f.maxRep, f.maxDef)
	if err != nil && old != nil {
		d.pool.leave(old)
	}
	return chunk, err
}

// pages calls f with the pages of a row group, as they are in the file, and the slots of
// their values. It notes which slots have one.
func (d *direct) pages(ctx context.Context, g int, f func(*parquet.Encoded, span) error) error {
	chunk, err := d.open(g)
	if err != nil {
		return err
	}
	defer d.pool.leave(chunk)
	p := newPlacer(d.leaves[g], d.bases[g+1]-d.bases[g], d.pool)
	defer d.pool.leavePlanes(p.levels)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		page, err := chunk.NextEncoded()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		at, err := p.place(page)
		if err == nil {
			err = f(page, at)
		}
		if err != nil {
			return err
		}
	}
	d.valid[g], d.counts[g] = p.end()
	return p.rows(int(d.file.Meta.Groups[g].Rows))
}

// decoded is pages with the values decoded, and the slots of each.
func (d *direct) decoded(ctx context.Context, g int, f func(*parquet.Page, placed) error) error {
	slots := d.pool.buffer()
	defer func() { d.pool.leaveBuffer(slots) }()
	return d.pages(ctx, g, func(encoded *parquet.Encoded, at span) error {
		page, err := encoded.Decode(at.n)
		if err != nil {
			return err
		}
		out := placed{from: at.from, n: at.n}
		if at.valid != nil {
			slots = slots[:0]
			for slot := at.from; slot < at.from+at.slots; slot++ {
				if at.valid.Get(slot) {
					slots = append(slots, uint32(slot))
				}
			}
			out.at = slots
		}
		return f(page, out)
	})
}

// placed says which slots of a row group the values of a page have: n of them from
// one on, or those that are listed.
type placed struct {
	from, n int
	at      []uint32 // nil for all from one on
}

// validity joins what is valid of the row groups; nil where everything is.
func (d *direct) validity() column.Bitmap {
	values := 0
	for _, n := range d.counts {
		values += n
	}
	if values == d.slots() {
		return nil
	}
	return d.joinBits(d.valid)
}

// joinBits puts the bits of the row groups one after another, nil being all ones.
func (d *direct) joinBits(parts []column.Bitmap) column.Bitmap {
	if len(parts) == 1 && parts[0] != nil {
		return parts[0]
	}
	all := column.Bitmap(room[uint64](d.pool, (d.slots()+63)/64))
	for g, b := range parts {
		if from, end := d.bases[g], d.bases[g+1]; b == nil {
			setBits(all, from, end-from)
		} else {
			copyBits(all, from, b, end-from)
		}
	}
	return all
}

// otherwise makes the plans of the leaf as if nothing had been read. What lists are
// there is known already.
func (d *direct) otherwise() {
	for _, f := range d.leaves {
		f.node.dict, f.dictionary, f.bad, f.inexact, f.again, f.keyless = nil, nil, nil, 0, false, false
		if f.key {
			f.node.dict = newDict()
		}
		for i, st := range f.steps {
			if f.owned[i] && f.noted(i) {
				f.owned[i] = false
			} else if f.owned[i] {
				st.node.there = nil
			}
		}
	}
}
