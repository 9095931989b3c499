package vector

import "github.com/segq/segq/exec/kernel"

// narrowed runs body with only some of the positions needed.
func (e *Evaluator) narrowed(f *frame, mask []uint64, body func()) {
	outer := f.need
	if mask != nil {
		need := e.bitmap(f.n)
		copy(need, mask)
		if outer != nil {
			kernel.And(need, outer)
		}
		f.need = need
	}
	body()
	f.need = outer
}

// entered runs the body of a list, of whose elements those in mask are needed. The lists
// of a column have one frame for all who run over them: whoever does so inside of the
// body of another starts afresh.
func (e *Evaluator) entered(f *frame, mask []uint64, body func()) {
	outer := f.need
	f.need = nil
	if mask != nil {
		f.need = e.bitmap(f.n)
		copy(f.need, mask)
	}
	body()
	f.need = outer
}
