package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/exec/load"
)

// prior is the data that is asked while other data is opened that is to take its place. It is forgotten
// when it is closed.
type prior struct{ atomic.Pointer[Dataset] }

// held returns what it holds.
func (p *prior) held() int64 {
	if d := p.Load(); d != nil {
		return d.table.Residency().Bytes
	}
	return 0
}

// OpenBeside opens data that is to take the place of d, which is asked meanwhile. Both are within --memory
// together: where there is no room for both, d gives up the columns that nobody uses, which it can read again.
func (d *Dataset) OpenBeside(ctx context.Context, paths []string, o Options, threads int, w io.Writer) (*Dataset, error) {
	if err := rereadable(paths); err != nil {
		return nil, exit.Data(err)
	}
	beside := &prior{}
	beside.Store(d)
	next, err := open(ctx, paths, o, threads, w, beside)
	if full := (*load.MemoryError)(nil); errors.As(err, &full) && d.GiveUp() {
		next, err = open(ctx, paths, o, threads, w, beside)
	}
	if err != nil {
		return nil, err
	}
	d.atEnd(func() { beside.Store(nil) })
	return next, nil
}

// rereadable returns an error for what can be read only once.
func rereadable(paths []string) error {
	for _, path := range paths {
		info, err := os.Stat(path)
		if path == "-" || err == nil && !info.Mode().IsRegular() && !info.IsDir() {
			return fmt.Errorf("%s cannot be read again: it is no file", path)
		}
	}
	return nil
}

// GiveUp gives up the columns that nobody uses, and says whether there were any. They are read again when
// somebody asks for them.
func (d *Dataset) GiveUp() bool {
	files, ok := d.table.(interface{ GiveUp() bool })
	return ok && files.GiveUp()
}

// atEnd has f called when d is closed.
func (d *Dataset) atEnd(f func()) {
	d.endMu.Lock()
	defer d.endMu.Unlock()
	d.ends = append(d.ends, f)
}

// ended tells those who want to know that d is closed.
func (d *Dataset) ended() {
	d.endMu.Lock()
	defer d.endMu.Unlock()
	for _, f := range d.ends {
		f()
	}
	d.ends = nil
}
