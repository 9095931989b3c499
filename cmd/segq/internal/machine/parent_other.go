//go:build !linux

package machine

import "os"

// DieWithParent does nothing here.
func DieWithParent() {}

// Widen does nothing here.
func Widen(*os.File) {}

// Unread is not known here.
func Unread(*os.File) bool { return false }
