package column

import (
	"context"

	"github.com/segq/segq/lang/check"
)

// Table is a dataset whose columns become resident when they are asked for. It is safe
// for concurrent use.
type Table interface {
	// Snapshot returns the table with the columns that are resident now; the others are
	// [Unloaded]. Schema, Fingerprint and the number of rows are the same at all times.
	Snapshot() *Snapshot
	// Load makes what is asked for resident, and returns a snapshot that has it and keeps
	// it until release is called, once. Columns that others are loading are waited for.
	// It fails when ctx is done, when the data cannot be read or is not any more what it
	// was, and when it would need more memory than there is; release is nil then. tell,
	// which may be nil, hears how many bytes, of how many, were read; it is called by one
	// goroutine at a time, and not after Load has returned.
	Load(ctx context.Context, reads *check.Reads, tell func(done, total int64)) (s *Snapshot, release func(), err error)
	// Close frees what the table holds, when no snapshot of it is kept any more.
	Close() error
}

// Keeper is a Table that gives up columns for others.
type Keeper interface {
	Table
	// Keep returns a snapshot that has what is read, if that is resident, and keeps it until release
	// is called; to be kept does not count as being asked for. yield is called when somebody
	// waits for the memory: then release is to be called soon.
	Keep(reads *check.Reads, yield func()) (s *Snapshot, release func(), ok bool)
}

// Resident returns the table of a snapshot that has all its columns.
func Resident(s *Snapshot) Table { return resident{s} }

type resident struct{ snapshot *Snapshot }

// Snapshot returns the one that there is.
func (r resident) Snapshot() *Snapshot { return r.snapshot }

// Load has nothing to do.
func (r resident) Load(context.Context, *check.Reads, func(done, total int64)) (*Snapshot, func(), error) {
	return r.snapshot, func() {}, nil
}

// Close leaves the rest to the collector of garbage.
func (r resident) Close() error { return nil }
