package plan

import (
	"context"
	"math/bits"
	"runtime"
	"runtime/debug"
	"sync"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/search"
	"github.com/segq/segq/lang/ast"
)

// searchedAtOnce is how many strings one goroutine looks through before it looks at the
// context, and before it is worth to start another.
const searchedAtOnce = 1 << 15

// matching returns the codes of the strings that meet a test. The strings of a dictionary
// lie one after another, so that they are searched as a column of texts is.
func matching(ctx context.Context, d *column.Dict, test *search.Test) ([]span, error) {
	n := d.Len()
	workers := min(runtime.GOMAXPROCS(0), n/searchedAtOnce+1)
	found := make([][]span, workers)
	faults := make([]*ast.Fault, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			debug.SetPanicOnFault(true) // the data may lie in a file
			defer ast.Guard(func(f *ast.Fault) { faults[w] = f })
			found[w] = matchingIn(ctx, d, w*n/workers, (w+1)*n/workers, test)
		})
	}
	wait.Wait()
	for _, f := range faults {
		if f != nil {
			panic(f) // in the goroutine of the query, where it is caught
		}
	}
	var all []span
	for _, spans := range found {
		for _, s := range spans {
			all = appendSpan(all, s)
		}
	}
	return all, ctx.Err()
}

// matchingIn is matching for the codes from first to before end.
func matchingIn(ctx context.Context, d *column.Dict, first, end int, test *search.Test) []span {
	var spans []span
	words := make([]uint64, (min(end-first, searchedAtOnce)+63)/64)
	for at := first; at < end && ctx.Err() == nil; at += searchedAtOnce {
		codes := min(end-at, searchedAtOnce)
		found := words[:(codes+63)/64]
		test.Block(found, d.Bytes, d.Offsets[at:at+codes+1], nil)
		for w, word := range found {
			for ; word != 0; word &= word - 1 {
				code := int64(at + w<<6 + bits.TrailingZeros64(word))
				spans = appendSpan(spans, span{code, code})
			}
		}
	}
	return spans
}
