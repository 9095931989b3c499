package vector

import (
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// testKey is a test of strings against constants.
type testKey struct {
	call *check.Call
	dict *column.Dict
}

// answers is what was asked of the strings of a dictionary.
type answers struct{ asked, yes column.Bitmap }

// answersFor returns what is known of the strings of x's dictionary, nil where it
// does not pay to keep it: when there are nearly as many strings as rows, or the
// other operands are no constants.
func (e *Evaluator) answersFor(n *check.Call, x *vector, f *frame) *answers {
	if x.dict == nil || x.dict.Len() > 1<<16 {
		return nil
	}
	for _, a := range n.Args[1:] {
		if _, ok := a.(*check.Const); !ok {
			return nil
		}
	}
	key := testKey{n, x.dict}
	known := e.tests[key]
	if known == nil {
		size := max(x.dict.Len(), 1)
		known = &answers{column.NewBitmap(size), column.NewBitmap(size)}
		e.tests[key] = known
	}
	return known
}
