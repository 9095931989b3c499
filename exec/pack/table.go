package pack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

// Table is a packed file that is open. Its columns are verified when they are first asked for,
// and lie in the map; it takes no other memory for them.
type Table struct {
	index  *index
	mapped *mapping
	// now is the snapshot of the columns that were verified until now, bare that of none.
	now  atomic.Pointer[column.Snapshot]
	bare *column.Snapshot

	// trusted says that the columns are not verified: who has opened the file knows that they were.
	trusted bool

	mu sync.Mutex // guards what follows, and the columns of the shapes
	// loading are the columns that somebody verifies; the channel is closed when that is over.
	loading map[*shape]chan struct{}
	readers int
	closed  bool
}

var _ column.Table = (*Table)(nil)

// Open opens a packed file. It reads no more than its header and index: what is wrong with a
// column is found out when it is asked for.
func Open(path string) (*Table, error) {
	switch info, err := os.Stat(path); {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular(): // opening a pipe waits for who writes to it
		return nil, fmt.Errorf("%s: a packed file is mapped into memory, so it has to be a file on a disk, and no pipe or device", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	t, err := open(file, path)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), file.Close())
	}
	return t, nil
}

func open(file *os.File, name string) (*Table, error) {
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, err
	case info.Size() == 0:
		return nil, errors.New("it is empty")
	}
	if err := native(); err != nil {
		return nil, err
	}
	x, err := readIndex(file, info.Size())
	if err != nil {
		return nil, err
	}
	t := &Table{index: x, loading: map[*shape]chan struct{}{}}
	if t.mapped, err = newMapping(file, name); err != nil {
		return nil, err
	}
	t.mapped.intact = t.intact
	if t.mapped.size != x.size {
		return nil, errors.Join(errors.New("it changes while it is opened"), unmap(t.mapped.data))
	}
	x.root.each(func(s *shape) {
		if s.kind == nulls || s == x.root {
			s.column = s.rebuild(nil) // there is nothing to read
		}
	})
	x.root.stale = true
	t.show()
	t.bare = t.Snapshot()
	return t, nil
}

