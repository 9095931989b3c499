package load

import (
	"fmt"
	"runtime/debug"
	"strings"
)

// fault is a panic that some file has brought to light: a mistake of this program.
type fault struct {
	value any
	stack []byte
}

// Error gives what was panicked with.
func (f *fault) Error() string { return fmt.Sprintf("internal error: %v", f.value) }

// Report says what the maintainers need to know beside the file.
func (f *fault) Report() string {
	return "this is a mistake of segq, not of the file; please report it with the file, or how it was made, and this:\n" +
		strings.TrimSpace(string(f.stack))
}

// guarded gives work whose panic is an error: nothing else would catch one in a
// goroutine.
func guarded(work func() error) func() error {
	return func() (err error) {
		defer func() {
			if v := recover(); v != nil {
				err = &fault{v, debug.Stack()}
			}
		}()
		return work()
	}
}
