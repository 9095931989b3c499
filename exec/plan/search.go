package plan

import (
	"runtime"
	"runtime/debug"
	"sort"
	"strings"
	"sync"
	"unsafe"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/ast"
)

// searchedAtOnce is how many strings one goroutine looks through before it is worth
// to start another.
const searchedAtOnce = 1 << 15

// matching returns the codes of the strings that contain part and for which f, unless
// it is nil, holds. The strings of a dictionary lie one after another, so that the
// part is searched in all of them at once.
func matching(d *column.Dict, part string, f func(string) bool) []span {
	n := d.Len()
	workers := min(runtime.GOMAXPROCS(0), n/searchedAtOnce+1)
	found := make([][]span, workers)
	faults := make([]*ast.Fault, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			debug.SetPanicOnFault(true) // the data may lie in a file
			defer ast.Guard(func(f *ast.Fault) { faults[w] = f })
			found[w] = matchingIn(d, uint32(w*n/workers), uint32((w+1)*n/workers), part, f)
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
	return all
}

// matchingIn is matching for the codes from first to before end.
func matchingIn(d *column.Dict, first, end uint32, part string, f func(string) bool) []span {
	var spans []span
	add := func(code uint32) {
		if f == nil || f(d.At(code)) {
			spans = appendSpan(spans, span{int64(code), int64(code)})
		}
	}
	if part == "" {
		for code := first; code < end; code++ {
			add(code)
		}
		return spans
	}
	bytes := d.Bytes[d.Offsets[first]:d.Offsets[end]]
	text, base := unsafe.String(unsafe.SliceData(bytes), len(bytes)), d.Offsets[first]
	at, code := 0, first
	for code < end {
		i := strings.Index(text[at:], part)
		if i < 0 {
			break
		}
		place := base + uint32(at+i)
		code = holding(d, place, code, end)
		if place+uint32(len(part)) <= d.Offsets[code+1] {
			add(code)
			code++
			at = int(d.Offsets[code] - base)
			continue
		}
		at += i + 1 // it lies across the end of the string
	}
	return spans
}

// holding returns the string, from first on, that holds the byte at place.
func holding(d *column.Dict, place, first, end uint32) uint32 {
	step := uint32(1)
	for first+step < end && d.Offsets[first+step] <= place {
		step *= 2
	}
	hi := min(first+step, end)
	lo := first + step/2
	return lo + uint32(sort.Search(int(hi-lo), func(i int) bool { return d.Offsets[lo+uint32(i)+1] > place }))
}
