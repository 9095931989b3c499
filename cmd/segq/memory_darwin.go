package main

import "golang.org/x/sys/unix"

// memoryThere gives the bytes of the machine, 0 where they are not known.
func memoryThere() int64 {
	n, err := unix.SysctlUint64("hw.memsize")
	if err != nil {
		return 0
	}
	return int64(n)
}
