//go:build !linux

package load

import "io/fs"

// NumberOf returns 0: it is not known.
func NumberOf(fs.FileInfo) uint64 { return 0 }

// ChangedAt returns 0: it is not known.
func ChangedAt(fs.FileInfo) int64 { return 0 }
