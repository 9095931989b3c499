package history

import (
	"errors"
	"os"
	"time"
)

// patience is how long the lock is waited for. Who has it needs milliseconds, unless it is stopped.
const patience = 2 * time.Second

var errLocked = errors.New("another program holds its lock")

// lock takes the lock of a file, which is a file of its own: the former can be replaced. It ends with the process.
func lock(name string) (unlock func(), err error) {
	f, err := open(name+".lock", os.O_RDWR|os.O_CREATE)
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
			return nil, errors.Join(errLocked, f.Close())
		}
	}
}
