// Package dataset holds loaded data: with the engine that answers over it, the flags that say
// how it is read (options.go), what no answer counts (trust.go, loadreport.go), how the memory
// of the process is shared (shares.go), and what workers tell about it to those who have no
// data (published.go).
//
// The tour: [Open] loads, and reports what it has left out; [Dataset.NewRecord] and
// [Dataset.Describe] make records say what their numbers are based on.
package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/show"
	"github.com/segq/segq/samples"
)

// Dataset is loaded data with the engine that answers over it.
type Dataset struct {
	Name     string
	Snapshot *column.Snapshot
	Catalog  column.Catalog
	Engine   *resident.Engine
	skipped  skipped
	memory   shares
	report   *load.Report
	release  func() // gives back the memory of the columns
}

// Open loads the files and globs of paths, or the embedded sample when
// there are none, and tells notes about rows that could not be read.
func Open(ctx context.Context, paths []string, o Options, threads int, notes io.Writer) (*Dataset, error) {
	if err := o.validate(); err != nil {
		return nil, exit.Usage(err)
	}
	tell, wipe := loadProgress(notes)
	m := shareMemory(o.memory)
	snapshot, report, release, err := loadData(ctx, paths, load.Options{
		Strict: o.strict, BadRows: load.BadRows(o.badRows), Types: o.types, ID: o.id, Events: o.events, Threads: threads, Progress: tell,
		Memory: m.loading, Columns: m.columns,
	})
	wipe()
	var unknown *load.TypeError
	if errors.As(err, &unknown) {
		return nil, exit.Usage(fmt.Errorf("--type: %w", err))
	}
	if err != nil {
		return nil, exit.Data(m.explain(err))
	}
	name := datasetName(paths)
	if len(paths) == 0 {
		fmt.Fprintf(notes, "segq: no DATA given: using the embedded sample of %s profiles\n", show.Count(snapshot.Rows()))
	} else {
		noteLoad(notes, report)
	}
	return &Dataset{
		Name:     name,
		Snapshot: snapshot,
		skipped:  skippedOf(report),
		Catalog:  column.Catalog{Snapshot: snapshot},
		Engine:   resident.New(snapshot, resident.Options{Threads: threads, Memory: m.queries, QueryMemory: m.query}),
		memory:   m,
		report:   report,
		release:  release,
	}, nil
}

// noteDelay is how long a load stays silent: most are over before it.
const noteDelay = 300 * time.Millisecond

// loadProgress tells how far the loading is, in a line that is repainted at most
// ten times a second and wiped at the end, where notes go to a terminal.
func loadProgress(notes io.Writer) (tell func(read, total int64), wipe func()) {
	f, ok := notes.(*os.File)
	if !ok || !console.IsTerminal(f) {
		return nil, func() {}
	}
	var last atomic.Int64
	started := time.Now()
	tell = func(read, total int64) {
		now := time.Now()
		before := last.Load()
		if now.Sub(started) < noteDelay || now.UnixMilli()-before < 100 || !last.CompareAndSwap(before, now.UnixMilli()) {
			return
		}
		if total > 0 {
			fmt.Fprintf(f, "\r\x1b[Kloading  %3d %%  of %s MB", 100*read/total, show.Count(int(total/1e6)))
		}
	}
	return tell, func() {
		if last.Load() > 0 {
			fmt.Fprint(f, "\r\x1b[K")
		}
	}
}

// loadData loads what there is at paths, of which release gives back the memory.
func loadData(ctx context.Context, paths []string, o load.Options) (s *column.Snapshot, report *load.Report, release func(), err error) {
	release = func() {} // that of the process goes by itself
	if len(paths) == 0 {
		r, err := samples.Open()
		if err != nil {
			return nil, nil, nil, err
		}
		defer r.Close()
		s, report, err = load.Reader(ctx, r, "ndjson", "sample", o)
		return s, report, release, err
	}
	if path := packed(paths); path != "" {
		return openPacked(ctx, path, o)
	}
	s, report, err = load.Open(ctx, paths, o)
	return s, report, release, err
}

func datasetName(paths []string) string {
	switch len(paths) {
	case 0:
		return "sample"
	case 1:
		return filepath.Base(paths[0])
	}
	return fmt.Sprintf("%s and %d more", filepath.Base(paths[0]), len(paths)-1)
}

// Why returns what has become of the data where that is why there is an error; else the error.
func (d *Dataset) Why(err error) error {
	var fault *ast.Fault
	if err == nil || d.Snapshot.Lost == nil {
		return err
	}
	var value any
	if errors.As(err, &fault) {
		value = fault.Value
	}
	if lost := d.Snapshot.Lost(value); lost != nil {
		return exit.Data(lost)
	}
	return err
}

// Report tells how the data was loaded.
func (d *Dataset) Report() *load.Report { return d.report }

// Close ends the engine. Runs that are under way are cancelled.
func (d *Dataset) Close() {
	d.Engine.Close()
	d.release()
}
