// Package lockfile locks a file that several processes of a user write: a file beside it is the lock, so that the former
// can be replaced by one of its name ([Take]). [Hold] locks a file itself, for as long as it is open.
package lockfile

import (
	"errors"
	"os"
	"time"
)

// patience is how long the lock is waited for. Who has it needs milliseconds, unless it is stopped.
const patience = 2 * time.Second

// ErrTaken says that another program holds the lock.
var ErrTaken = errors.New("another program holds its lock: try again, or see whether one hangs")

// Take takes the lock of a file, which need not be there. It ends with the process.
func Take(name string) (unlock func(), err error) {
	lock := name + ".lock"
	if info, err := os.Stat(lock); err == nil && !info.Mode().IsRegular() {
		return nil, &os.PathError{Op: "open", Path: lock, Err: errors.New("this is no file")}
	}
	f, err := os.OpenFile(lock, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for end := time.Now().Add(patience); ; time.Sleep(2 * time.Millisecond) {
		taken, err := tryLock(f)
		switch {
		case err != nil:
			return nil, errors.Join(err, f.Close())
		case taken:
			return func() { _ = f.Close() }, nil // and with it the lock
		case time.Now().After(end):
			return nil, errors.Join(ErrTaken, f.Close())
		}
	}
}

// Hold takes the lock of an open file, if nobody has it, and says whether it did. It ends when the file is closed.
func Hold(f *os.File) bool {
	taken, err := tryLock(f)
	return taken && err == nil
}