// readIndex reads the header and the index of a file of so many bytes.
func readIndex(r io.ReaderAt, size int64) (*index, error) {
	b := make([]byte, min(size, headerSize))
	if _, err := r.ReadAt(b, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	h, err := decodeHeader(b, size)
	if err != nil {
		return nil, err
	}
	b = make([]byte, h.index)
	if _, err := r.ReadAt(b, headerSize); err != nil {
		return nil, err
	}
	if checksum(b) != h.checksum {
		return nil, errors.New("its index is damaged: the checksum is another")
	}
	x, err := decodeIndex(b, size)
	if err == nil {
		sum := sha256.Sum256(b)
		x.digest = hex.EncodeToString(sum[:8])
	}
	return x, err
}

// Report tells what was left out when the data was loaded, before it was packed.
func (t *Table) Report() *load.Report {
	r := t.index.report
	r.Files = []load.File{{Name: t.mapped.name, Rows: r.Rows}}
	return &r
}

// Digest names the contents: it is one of the index, which has the checksums of all columns.
func (t *Table) Digest() string { return t.index.digest }

// Columns returns how many columns there are, with those that others are made of, and how many of
// them were verified.
func (t *Table) Columns() (all, verified int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.index.root.each(func(s *shape) {
		if all++; s.column != nil {
			verified++
		}
	})
	return all, verified
}

// Stamp names the file as it was when it was opened, so that nobody can give another content the same; "" where the system does not tell
// enough for that, or the file was changed so lately that it might be changed again at the same time.
func (t *Table) Stamp() string { return t.mapped.stamp() }

// Trust has the columns taken as they are, without a look at their bytes: for who knows by the [Table.Stamp] that they were looked
// through in this very file. It is called before they are asked for.
func (t *Table) Trust() { t.trusted = true }

// Snapshot returns the table with the columns that were verified until now.
func (t *Table) Snapshot() *column.Snapshot { return t.now.Load() }

// show makes the snapshot of the columns that there are now.
func (t *Table) show() {
	t.index.root.renew()
	s := t.index.snap
	s.Root, _ = t.index.root.column.(*column.Struct)
	s.Lost, s.Partial = t.mapped.lost, true // each reader is to be known
	t.now.Store(&s)
}

// Load verifies the columns of what is read. Where one is damaged, or the file is not what it was,
// the error is an [exec.DataError].
func (t *Table) Load(ctx context.Context, reads *check.Reads, tell func(done, total int64)) (*column.Snapshot, func(), error) {
	if err := t.enter(); err != nil {
		return nil, nil, err
	}
	var wanted []*shape
	t.index.root.want(reads, false, &wanted)
	slices.SortStableFunc(wanted, func(a, b *shape) int { return int(min(max(a.at-b.at, -1), 1)) })
	for {
		own, others := t.claim(wanted)
		if len(own) == 0 && len(others) == 0 {
			break
		}
		if err := errors.Join(t.load(ctx, own, tell), wait(ctx, others)); err != nil {
			t.leave()
			if ctx.Err() != nil {
				return nil, nil, ctx.Err()
			}
			return nil, nil, &exec.DataError{Err: err}
		}
	}
	return t.Snapshot(), sync.OnceFunc(t.leave), nil
}

// want adds the columns of s that are read; all says that everything is.
func (s *shape) want(r *check.Reads, all bool, to *[]*shape) {
	*to = append(*to, s)
	all = all || r != nil && r.All
	switch s.kind {
	case structs:
		if all {
			for _, c := range s.children {
				c.want(nil, true, to)
			}
			return
		}
		for name, f := range r.Fields {
			if field := s.t.Field(name); field != nil {
				s.children[field.Index].want(f, false, to)
			}
		}
	case maps:
		s.children[0].want(nil, true, to) // a map without its keys is none
		fallthrough
	case lists:
		if elem := s.children[len(s.children)-1]; all {
			elem.want(nil, true, to)
		} else if r.Elem != nil {
			elem.want(r.Elem, false, to)
		}
	}
}

// claim divides the wanted columns that are not there yet: those that are for the caller to
// verify, and those that others verify, which it waits for.
func (t *Table) claim(wanted []*shape) (own []*shape, others []chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range wanted {
		if s.column != nil {
			continue
		}
		if done := t.loading[s]; done != nil {
			others = append(others, done)
			continue
		}
		t.loading[s] = make(chan struct{})
		own = append(own, s)
	}
	return own, others
}

// load verifies columns, and shows them.
func (t *Table) load(ctx context.Context, columns []*shape, tell func(done, total int64)) error {
	if len(columns) == 0 {
		return nil
	}
	vectors, err := t.verify(ctx, columns, tell)
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := len(columns) - 1; i >= 0; i-- { // children before their parents
		s := columns[i]
		if err == nil {
			s.column = s.rebuild(vectors[i])
			for above := s.parent; above != nil; above = above.parent {
				above.stale = true
			}
		}
		close(t.loading[s])
		delete(t.loading, s)
	}
	if err == nil {
		t.show()
	}
	return err
}

// wait waits for others, until ctx is done.
func wait(ctx context.Context, others []chan struct{}) error {
	for _, done := range others {
		select {
		case <-done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// errClosed is the error of those who come too late.
var errClosed = errors.New("the table is closed")

// enter counts a reader.
func (t *Table) enter() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return errClosed
	}
	t.readers++
	return nil
}

// leave is the end of a reader.
func (t *Table) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.readers--; t.closed && t.readers == 0 {
		_ = t.unmap() // nobody hears of it
	}
}

// unmap gives the map back. Who asks for a snapshot later gets one without columns.
func (t *Table) unmap() error {
	t.now.Store(t.bare)
	return t.mapped.close()
}

// Close unmaps the file when its last reader has gone. Nobody may read the columns of a
// snapshot after that, but those who have it from Load and have not released it.
func (t *Table) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil
	}
	t.closed = true
	if t.readers > 0 {
		return nil
	}
	return t.unmap()
}
