package load

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/segq/segq/exec/load/parquet"
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
	schema.plan(l.want).clock(l, l.name)
	return l.parquetTree(ctx, f, schema, size)
}

// parquetTree reads what is in a readable schema, which may be a part of that of the file,
// of size bytes.
func (l *loader) parquetTree(ctx context.Context, f *parquet.File, schema *element, size int64) error {
	plans := make([]*plan, max(1, len(f.Meta.Groups)))
	for i := range plans {
		plans[i] = schema.plan(l.want)
	}
	if err := l.readGroups(ctx, f, size, plans); err != nil {
		return err
	}
	chunks := make([]*chunk, len(plans))
	for i, p := range plans {
		if err := p.agree(); err != nil {
			return err
		}
		for _, leaf := range p.leaves {
			if leaf.again {
				leaf.node.parent.lanesBelow()
				leaf.node.parent.dropRepeated()
			}
		}
		chunks[i] = p.chunk
	}
	if l.pool != nil && slices.ContainsFunc(plans, (*plan).hasBytes) {
		return ErrNotInParts
	}
	l.noteLeaves(plans)
	return l.takeTyped(chunks)
}

// hasBytes says whether there are values that are no texts, which makes all of a column what
// they are.
func (p *plan) hasBytes() bool {
	return slices.ContainsFunc(p.leaves, func(f *leafPlan) bool { return f.node.nonText })
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

// noteLeaves says what of the values of a leaf, in any row group, is not as in
// the file.
func (l *loader) noteLeaves(plans []*plan) {
	for i, leaf := range plans[0].leaves {
		sum := typedLeaf{}
		for _, p := range plans {
			f := p.leaves[i]
			sum.bytes = sum.bytes || f.node.nonText
			sum.interval = sum.interval || f.element.Logical == parquet.Interval
			sum.mended = sum.mended || f.mended
			sum.inexact += f.inexact
		}
		if l.pool != nil && sum.inexact > 0 {
			l.pool.inexact[leaf.name] += sum.inexact // until all parts are read
			sum.inexact = 0
		}
		l.noteLeaf(leaf.name, &sum)
	}
}

func (o *Options) inexactNote(leaf string, n int) string {
	return fmt.Sprintf("%s has %s of more digits than a 64-bit float can tell apart: it is compared as 64-bit floats; --type %s=text keeps the digits",
		leaf, counted(n, "decimal"), o.typed(leaf))
}
