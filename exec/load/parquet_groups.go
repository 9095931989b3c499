package load

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/segq/segq/exec/load/parquet"
)

// groups reads the row groups of a file into their plans. Leaves are read straight into
// columns where that is possible (direct), else a row group at a time into the lanes of
// its node.
type groups struct {
	loader *loader
	file   *parquet.File
	plans  []*plan
	pool   *pool

	mu sync.Mutex // of progress, and of what the chunks hold
}

// readGroups reads the row groups into their plans.
func (l *loader) readGroups(ctx context.Context, f *parquet.File, size int64, plans []*plan) error {
	r := &groups{loader: l, file: f, plans: plans, pool: l.pool}
	if r.pool == nil {
		r.pool = newPool(l.options.Threads)
		defer r.pool.close()
	}
	for i, group := range f.Meta.Groups {
		p := plans[i]
		p.chunk.rows, p.chunk.read = int(group.Rows), int(group.Rows)
		if err := l.meter.settle(p.chunk); err != nil {
			return err
		}
		for _, leaf := range p.leaves {
			leaf.meter = &l.meter
		}
	}
	if len(f.Meta.Groups) == 0 {
		return nil
	}
	wanted, err := r.describe()
	if err != nil {
		return err
	}
	defer collectEarly(wanted)()
	r.foresee(size)
	if err := r.placeLists(); err != nil {
		return err
	}
	alone := r.rowTexts()
	for _, i := range alone {
		if err := r.readColumn(ctx, i); err != nil {
			return err
		}
	}
	first, second := r.tasks(alone)
	for i, tasks := range [][]func(context.Context) error{first, second} {
		if err := r.pool.each(ctx, len(tasks), func(ctx context.Context, i int) error { return tasks[i](ctx) }); err != nil {
			return err
		}
		if i > 0 {
			break
		}
		if err := r.joinLists(ctx); err != nil {
			return err
		}
	}
	return nil
}

// soon is how many bytes are read ahead before any is used: all of what a query wants, as
// a rule.
const soon = 256 << 20

// describe gives the leaves what the footer says of them, and has the system read ahead. It
// returns how many bytes they have in the file.
func (r *groups) describe() (size int64, err error) {
	var all []*parquet.Column
	for i, leaf := range r.plans[0].leaves {
		columns, err := r.file.Meta.Column(leaf.element.column)
		if err != nil {
			return 0, err
		}
		for g, p := range r.plans {
			p.leaves[i].chunk = &columns[g]
			all = append(all, &columns[g])
		}
		size += r.file.Meta.Leaves[leaf.element.column].Size
	}
	if (size <= soon || r.file.Distant()) && r.loader.pool == nil {
		r.file.WillNeed(all)
	}
	return size, nil
}

// rowTexts returns the leaves whose texts are read row by row, as they have no dictionaries,
// and then sorted, if most of them differ: that takes most memory beside the columns, so it
// is done before there are others, by all threads for one leaf at a time.
func (r *groups) rowTexts() []int {
	var all []int
	for i, leaf := range r.plans[0].leaves {
		plain := leaf.canDirect() && leaf.node.seen == kindString && leaf.maxRep == 0
		for _, p := range r.plans {
			plain = plain && !p.leaves[i].chunk.Dictionary()
		}
		if plain {
			all = append(all, i)
		}
	}
	return all
}

// tasks returns what is to be done then, and what when all lists are known: to read
// straight into columns what is in them. The largest columns come first. Some leaves are done
// already.
func (r *groups) tasks(done []int) (first, second []func(context.Context) error) {
	type column struct {
		task   func(context.Context) error
		size   int64
		inList bool
	}
	var columns []column
	for i, leaf := range r.plans[0].leaves {
		if slices.Contains(done, i) {
			continue
		}
		if !leaf.canDirect() {
			for g := range r.plans {
				first = append(first, func(ctx context.Context) error { return r.readLanes(ctx, i, g) })
			}
			continue
		}
		if leaf.ownsNoted() {
			for g := range r.plans {
				first = append(first, func(ctx context.Context) error { return r.readLists(ctx, i, g) })
			}
		}
		c := column{func(ctx context.Context) error { return r.readColumn(ctx, i) }, 0, leaf.maxRep > 0}
		for _, p := range r.plans {
			c.size += p.leaves[i].chunk.Size
		}
		columns = append(columns, c)
	}
	slices.SortStableFunc(columns, func(a, b column) int { return cmp.Compare(b.size, a.size) })
	for _, c := range columns {
		if c.inList {
			second = append(second, c.task)
		} else {
			first = append(first, c.task)
		}
	}
	return first, second
}

// readLanes reads a leaf of a row group into the lanes of its node.
func (r *groups) readLanes(ctx context.Context, i, g int) error {
	leaf := r.plans[g].leaves[i]
	if err := leaf.read(ctx, r.file, g); err != nil {
		return fmt.Errorf("column %s: %w", leaf.name, err)
	}
	r.finished(i, g, leaf.held)
	return nil
}

// finished notes that a leaf of a row group was read, and what it holds.
func (r *groups) finished(i, g int, held int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.plans[g].chunk.held += held
	r.loader.progress(r.plans[g].leaves[i].chunk.Size)
}

// readLists reads of a leaf of a row group what lists and objects there are.
func (r *groups) readLists(ctx context.Context, i, g int) error {
	leaf := r.plans[g].leaves[i]
	err := leaf.readLists(ctx, r.file, r.pool)
	if err != nil {
		return fmt.Errorf("column %s: %w", leaf.name, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.plans[g].chunk.held += leaf.held
	leaf.held = 0
	return nil
}

// ownsNoted says whether the leaf owns a step whose presence is to be known before it is
// read.
func (f *leafPlan) ownsNoted() bool {
	for i, owned := range f.owned {
		if owned && f.noted(i) {
			return true
		}
	}
	return false
}

// readColumn reads a leaf of all row groups into its column, or, if that cannot be, into
// the lanes of its nodes.
func (r *groups) readColumn(ctx context.Context, i int) error {
	leaves := make([]*leafPlan, len(r.plans))
	for g, p := range r.plans {
		leaves[g] = p.leaves[i]
	}
	d := newDirect(r.pool, r.file, &r.loader.meter, leaves, r.loader.brief)
	w, err := d.read(ctx)
	if errors.Is(err, errOtherwise) {
		d.otherwise()
		return r.pool.each(ctx, len(leaves), func(ctx context.Context, g int) error { return r.readLanes(ctx, i, g) })
	}
	if err != nil {
		return fmt.Errorf("column %s: %w", d.name, err)
	}
	for g, f := range leaves {
		f.node.whole, f.node.group = w, g
		r.finished(i, g, w.share(g))
	}
	return nil
}
