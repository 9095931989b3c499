package load

import (
	"context"
	"errors"
	"io"

	"github.com/segq/segq/exec/load/parquet"
	"github.com/segq/segq/lang/ast"
)

// maxRoom is the number of values for which there is room from the start,
// whatever number the file claims.
const maxRoom = 1 << 22

// roomOf is the room from the start for so many values, as a file says, which may be damaged.
func roomOf(values int64) int { return int(max(min(values, maxRoom), 0)) }

// read reads the column chunk of a row group into the leaf's node.
func (f *leafPlan) read(ctx context.Context, file *parquet.File, group int) (err error) {
	defer ast.Guard(func(fault *ast.Fault) { err = fault }) // in a goroutine, a panic would end the process
	chunk, err := file.Chunk(f.chunk, &f.element.Element, f.maxRep, f.maxDef)
	if err != nil {
		return err
	}
	defer chunk.Close()
	f.room = roomOf(f.chunk.Values)
	s := newSlots(f)
	err = eachPage(ctx, chunk, func(page *parquet.Page) error {
		if err := f.page(page, s); err != nil {
			return err
		}
		return f.weigh()
	})
	if err != nil {
		return err
	}
	f.node.noteTexts()
	f.noteBytes()
	f.again = f.key && f.node.parent.repeats()
	f.node.sealValues(s.last[f.maxRep] + 1)
	return s.end(int(file.Meta.Groups[group].Rows))
}

// eachPage calls f with the pages of a chunk, until one fails or ctx is done.
func eachPage(ctx context.Context, chunk *parquet.Chunk, f func(*parquet.Page) error) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		page, err := chunk.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := f(page); err != nil {
			return err
		}
	}
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

// noteTexts notes that n has texts. Those of a typed format are no dates, whatever they
// look like.
func (n *node) noteTexts() {
	if len(n.texts.values) > 0 {
		n.seen |= kindText
	}
}
