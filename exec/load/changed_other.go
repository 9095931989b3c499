//go:build !linux

package load

import "io/fs"

// changedAt returns 0: it is not known.
func changedAt(fs.FileInfo) int64 { return 0 }
