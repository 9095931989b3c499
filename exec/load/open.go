package load

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/segq/segq/exec/column"
)

// Open reads the files that paths name, globs included, as one table. The
// format of each follows from its extension: .parquet, .ndjson, .jsonl, .json,
// .csv or .tsv, the texts also with .gz or .zst behind. A pipe may have no
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
	return l.load(ctx, func(ctx context.Context) error { return l.openAll(ctx, paths) })
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
		err = full // whatever came of it
	}
	if err != nil {
		return nil, nil, err
	}
	return s, &l.report, nil
}

// openAll reads files one after another.
func (l *loader) openAll(ctx context.Context, paths []string) error {
	names, err := expand(paths)
	if err != nil {
		return err
	}
	inputs := make([]*input, len(names))
	sized := true
	for i, name := range names {
		if inputs[i], err = inspect(name); err != nil {
			return err
		}
		sized = sized && !inputs[i].pipe()
		l.meter.total += inputs[i].info.Size()
	}
	if !sized {
		l.meter.total = 0
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

// expand gives the files that paths name. What is a file is no glob.
func expand(paths []string) ([]string, error) {
	var files []string
	for _, p := range paths {
		if _, err := os.Stat(p); err == nil {
			files = append(files, p)
			continue
		}
		if !strings.ContainsAny(p, "*?[") {
			return nil, fmt.Errorf("%s: no such file", p)
		}
		found, err := filepath.Glob(p)
		if err != nil {
			return nil, fmt.Errorf("%s: the pattern is not well formed: %w", p, err)
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("%s: no file matches", p)
		}
		files = append(files, found...)
	}
	return files, nil
}

// formatOf splits the extensions of a file into format and compression.
func formatOf(name string) (format, compression string, err error) {
	base := strings.ToLower(filepath.Base(name))
	for _, c := range []string{".gz", ".zst"} {
		if rest, ok := strings.CutSuffix(base, c); ok {
			base, compression = rest, c
		}
	}
	switch format = strings.TrimPrefix(filepath.Ext(base), "."); {
	case format == "parquet" && compression != "":
		return "", "", fmt.Errorf("%s: a Parquet file is compressed inside; decompress it first", name)
	case !known(format):
		return "", "", fmt.Errorf("%s: the format is not known by the extension; the formats are %s", name, formats)
	}
	return format, compression, nil
}

// open reads one file.
func (l *loader) open(ctx context.Context, in *input) error {
	f, err := OpenFile(ctx, in.name)
	if err != nil {
		return err
	}
	defer f.Close()
	if in.format == "parquet" {
		return l.read(ctx, f, in.format, in.name)
	}
	if l.plain = in.info.Size(); in.pipe() || in.compression != "" {
		l.plain = 0
	}
	var r io.Reader = &progressReader{ctx, f, l}
	if in.format == "" {
		head := bufio.NewReaderSize(r, fragmentSize)
		magic, _ := head.Peek(4) // what is wrong shows again when it is read
		in.compression, r = compressionOf(magic), head
	}
	r, end, err := l.decompress(r, in.compression)
	if err != nil {
		return fmt.Errorf("%s: %w", in.name, err)
	}
	defer end()
	if in.format == "" {
		text := bufio.NewReaderSize(r, fragmentSize)
		if in.format, err = guessFormat(text); err != nil {
			return fmt.Errorf("%s: %w", in.name, err)
		}
		r = text
	}
	return l.read(ctx, r, in.format, in.name)
}

// readAll reads r to its end. What it takes is charged for.
func (l *loader) readAll(r io.Reader) ([]byte, error) {
	buf := []byte{}
	for {
		if len(buf) == cap(buf) {
			room := max(blockSize, len(buf)+len(buf)/2)
			if len(buf) == 0 && l.plain > 0 {
				room = int(l.plain) + 1 // then the end shows without another look
			}
			if err := l.meter.charge(int64(room)); err != nil {
				return nil, err
			}
			l.meter.used.Add(-int64(cap(buf)))
			buf = append(make([]byte, 0, room), buf...)
		}
		n, last, err := fill(r, buf[:cap(buf)], len(buf))
		buf = buf[:n]
		if last || err != nil {
			return buf, err
		}
	}
}

// progressReader tells the progress of what is read from it.
type progressReader struct {
	ctx context.Context
	r   io.Reader
	l   *loader
}

// Read reads from the file and reports the bytes. It ends with the context: what is
// compressed can be very long behind few bytes.
func (p *progressReader) Read(b []byte) (int, error) {
	if p.ctx.Err() != nil {
		return 0, context.Cause(p.ctx)
	}
	n, err := p.r.Read(b)
	p.l.progress(int64(n))
	return n, err
}

// progress counts bytes that were read and tells whoever wants to know.
func (l *loader) progress(n int64) {
	done := l.meter.read.Add(n)
	if l.options.Progress != nil {
		l.options.Progress(done, l.meter.total)
	}
}
