package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/segq/segq/exec/load/avro"
)

// avro reads an Avro object container file: blocks that follow each other become a chunk, and
// chunks are filled side by side.
func (l *loader) avro(ctx context.Context, r io.Reader) error {
	f, err := avro.Open(r)
	if errors.Is(err, io.EOF) {
		return nil // an empty file, which is noted
	}
	if err != nil {
		return err
	}
	f.Charge = l.meter.chargeBlock
	rows, err := readAvroSchema(f.Schema, l.note)
	if err != nil {
		return err
	}
	var leaves []*typedLeaf
	err = inOrder(ctx, l.options.Threads, func(_ context.Context, emit func(*avroPart) error) error {
		return splitAvro(f, emit)
	}, func(ctx context.Context, p *avroPart) {
		p.parse(ctx, l, rows)
	}, func(p *avroPart) error {
		l.meter.freeBlock(p.held)
		if p.err != nil {
			return p.err
		}
		leaves = append(leaves, p.leaves...)
		return l.take(p.chunk)
	})
	if err != nil {
		return err
	}
	if l.report.Files[len(l.report.Files)-1].Rows == 0 { // then there are the fields alone
		p := &avroPart{}
		p.parse(ctx, l, rows)
		return l.take(p.chunk)
	}
	l.noteTyped(leaves)
	return nil
}

// avroPart is blocks that become one chunk.
type avroPart struct {
	blocks []*avro.Block
	bytes  int
	chunk  *chunk
	leaves []*typedLeaf
	held   int64
	err    error
}

const (
	partBytes = 1 << 20 // from which on a part takes no further block
	partRows  = 1 << 16
)

// splitAvro reads blocks, and emits parts of some of them.
func splitAvro(f *avro.File, emit func(*avroPart) error) error {
	p, rows := &avroPart{}, int64(0)
	for {
		b, err := f.Next()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if err == nil {
			p.blocks = append(p.blocks, b)
			p.bytes += b.Size()
			rows += b.Rows
			if p.bytes < partBytes && rows < partRows {
				continue
			}
		}
		if len(p.blocks) > 0 {
			if err := emit(p); err != nil {
				return err
			}
		}
		if err != nil {
			return nil
		}
		p, rows = &avroPart{}, 0
	}
}

// parse makes a chunk of the blocks.
func (p *avroPart) parse(ctx context.Context, l *loader, rows *avroField) {
	c := &chunk{root: newRoot(l.want)}
	p.chunk = c
	c.root.seen = kindObject
	fill := &avroFill{chunk: c, scale: l.scale(c)}
	read := fill.reader(rows, c.root)
	for _, b := range p.blocks {
		if p.err == nil {
			p.err = fill.block(ctx, b, rows, read)
		}
		p.held += b.Held
	}
	c.root.dropRepeatedBelow()
	c.root.shrink()
	p.leaves = fill.leaves
}

// block adds the rows of a block.
func (f *avroFill) block(ctx context.Context, b *avro.Block, rows *avroField, read avroReader) error {
	plain, err := b.Plain()
	if err != nil {
		return err
	}
	f.Cursor = avro.NewCursor(plain)
	if least := rows.LeastBytes(); least > 0 && b.Rows > int64(len(plain)/least) || least == 0 && b.Rows > math.MaxUint32 {
		return fmt.Errorf("the file is damaged: block %d claims %d rows in %d bytes", b.Number, b.Rows, len(plain))
	}
	for i := range b.Rows {
		if i%1024 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		left := f.Left()
		read(uint32(f.row))
		if f.Err != nil {
			return fmt.Errorf("block %d, row %d of it: %w", b.Number, i+1, f.Err)
		}
		f.row++
		f.chunk.rows++
		f.chunk.read++
		if err := f.scale.addText(left - f.Left()); err != nil {
			return err
		}
	}
	if f.Left() > 0 {
		return fmt.Errorf("the file is damaged: block %d has %d bytes after its last row", b.Number, f.Left())
	}
	return nil
}
