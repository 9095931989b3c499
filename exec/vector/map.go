package vector

import (
	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/lang/check"
)

// lookup is an operation on maps.
func (e *Evaluator) lookup(n *check.Call, args []*vector, f *frame) *vector {
	l := args[0].list
	e.force(l.keys, l.frame.n)
	if n.Op != check.Get {
		out := e.vector(check.List)
		out.valid = args[0].valid
		own := *l
		if n.Op == check.Keys {
			own.elems = l.keys
		}
		own.keys = nil
		out.list = &own
		return out
	}
	at := e.words32(f.n)
	found := e.bitmap(f.n)
	valid := e.both(f, args...)
	for i := range f.n {
		at[i] = 0
		if valid != nil && valid[i>>6]>>(i&63)&1 == 0 {
			continue
		}
		key := args[1].text(i)
		for k := l.offsets[i]; k < l.offsets[i+1]; k++ {
			if l.in(int(k)) && l.keys.text(int(k)) == key {
				at[i] = k
				found[i>>6] |= 1 << (i & 63)
				break
			}
		}
	}
	if l.frame.n == 0 {
		return e.nulls(n.T, f)
	}
	out := e.pick(e.elems(l), at, f)
	if out.valid == nil {
		out.valid = found
	} else {
		kernel.And(out.valid, found)
	}
	return out
}
