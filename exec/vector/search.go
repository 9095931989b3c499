package vector

import (
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/exec/search"
	"github.com/segq/segq/lang/check"
)

// searchKey is a test of the texts of a column.
type searchKey struct {
	call  *check.Call
	texts *column.Texts
}

// searched answers a test of texts that lie one after another in their column against
// constants; it returns nil where x is no such texts, or n no such test.
func (e *Evaluator) searched(n *check.Call, x *vector, f *frame) *vector {
	if x.stored == nil || x.at != nil {
		return nil
	}
	key := searchKey{n, x.stored}
	test, known := e.searches[key]
	if !known {
		test, _ = search.New(n, x.stored.Bytes)
		e.searches[key] = test
	}
	if test == nil {
		return nil
	}
	out := e.condition(f)
	e.search(test, out.bits, x, f)
	if x.valid != nil {
		kernel.And(out.bits, x.valid[:len(out.bits)])
	}
	return out
}

// searchedRows is for how many rows a long test is made before it may be stopped.
const searchedRows = 512

// search sets the bits of the positions that meet a test, without a look at what is null.
func (e *Evaluator) search(test *search.Test, dst []uint64, x *vector, f *frame) {
	step := f.n
	if test.Slow() {
		step = searchedRows
	}
	for at := 0; at < f.n && !e.stop(); at += step {
		end := min(at+step, f.n)
		w, words := at>>6, (end+63)>>6
		var need []uint64
		if f.need != nil {
			need = f.need[w:words]
		}
		test.Block(dst[w:words], x.stored.Bytes, x.stored.Offsets[x.start+at:x.start+end+1], need)
	}
}
