package parquet

import (
	"io"
	"syscall"

	"golang.org/x/sys/unix"
)

func adviseWillNeed(r io.ReaderAt, at, n int64) {
	s, ok := r.(syscall.Conn)
	if !ok {
		return
	}
	if c, err := s.SyscallConn(); err == nil {
		_ = c.Control(func(fd uintptr) { _ = unix.Fadvise(int(fd), at, n, unix.FADV_WILLNEED) })
	}
}
