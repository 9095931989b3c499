package repl_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/segq/segq/repl"
)

// TestManyQueriesInASession: what ten thousand queries leave behind is their texts and little else, and a screen is drawn as fast as
// after the first.
func TestManyQueriesInASession(t *testing.T) {
	if testing.Short() {
		t.Skip("ten thousand queries")
	}
	flow(t, func(s *session) {
		held := func() uint64 {
			s.printed, s.backend.submitted = nil, nil
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return m.HeapAlloc
		}
		drawn := func() int64 {
			return int64(testing.AllocsPerRun(50, func() { _ = s.model.View() }))
		}
		var before uint64
		var first int64
		const some, all = 1_000, 10_000
		for n := 1; n <= all; n++ {
			s.keys(fmt.Sprintf("a = %d", n), "enter")
			s.backend.job(n, answer(n, 2*all, time.Millisecond))
			s.wait(30 * time.Millisecond)
			s.backend.job(n, func(j *repl.Job) { j.Answer = nil })
			if n == some {
				before, first = held(), drawn()
			}
		}
		each := (int64(held()) - int64(before)) / (all - some)
		t.Logf("%d bytes a query, %d allocations a screen after %d queries, %d after %d", each, first, some, drawn(), all)
		if each > 3000 {
			t.Errorf("each query leaves %d bytes", each)
		}
		if last := drawn(); last > first+first/10+1 {
			t.Errorf("%d allocations to draw a screen, %d after %d queries", last, first, some)
		}
	})
}
