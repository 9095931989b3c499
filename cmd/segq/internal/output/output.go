// Package output writes files that appear under their names only when they are
// complete, and writes straight to pipes and devices. What goes wrong is an [Error].
package output

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/segq/segq/repl/lockfile"
)

// Error says that what was asked for could not be written.
type Error struct {
	// To names the file.
	To  string
	Err error
}

// Error says where and why.
func (e *Error) Error() string { return "cannot write " + e.To + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Gone says that the reader went away, as head does when it has seen enough.
func (e *Error) Gone() bool {
	return errors.Is(e.Err, syscall.EPIPE) || errors.Is(e.Err, io.ErrClosedPipe)
}

// File is a file that is being written.
type File struct {
	*os.File
	name   string      // as it was asked for
	target string      // what to call the file at last; "" for one that has its name
	mode   fs.FileMode // of the file that was there under that name; 0 for none
}

// Create begins a file. What is there under that name stays until Commit; but to a
// pipe or a device it writes at once. A pipe is waited for until ctx is done.
func Create(ctx context.Context, name string) (*File, error) {
	f := &File{name: name, target: name}
	var err error
	if info, statErr := os.Stat(name); statErr == nil {
		switch {
		case info.IsDir():
			return nil, &Error{name, syscall.EISDIR}
		case !info.Mode().IsRegular():
			f.target = ""
			f.File, err = openPipe(ctx, name)
			return f, f.failed(err)
		}
		f.mode = info.Mode().Perm()
		// Through a link: the file that it names is written, and the link stays.
		if f.target, err = filepath.EvalSymlinks(name); err != nil {
			return nil, f.failed(err)
		}
	}
	f.File, err = os.CreateTemp(filepath.Dir(f.target), beside(filepath.Base(f.target)))
	if err != nil {
		return nil, f.failed(err)
	}
	lockfile.Hold(f.File)
	sweep(f.target)
	return f, nil
}

// abandoned is after how long without a change a file may be one that was left behind.
const abandoned = time.Minute

// sweep removes what runs that were killed have left beside a target. Those that still write have the lock of their file.
func sweep(target string) {
	pattern := beside(filepath.Base(target))
	entries, err := os.ReadDir(filepath.Dir(target))
	if err != nil {
		return
	}
	for _, entry := range entries {
		name := entry.Name()
		rest, ours := strings.CutPrefix(name, strings.TrimSuffix(pattern, "*"))
		if !ours || strings.Trim(rest, "0123456789") != "" {
			continue
		}
		info, err := entry.Info()
		if err != nil || !info.Mode().IsRegular() || time.Since(info.ModTime()) < abandoned {
			continue
		}
		left, err := os.OpenFile(filepath.Join(filepath.Dir(target), name), os.O_RDWR, 0)
		if err != nil {
			continue
		}
		free := lockfile.Hold(left)
		if _ = left.Close(); free {
			_ = os.Remove(left.Name())
		}
	}
}

// beside returns the pattern of the name that a file has while it is written: whoever finds one that
// is left behind sees what it was to be. File systems have names of up to 255 bytes.
func beside(name string) string {
	const most = 200
	if len(name) > most {
		name = strings.ToValidUTF8(name[:most], "")
	}
	return "." + name + ".segq-*"
}

// openPipe opens what is no file of its own. Opening a pipe waits for its reader.
func openPipe(ctx context.Context, name string) (*os.File, error) {
	type result struct {
		file *os.File
		err  error
	}
	opened := make(chan result, 1)
	go func() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		opened <- result{f, err}
	}()
	select {
	case r := <-opened:
		return r.file, r.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// failed makes an error one of the output, unless somebody has cancelled it.
func (f *File) failed(err error) error {
	var own *Error
	if err == nil || errors.As(err, &own) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err // the name that it has is not the one that was asked for
	}
	return &Error{f.name, err}
}

// Write writes to the file.
func (f *File) Write(b []byte) (int, error) {
	n, err := f.File.Write(b)
	return n, f.failed(err)
}

// Keep waits until what was written is on the disk, so that a file which took the place of
// another is whole even after a loss of power. To a pipe or a device it does nothing.
func (f *File) Keep() error {
	if f.target == "" {
		return nil
	}
	return f.failed(f.Sync())
}

// Commit ends the file and gives it its name and mode, or the mode of the file that it
// replaces. It leaves nothing behind when it fails.
func (f *File) Commit(mode fs.FileMode) error {
	if f.target == "" {
		return f.failed(f.Close())
	}
	if f.mode != 0 {
		mode = f.mode
	}
	err := errors.Join(f.Chmod(mode), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), f.target)
	}
	if err != nil {
		return errors.Join(f.failed(err), os.Remove(f.Name()))
	}
	return nil
}

// Abandon ends the file and leaves nothing behind.
func (f *File) Abandon() error {
	if f.target == "" {
		return f.failed(f.Close())
	}
	return f.failed(errors.Join(f.Close(), os.Remove(f.Name())))
}
