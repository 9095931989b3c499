package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/segq/segq/exec/load/parquet"
	"github.com/segq/segq/lang/ast"
	"golang.org/x/sync/errgroup"
)

// parquet reads a Parquet file by column: each leaf of each row group is a task
// of its own, which fills its node of the chunk of the row group.
func (l *loader) parquet(ctx context.Context, r io.ReaderAt, size int64) error {
	f, err := parquet.Open(r, size)
	if err != nil {
		return err
	}
	f.Charge = l.meter.charge
	schema, err := readableSchema(f.Meta, l.note)
	if err != nil {
		return err
	}
	plans := make([]*plan, max(1, len(f.Meta.Groups)))
	for i := range plans {
		plans[i] = schema.plan(l.want)
	}
	if err := l.readGroups(ctx, f, plans); err != nil {
		return err
	}
	chunks := make([]*chunk, len(plans))
	for i, p := range plans {
		if err := p.agree(); err != nil {
			return err
		}
		for _, leaf := range p.leaves {
			if leaf.again {
				leaf.node.parent.dropRepeated()
			}
		}
		chunks[i] = p.chunk
	}
	noteLeaves(plans, l.note)
	return l.takeTyped(chunks)
}

// readGroups reads the row groups into their plans.
func (l *loader) readGroups(ctx context.Context, f *parquet.File, plans []*plan) error {
	g, tasks := errgroup.WithContext(ctx)
	g.SetLimit(l.options.Threads)
	var progress sync.Mutex
	for i, group := range f.Meta.Groups {
		p := plans[i]
		p.chunk.rows, p.chunk.read = int(group.Rows), int(group.Rows)
		if err := l.meter.settle(p.chunk); err != nil {
			return err
		}
		for _, leaf := range p.leaves {
			leaf.meter = &l.meter
			g.Go(func() error {
				if err := leaf.read(tasks, f, i); err != nil {
					return fmt.Errorf("column %s: %w", leaf.name, err)
				}
				progress.Lock()
				defer progress.Unlock()
				p.chunk.held += leaf.held
				l.progress(group.Columns[leaf.element.column].Size)
				return nil
			})
		}
	}
	return g.Wait()
}

// takeTyped takes in the chunks of a format whose columns have one type each.
func (l *loader) takeTyped(chunks []*chunk) error {
	for _, c := range chunks {
		if err := l.take(c); err != nil {
			return err
		}
	}
	return nil
}

// maxRoom is the number of values for which there is room from the start,
// whatever number the file claims.
const maxRoom = 1 << 22

// read reads the column chunk of a row group into the leaf's node.
func (f *leafPlan) read(ctx context.Context, file *parquet.File, group int) (err error) {
	defer ast.Guard(func(fault *ast.Fault) { err = fault }) // in a goroutine, a panic would end the process
	chunk, err := file.Chunk(group, f.element.column, &f.element.Element, f.maxRep, f.maxDef)
	if err != nil {
		return err
	}
	defer chunk.Close()
	f.room = int(min(file.Meta.Groups[group].Columns[f.element.column].Values, maxRoom))
	s := newSlots(f)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		page, err := chunk.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := f.page(page, s); err != nil {
			return err
		}
		if err := f.weigh(); err != nil {
			return err
		}
	}
	f.node.noteTexts()
	f.noteBytes()
	f.again = f.key && f.node.parent.repeats()
	f.node.sealValues(s.last[f.maxRep] + 1)
	return s.end(int(file.Meta.Groups[group].Rows))
}

// page adds the values of a page.
func (f *leafPlan) page(page *parquet.Page, s *slots) error {
	at, err := s.place(page.Reps, page.Defs, page.Count)
	if err != nil {
		return err
	}
	if page.Indexes == nil {
		f.convert(f, page.Values).addTo(f, at, nil, page)
		return nil
	}
	if f.dictionary == nil {
		f.dictionary = f.convert(f, page.Dictionary)
	}
	f.dictionary.addTo(f, at, page.Indexes, page)
	return nil
}

// noteLeaves says what of the values of a leaf, in any row group, is not as in
// the file.
func noteLeaves(plans []*plan, note func(string, ...any)) {
	for i, leaf := range plans[0].leaves {
		bytes, interval, inexact := false, false, 0
		for _, p := range plans {
			f := p.leaves[i]
			bytes = bytes || f.node.nonText
			interval = interval || f.element.Logical == parquet.Interval
			inexact += f.inexact
		}
		if bytes {
			note("%s is bytes that are no UTF-8 text: they are read as hexadecimal digits", leaf.name)
		}
		if interval {
			note(`%s is an interval: it is read as a text like "P1M2DT3.5S"`, leaf.name)
		}
		if inexact > 0 {
			note("%s has %s of more digits than a 64-bit float can tell apart: it is compared as 64-bit floats; --type %s=text keeps the digits",
				leaf.name, counted(inexact, "decimal"), leaf.name)
		}
	}
}

// noteTexts notes what kinds the texts of n are.
func (n *node) noteTexts() {
	if n.dict == nil {
		return
	}
	for _, code := range n.texts.values {
		if n.dict.iso.Get(int(code)) {
			n.seen |= kindISO
		} else {
			n.seen |= kindText
		}
	}
}
