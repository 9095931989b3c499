// Package console is where the user sits: the standard streams of the process, and the screen
// of its terminal. What is printed there is decided elsewhere.
package console

import (
	"errors"
	"io/fs"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/mattn/go-isatty"

	"github.com/segq/segq/cmd/segq/internal/output"
)

// Streams is the three standard streams.
type Streams struct {
	In  *os.File
	Out *Stdout
	Err *os.File
}

// Open returns the streams.
func Open(in, out, err *os.File) Streams { return Streams{in, &Stdout{File: out}, err} }

// Interactive says whether a person sits at both ends.
func (s Streams) Interactive() bool { return IsTerminal(s.In) && IsTerminal(s.Out.File) }

// Watched says whether a person sits at the output.
func (s Streams) Watched() bool { return IsTerminal(s.Out.File) }

// IsTerminal says whether f is a terminal.
func IsTerminal(f *os.File) bool {
	return isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd())
}

// HasTerminal says whether there is a terminal that controls the process, and that still is there.
func HasTerminal() bool {
	f, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	return f.Close() == nil
}

// Stdout is standard output. It keeps the first error of writing to it, for those who
// print without looking: the help of a command, say.
type Stdout struct {
	*os.File
	mu   sync.Mutex // guards what follows
	lost *output.Error
}

// Write writes, and says of an error that it was one of the output.
func (s *Stdout) Write(b []byte) (int, error) {
	n, err := s.File.Write(b)
	if err == nil {
		return n, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost == nil {
		s.lost = &output.Error{To: "standard output", Err: bare(err)}
	}
	return n, s.lost
}

// WriteString writes as Write does.
func (s *Stdout) WriteString(text string) (int, error) { return s.Write([]byte(text)) }

// bare returns an error without the name of a file, which says nothing here.
func bare(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// Failure returns the first error of writing, nil for none.
func (s *Stdout) Failure() *output.Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lost
}

// KeepBrokenPipes makes writing to a pipe without a reader an error like any other:
// else it ends the process with a signal.
func KeepBrokenPipes() { signal.Ignore(syscall.SIGPIPE) }
