package dataset

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/load/object"
	"github.com/segq/segq/lang/check"
)

// peekText is how much of a text is read to see what fields it has.
const peekText = 1 << 20

// peekFormats are those of which a beginning is something.
var peekFormats = []string{"ndjson", "jsonl", "csv", "tsv"}

// peekPart is about how much the columns of the first rows hold.
const peekPart = 2 << 20

// Peek opens data to be looked at while somebody types: of large texts only the beginning, of other
// files what says what the columns are. Nothing is told.
func Peek(ctx context.Context, paths []string, o Options) (*Dataset, error) {
	o.peek, o.load = true, loadNamed
	return Open(ctx, paths, o, runtime.GOMAXPROCS(0), io.Discard)
}

// FirstRows has use look at columns that are read of the first rows, and says whether these are all.
// Nobody may look at them afterwards.
func (d *Dataset) FirstRows(ctx context.Context, reads *check.Reads, use func(s *column.Snapshot, all bool)) error {
	if files, ok := files(d.table); ok && files.parted() {
		parts, err := files.Parts(files.reads(reads), d.partBytes(peekPart))
		if err != nil {
			return err
		}
		if parts != nil {
			reader := parts.Readers(1)[0]
			defer func() { _ = reader.Close() }() // of what was only read
			if _, err := reader.Next(ctx); err != nil {
				return err
			}
			first, release, err := files.part(reader).Load(ctx, reads, nil)
			if err != nil {
				return err
			}
			defer release()
			use(first, false)
			return nil
		}
	}
	if err := d.Load(ctx, reads); err != nil {
		return err
	}
	use(d.Engine.Snapshot(), true)
	return nil
}

// beginning returns the first rows of the first of paths, nil where that need not be: it is small, or
// in a format whose columns are read one by one.
func beginning(ctx context.Context, paths []string, o load.Options) (table, error) {
	if paths[0] == Stdin {
		return nil, errors.New("what is read from a pipe is gone")
	}
	if object.Is(paths[0]) {
		return remoteBeginning(ctx, paths[0], o)
	}
	found, err := load.Files(ctx, paths[:1])
	if err != nil {
		return nil, err
	}
	name := found[0]
	bare, plainOf := load.Uncompressed(name)
	format := strings.TrimPrefix(strings.ToLower(filepath.Ext(bare)), ".")
	if o.Format != "" {
		format, plainOf = load.BareFormat(o.Format, name)
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no file", name) // what is read from a pipe is gone
	case format == "json" && info.Size() > peekText:
		return nil, fmt.Errorf("%s is large, and has to be read to its end", name)
	case info.Size() <= peekText || !slices.Contains(peekFormats, format):
		return nil, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // of what was only read
	plain, err := plainOf(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = plain.Close() }()
	text, err := io.ReadAll(io.LimitReader(plain, peekText))
	if err != nil {
		return nil, err
	}
	return begunTable(ctx, text, format, name, o)
}

// begunTable returns the table of the whole rows at the beginning of a text, unless there is a line end
// in one.
func begunTable(ctx context.Context, text []byte, format, name string, o load.Options) (table, error) {
	text = text[:bytes.LastIndexByte(text, '\n')+1]
	s, report, err := load.Reader(ctx, bytes.NewReader(text), format, name, o)
	if err != nil {
		return nil, err
	}
	return load.TableOf(s, report, o), nil
}

// remoteBeginning is [beginning] of what lies elsewhere.
func remoteBeginning(ctx context.Context, address string, o load.Options) (table, error) {
	name := object.Redacted(address)
	bare, plainOf := load.Uncompressed(name)
	format := strings.TrimPrefix(strings.ToLower(path.Ext(bare)), ".")
	if o.Format != "" {
		format, plainOf = load.BareFormat(o.Format, name)
	}
	if !slices.Contains(peekFormats, format) {
		return nil, nil
	}
	found, err := object.Find(ctx, address, false)
	if err != nil {
		return nil, err
	}
	if found.Size() == object.Unknown {
		return nil, fmt.Errorf("%s has to be read to its end", name)
	}
	at := found.OpenAt(ctx, 0)
	defer func() { _ = at.Close() }() // of what was only read
	plain, err := plainOf(io.NewSectionReader(at, 0, min(found.Size(), peekText)))
	if err != nil {
		return nil, err
	}
	defer func() { _ = plain.Close() }()
	text, err := io.ReadAll(io.LimitReader(plain, peekText))
	if err != nil && (len(text) == 0 || bare == name) {
		return nil, err
	}
	if found.Size() <= peekText && int64(len(text)) < peekText && len(text) > 0 && text[len(text)-1] != '\n' {
		text = append(text, '\n') // it is all there is
	}
	return begunTable(ctx, text, format, name, o)
}
