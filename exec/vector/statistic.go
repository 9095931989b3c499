package vector

import (
	"github.com/segq/segq/exec/statistic"
	"github.com/segq/segq/lang/check"
)

// statistic applies a statistic to the numbers of each list.
func (e *Evaluator) statistic(op check.Op, args []*vector, f *frame) *vector {
	of := statistic.Of(op)
	out := e.vector(check.Float)
	out.real = filled(e.floats(f.n), 0)
	out.valid = e.bitmap(f.n)
	l, elems := args[0].list, e.elems(args[0].list)
	valid := e.both(f, args...)
	var numbers []float64
	operands := make([]float64, len(args)-1)
	for i := range f.n {
		if e.halted(i) {
			break
		}
		if valid != nil && valid[i>>6]>>(i&63)&1 == 0 {
			continue
		}
		numbers = numbers[:0]
		for k := l.offsets[i]; k < l.offsets[i+1]; k++ {
			if l.in(int(k)) && !elems.null(int(k)) {
				numbers = append(numbers, elems.number(int(k)))
			}
		}
		for j, a := range args[1:] {
			operands[j] = a.number(i)
		}
		if x, ok := of(numbers, operands); ok {
			out.real[i] = x
			out.valid[i>>6] |= 1 << (i & 63)
		}
	}
	return out
}
