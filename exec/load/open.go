package load

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"
	"github.com/segq/segq/exec/column"
)

// Open reads the files that paths name, globs included, as one table. The
// format of each follows from its extension: .parquet, .ndjson, .jsonl, .json,
// .csv or .tsv, the texts also with .gz or .zst behind. The fields of the table
// are those of all files together.
//
// It fails when a path names nothing, when a file cannot be read to its end,
// when no row is good or, if Strict, when one is bad. Rows that are left out
// are in the report.
func Open(ctx context.Context, paths []string, o Options) (*column.Snapshot, *Report, error) {
	l, err := newLoader(o)
	if err != nil {
		return nil, nil, err
	}
	files, err := expand(paths)
	if err != nil {
		return nil, nil, err
	}
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			return nil, nil, err
		}
		if info.IsDir() {
			return nil, nil, fmt.Errorf("%s is a directory; name its files, as in %s", name, filepath.Join(name, "*.ndjson"))
		}
		if _, _, err := formatOf(name); err != nil {
			return nil, nil, err
		}
		l.size += info.Size()
	}
	for _, name := range files {
		if err := l.open(ctx, name); err != nil {
			return nil, nil, err
		}
	}
	return l.finish(ctx)
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
func (l *loader) open(ctx context.Context, name string) error {
	format, compression, err := formatOf(name)
	if err != nil {
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only read
	if format == "parquet" {
		return l.read(ctx, f, format, name)
	}
	var r io.Reader = &progressReader{f, l}
	switch compression {
	case ".gz":
		z, err := gzip.NewReader(r)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		r = z
	case ".zst":
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(l.options.Threads))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		defer z.Close()
		r = z
	}
	return l.read(ctx, r, format, name)
}

// progressReader tells the progress of what is read from it.
type progressReader struct {
	r io.Reader
	l *loader
}

// Read reads from the file and reports the bytes.
func (p *progressReader) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	p.l.progress(int64(n))
	return n, err
}

// progress counts bytes that were read and tells whoever wants to know.
func (l *loader) progress(n int64) {
	l.done += n
	if l.options.Progress != nil {
		l.options.Progress(l.done, l.size)
	}
}
