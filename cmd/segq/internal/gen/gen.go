// Package gen writes generated profiles to files: [Write] picks the format by
// the file's name. Profiles are made and encoded on all cores, in chunks that
// are written in order, so that equal generators write equal profiles in the same
// order on any machine, in bounded memory.
package gen

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/output"
	"github.com/segq/segq/samples"
	"golang.org/x/sync/errgroup"
)

// encoder encodes chunks of profiles. begin is called in order; the part that it
// gives is filled and ended by one goroutine beside others, and its commit is called
// in order again.
type encoder interface {
	begin() part
	close() error
}

type part interface {
	encode([]samples.Profile) error
	end()
	commit() error
}

// chunk is how many profiles are encoded at a time.
const chunk = 32 << 10

// Write makes the profiles of g and writes them to the file called name, whose
// ending says how: .parquet, .ndjson, .jsonl, .ndjson.gz, .ndjson.zst. The file
// appears when it is complete; after an error or when ctx ends there is none.
// progress hears how many profiles are done, from this goroutine.
func Write(ctx context.Context, name string, g samples.Generator, progress func(done, total int)) error {
	open, err := format(name)
	if err != nil {
		return err
	}
	file, err := output.Create(ctx, name)
	if err != nil {
		return err
	}
	if err := write(ctx, file, open, g, progress); err != nil {
		return errors.Join(err, file.Abandon())
	}
	return file.Commit(0o644)
}

// format returns the encoder for a file's name.
func format(name string) (func(io.Writer) (encoder, error), error) {
	base, compression := name, ""
	for _, c := range []string{".gz", ".zst"} {
		if rest, ok := strings.CutSuffix(name, c); ok {
			base, compression = rest, c
		}
	}
	switch filepath.Ext(base) {
	case ".parquet":
		if compression == "" {
			return newParquet, nil
		}
	case ".ndjson", ".jsonl":
		return func(w io.Writer) (encoder, error) { return newNDJSON(w, compression) }, nil
	}
	return nil, fmt.Errorf("cannot write %s: its name should end in .parquet, .ndjson, .ndjson.gz or .ndjson.zst", name)
}

func write(ctx context.Context, file io.Writer, open func(io.Writer) (encoder, error), g samples.Generator, progress func(done, total int)) error {
	w := bufio.NewWriterSize(file, 1<<20)
	e, err := open(w)
	if err != nil {
		return err
	}
	cores := runtime.GOMAXPROCS(0)
	for start := 0; start < g.Profiles; start += cores * chunk {
		end := min(start+cores*chunk, g.Profiles)
		if err := wave(ctx, e, g, start, end); err != nil {
			return err
		}
		progress(end, g.Profiles)
	}
	return errors.Join(e.close(), w.Flush())
}

// wave makes the profiles from start to before end, a chunk a core.
func wave(ctx context.Context, e encoder, g samples.Generator, start, end int) error {
	var parts []part
	group, ctx := errgroup.WithContext(ctx)
	for ; start < end; start += chunk {
		p, first, last := e.begin(), start, min(start+chunk, end)
		parts = append(parts, p)
		group.Go(func() error { return fill(ctx, p, g, first, last) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, p := range parts {
		if err := p.commit(); err != nil {
			return err
		}
	}
	return nil
}

// fill encodes the profiles from start to before end, some at a time.
func fill(ctx context.Context, p part, g samples.Generator, start, end int) error {
	profiles := make([]samples.Profile, 0, 256)
	for i := start; i < end; i++ {
		profiles = append(profiles, g.Profile(i))
		if len(profiles) < cap(profiles) && i+1 < end {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := p.encode(profiles); err != nil {
			return err
		}
		profiles = profiles[:0]
	}
	p.end()
	return nil
}
