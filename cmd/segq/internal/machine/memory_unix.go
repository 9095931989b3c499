//go:build unix

package machine

import (
	"runtime"
	"syscall"
)

// ProcessPeak returns the most bytes that this process held, 0 where it is not known.
func ProcessPeak() int64 {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		return 0
	}
	peak := int64(use.Maxrss) //nolint:unconvert // it has 32 bits on some systems
	if runtime.GOOS != "darwin" && runtime.GOOS != "ios" {
		peak <<= 10 // elsewhere in kilobytes, see getrusage(2)
	}
	return peak
}
