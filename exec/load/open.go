package load

import (
	"context"
	"fmt"
	"io"

	"github.com/segq/segq/exec/column"
)

// Open reads the files that paths name, globs included, as one table. The
// format of each follows from its extension, one of [Formats]. A pipe may have no
// extension; then its first bytes tell. The fields of the table are those of all
// files together.
//
// It fails when a path names nothing, when a file cannot be read to its end or
// changes meanwhile ([ErrChanged]), when it would need more memory than Options
// allow ([MemoryError]), when no row is good or, if Strict, when one is bad. Rows
// that are left out are in the report.
func Open(ctx context.Context, paths []string, o Options) (*column.Snapshot, *Report, error) {
	l, err := newLoader(o)
	if err != nil {
		return nil, nil, err
	}
	return l.load(ctx, func(ctx context.Context) error {
		inputs, err := find(ctx, paths, &l.options)
		if err != nil {
			return err
		}
		return l.openAll(ctx, inputs)
	})
}

// Reader reads profiles from r. format is what a file's extension would be,
// without the dot; name is what errors call it. See [Open] for the rest.
func Reader(ctx context.Context, r io.Reader, format, name string, o Options) (*column.Snapshot, *Report, error) {
	l, err := newLoader(o)
	if err != nil {
		return nil, nil, err
	}
	return l.load(ctx, func(ctx context.Context) error {
		f := formatNamed(format)
		if f == nil {
			return fmt.Errorf("%s: the format %q is not known; the formats are %s", name, format, Formats())
		}
		inputs := []*input{{located: located{source: newGiven(r, name), keys: folderKeys(name)}, format: f}}
		settleKeys(inputs, o.Schema)
		return l.openAll(ctx, inputs)
	})
}

// load reads by the given function, and joins what it has read.
func (l *loader) load(ctx context.Context, read func(context.Context) error) (*column.Snapshot, *Report, error) {
	ctx, l.meter.stop = context.WithCancelCause(ctx)
	defer l.meter.stop(nil)
	var s *column.Snapshot
	err := guarded(func() (err error) {
		if err = read(ctx); err == nil {
			s, err = l.finish(ctx)
		}
		return err
	})()
	if full := l.meter.failed.Load(); full != nil {
		err = full // whatever the outcome
	}
	if err != nil {
		return nil, nil, err
	}
	return s, &l.report, nil
}

// find returns the inputs that paths name.
func find(ctx context.Context, paths []string, o *Options) ([]*input, error) {
	var inputs []*input
	met, remotes := identities{}, map[string]bool{}
	for _, path := range paths {
		sources, err := sourcesOf(ctx, path, o)
		if err != nil {
			return nil, err
		}
		for _, s := range sources {
			in, err := inspect(s, o.Format)
			if err != nil {
				return nil, err
			}
			if r, ok := s.source.(*remote); ok {
				if remotes[r.Address()] {
					return nil, fmt.Errorf("%s is named twice: its rows would count twice", r.name())
				}
				remotes[r.Address()] = true
			}
			if err := met.add(in); err != nil {
				return nil, err
			}
			inputs = append(inputs, in)
		}
	}
	settleKeys(inputs, o.Schema)
	return inputs, nil
}

// openAll reads inputs one after another.
func (l *loader) openAll(ctx context.Context, inputs []*input) error {
	l.noteIdle(inputs)
	l.noteLeft(inputs)
	l.noteTables(inputs)
	for _, in := range inputs {
		if in.size() == unknown {
			l.meter.total = 0
			break
		}
		l.meter.total += in.size()
	}
	for _, in := range inputs {
		err := l.open(ctx, in)
		if changed := in.changed(); changed != nil && ctx.Err() == nil {
			return changed // this may be why it could not be read
		}
		if err != nil {
			return err
		}
	}
	// All together are what was there at one time.
	for _, in := range inputs {
		if err := in.changed(); err != nil {
			return err
		}
	}
	return nil
}
