package plan

import (
	"errors"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/exec/vector"
)

// A condition whose lists have too many elements for a block, as those of a list for each
// element of another do, is evaluated in pieces of so many rows, then of a word of bits,
// and at last by the reference evaluator, which holds no lists that it only looks through.
const (
	largePiece = 512
	smallPiece = 64
)

// overVectors sets the bits of found for the rows in open for which the expression of a
// node holds.
func (e *Evaluator) overVectors(i id, found, open []uint64) error {
	s := &e.nodes[i]
	if s.piece > 0 {
		return e.inPieces(i, found, open)
	}
	if e.vectorBlock != e.block {
		e.vectors.Block(e.spans[0])
		e.vectorBlock = e.block
	}
	err := e.vectors.Cond(found, e.plan.nodes[i].expr, open)
	switch {
	case errors.Is(err, vector.ErrCrowded):
		s.piece = largePiece
		return e.inPieces(i, found, open)
	case err != nil:
		return eval.ErrStopped
	}
	s.overflowed = s.overflowed || e.vectors.Overflowed()
	return nil
}

// inPieces is overVectors for a node that has shown that a block is too much.
func (e *Evaluator) inPieces(i id, found, open []uint64) error {
	s := &e.nodes[i]
	e.vectorBlock = 0 // vectors are turned to pieces
	clear(found)
	for w := 0; w < len(open); {
		end := min(w+s.piece/64, len(open))
		if kernel.Any(open[w:end]) {
			again, err := e.piece(i, w, end, found, open)
			if err != nil {
				return err
			}
			if again {
				continue
			}
		}
		w = end
	}
	return nil
}

// piece evaluates the rows of the words from w to before end, or says that they are to be
// tried again, fewer at a time.
func (e *Evaluator) piece(i id, w, end int, found, open []uint64) (again bool, err error) {
	s, span := &e.nodes[i], e.spans[0]
	e.vectors.Block(column.Range{Start: span.Start + w*64, End: min(span.Start+end*64, span.End)})
	err = e.vectors.Cond(found[w:end], e.plan.nodes[i].expr, open[w:end])
	switch {
	case err == nil:
		s.overflowed = s.overflowed || e.vectors.Overflowed()
		return false, nil
	case !errors.Is(err, vector.ErrCrowded):
		return false, eval.ErrStopped
	case s.piece > smallPiece:
		s.piece = smallPiece
		return true, nil
	}
	for ; w < end; w++ {
		found[w] = 0
		if err := e.askWord(i, w, open[w], found); err != nil {
			return false, err
		}
	}
	return false, nil
}
