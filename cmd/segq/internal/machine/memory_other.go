//go:build !linux && !darwin && !windows

package machine

// Memory is not known here: then --memory has no default.
func Memory() int64 { return 0 }
