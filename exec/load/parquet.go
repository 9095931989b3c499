package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
	"golang.org/x/sync/errgroup"
)

// parquet reads a Parquet file by column: each leaf of each row group is a task
// of its own, which fills its node of the chunk of the row group.
func (l *loader) parquet(ctx context.Context, r io.Reader) error {
	at, size, err := l.readerAt(r)
	if err != nil {
		return err
	}
	f, err := parquet.OpenFile(at, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return err
	}
	schema := f.Metadata().Schema
	g, tasks := errgroup.WithContext(ctx)
	g.SetLimit(l.options.Threads)
	var progress sync.Mutex
	var chunks []*chunk
	for i, group := range f.RowGroups() {
		p, err := planLeaves(schema)
		if err != nil {
			return err
		}
		p.chunk.rows = int(group.NumRows())
		p.chunk.read = p.chunk.rows
		if err := l.meter.settle(p.chunk); err != nil {
			return err
		}
		chunks = append(chunks, p.chunk)
		for _, leaf := range p.leaves {
			leaf.meter = &l.meter
			g.Go(func() error {
				if err := leaf.read(tasks, group, p.chunk.rows); err != nil {
					return fmt.Errorf("column %s: %w", leaf.name, err)
				}
				progress.Lock()
				defer progress.Unlock()
				p.chunk.held += leaf.held
				l.progress(f.Metadata().RowGroups[i].Columns[leaf.column].MetaData.TotalCompressedSize)
				return nil
			})
		}
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if len(chunks) == 0 {
		p, err := planLeaves(schema)
		if err != nil {
			return err
		}
		chunks = append(chunks, p.chunk)
	}
	return l.takeTyped(chunks)
}

// takeTyped takes in the chunks of a format whose columns have one type each. A
// misfit is then one of whole columns, and an error.
func (l *loader) takeTyped(chunks []*chunk) error {
	for _, c := range chunks {
		if bad, want := l.shape.check(c.root); bad != nil {
			return fmt.Errorf("column %s: expected %s as in the files before it, found %s", path(bad), want, bad.seen)
		}
		if err := l.take(c); err != nil {
			return err
		}
	}
	return nil
}

// readerAt gives access to r at any place; it is held in memory if need be.
func (l *loader) readerAt(r io.Reader) (io.ReaderAt, int64, error) {
	switch r := r.(type) {
	case *os.File:
		if info, err := r.Stat(); err == nil && info.Mode().IsRegular() {
			return r, info.Size(), nil
		}
	case *bytes.Reader:
		return r, r.Size(), nil
	}
	b, err := l.readAll(r)
	return bytes.NewReader(b), int64(len(b)), err
}

// maxRoom is the number of values for which there is room from the start,
// whatever number the file claims.
const maxRoom = 1 << 22

// read reads the column chunk of a row group into the leaf's node.
func (f *leafPlan) read(ctx context.Context, group parquet.RowGroup, rows int) (err error) {
	defer func() {
		// The decoder trusts the levels and the indexes of the file.
		if e := recover(); e != nil {
			err = fmt.Errorf("the file is damaged: %v", e)
		}
	}()
	column := group.ColumnChunks()[f.column]
	f.room = int(min(column.NumValues(), maxRoom))
	pages := column.Pages()
	defer func() { err = errors.Join(err, pages.Close()) }()
	s := newSlots(f)
	var dictionary *scalars
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		err = f.page(page, s, &dictionary)
		parquet.Release(page)
		if err != nil {
			return err
		}
		if err := f.weigh(); err != nil {
			return err
		}
	}
	f.node.noteTexts()
	f.node.sealValues(s.last[f.maxRep] + 1)
	return s.end(rows)
}

// page adds the values of a page.
func (f *leafPlan) page(page parquet.Page, s *slots, dictionary **scalars) error {
	at := s.place(page.RepetitionLevels(), page.DefinitionLevels(), int(page.NumValues()))
	data := page.Data()
	d := page.Dictionary()
	if d == nil {
		v, err := f.convert(f.node, data)
		if err != nil {
			return err
		}
		return v.addTo(f.node, at, f.room)
	}
	if *dictionary == nil {
		v, err := f.convert(f.node, dictionaryValues(d))
		if err != nil {
			return err
		}
		*dictionary = v
	}
	return (*dictionary).pick(data.Int32()).addTo(f.node, at, f.room)
}

func dictionaryValues(d parquet.Dictionary) encoding.Values { return d.Page().Data() }

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
