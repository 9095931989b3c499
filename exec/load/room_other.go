//go:build !linux

package load

func adviseHuge([]byte) {}
