package load

import (
	"io/fs"
	"syscall"
)

// ChangedAt returns when anything of a file was changed last, in nanoseconds since 1970, which
// nobody can set; 0 where that is not known.
func ChangedAt(info fs.FileInfo) int64 {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return s.Ctim.Nano()
	}
	return 0
}
