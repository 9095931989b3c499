//go:build !darwin && !dragonfly && !freebsd && !linux && !netbsd && !openbsd && !windows

package lockfile

import (
	"errors"
	"os"
)

// tryLock refuses: there, nothing is written that several processes share.
func tryLock(*os.File) (bool, error) { return false, errors.ErrUnsupported }
