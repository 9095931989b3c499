//go:build unix

package config

import (
	"io/fs"
	"syscall"
)

// owner returns the number of the user to whom a file belongs.
func owner(info fs.FileInfo) (int, bool) {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(s.Uid), true
	}
	return 0, false
}
