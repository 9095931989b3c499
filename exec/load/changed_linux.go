package load

import (
	"io/fs"
	"syscall"
)

// NumberOf returns the number of a file on its disk, 0 where that is not known.
func NumberOf(info fs.FileInfo) uint64 {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return s.Ino
	}
	return 0
}

// ChangedAt returns when anything of a file was changed last, in nanoseconds since 1970, which
// nobody can set; 0 where that is not known.
func ChangedAt(info fs.FileInfo) int64 {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return s.Ctim.Nano()
	}
	return 0
}
