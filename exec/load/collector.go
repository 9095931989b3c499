package load

import (
	"runtime"
	"runtime/debug"
	"sync"
)

// collectFrom is how many bytes of garbage are worth a collection.
const collectFrom = 32 << 20

// collect collects garbage, if it is so much, before more is made beside it: else the heap
// would grow to twice what is used.
func collect(garbage int64) {
	if garbage >= collectFrom {
		runtime.GC()
	}
}

// While much is loaded, garbage is collected when it is loadPercent of what is used, rather than
// all of it: columns have hardly a pointer, so that this costs little.
const (
	loadPercent = 20
	muchBytes   = 64 << 20
)

// eager counts the loads that want garbage to be collected early; was is what the process had set.
var eager struct {
	mu    sync.Mutex
	loads int
	was   int
}

// collectEarly has garbage collected early until the function that it returns is called. It does
// nothing for a load that reads few bytes, nor where somebody has set less already, or that
// nothing is collected.
func collectEarly(bytes int64) (end func()) {
	if bytes < muchBytes {
		return func() {}
	}
	eager.mu.Lock()
	defer eager.mu.Unlock()
	if eager.loads++; eager.loads == 1 {
		eager.was = debug.SetGCPercent(loadPercent)
		if eager.was < loadPercent {
			debug.SetGCPercent(eager.was)
		}
	}
	return func() {
		eager.mu.Lock()
		defer eager.mu.Unlock()
		if eager.loads--; eager.loads == 0 {
			debug.SetGCPercent(eager.was)
		}
	}
}
