//go:build !linux && !darwin && !windows

package main

// memoryThere is not known here: then --memory has no default.
func memoryThere() int64 { return 0 }
