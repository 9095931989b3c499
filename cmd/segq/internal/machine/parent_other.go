//go:build !linux

package machine

import "os"

// DieWithParent does nothing here.
func DieWithParent() {}

// Unread is not known here.
func Unread(*os.File) bool { return false }
