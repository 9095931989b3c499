package machine

import "golang.org/x/sys/unix"

// Memory returns the bytes of the machine, 0 where they are not known.
func Memory() int64 {
	n, err := unix.SysctlUint64("hw.memsize")
	if err != nil {
		return 0
	}
	return int64(n)
}
