package main

import "runtime"

// leaveProcessor sees to one more processor than the engine has threads, in the terms of Go: what reads keys has
// it at once then, even when all threads are busy, and the operating system divides the processors that
// there are. (exec/resident's BenchmarkScreen has the figures.)
func leaveProcessor(threads int) {
	if runtime.GOMAXPROCS(0) <= threads {
		runtime.GOMAXPROCS(threads + 1)
	}
}
