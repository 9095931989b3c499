//go:build !darwin && !dragonfly && !freebsd && !linux && !netbsd && !openbsd && !windows

package history

import (
	"errors"
	"os"
)

// tryLock refuses: there the history is kept in memory.
func tryLock(*os.File) (bool, error) { return false, errors.ErrUnsupported }
