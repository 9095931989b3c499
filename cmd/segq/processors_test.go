package main

import (
	"runtime"
	"testing"
)

// There is one processor more than threads, and never less than before.
func TestLeaveProcessor(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	for _, step := range []struct{ threads, want int }{{1, 2}, {2, 3}, {2, 3}, {1, 3}, {6, 7}} {
		leaveProcessor(step.threads)
		if n := runtime.GOMAXPROCS(0); n != step.want {
			t.Errorf("%d processors for %d threads, want %d", n, step.threads, step.want)
		}
	}
}
