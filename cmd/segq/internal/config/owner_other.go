//go:build !unix

package config

import "io/fs"

// owner is for systems where files belong to numbered users.
func owner(fs.FileInfo) (int, bool) { return 0, false }
