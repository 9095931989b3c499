//go:build !linux

package load

import "io/fs"

// ChangedAt returns 0: it is not known.
func ChangedAt(fs.FileInfo) int64 { return 0 }
