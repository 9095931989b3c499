package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/segq/segq/exec/load/object"
)

// file is what has a name in the file system, as it was before anything was read. What
// is not a regular file is a stream, and has no second look: a pipe, a terminal.
type file struct {
	path string
	info fs.FileInfo
}

func newFile(path string) (*file, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	return &file{path, info}, nil
}

// refused returns an error when f is nothing that data comes from.
func (f *file) refused() error {
	switch mode := f.info.Mode(); {
	case mode&fs.ModeSocket != 0:
		return fmt.Errorf("%s is a socket; data comes from files and pipes", f.path)
	case mode&fs.ModeDevice != 0:
		return fmt.Errorf("%s is a device; data comes from files and pipes", f.path)
	}
	return nil
}

func (f *file) regular() bool { return f.info.Mode().IsRegular() }

func (f *file) name() string { return f.path }

func (f *file) size() int64 {
	if !f.regular() {
		return unknown
	}
	return f.info.Size()
}

func (f *file) open(ctx context.Context) (io.ReadCloser, error) {
	if f.regular() || f.info.IsDir() {
		return os.Open(f.path)
	}
	return newStream(ctx, func() (io.ReadCloser, error) { return os.Open(f.path) })
}

func (f *file) openAt(context.Context) (readerAtCloser, error) {
	if !f.regular() {
		return nil, errors.ErrUnsupported
	}
	return os.Open(f.path)
}

// ErrChanged is the error of a load whose file became another while it was read:
// what was read of it may never have been its contents.
var ErrChanged = object.ErrChanged

func (f *file) changed() error {
	if !f.regular() {
		return nil
	}
	now, err := os.Stat(f.path)
	switch was := f.info; {
	case errors.Is(err, fs.ErrNotExist):
		return f.became("it is gone")
	case err != nil:
		return err
	case !os.SameFile(was, now):
		return f.became("another file has its name")
	case now.Size() < was.Size():
		return f.became(fmt.Sprintf("it shrank from %d to %d bytes", was.Size(), now.Size()))
	case now.Size() > was.Size():
		return f.became(fmt.Sprintf("it grew from %d to %d bytes", was.Size(), now.Size()))
	case !now.ModTime().Equal(was.ModTime()):
		return f.became("it was written to")
	}
	return nil
}

func (f *file) became(what string) error {
	return fmt.Errorf("%s: %w: %s; load it again when nobody writes to it", f.path, ErrChanged, what)
}
