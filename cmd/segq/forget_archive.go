package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/segq/segq/cmd/segq/internal/forget"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/repl/show"
)

// fromArchive looks through the files of an archive, such as the memberships in bitmaps, which have the ids in ids.csv. What is in it
// stays: the rows of bitmaps go by the place of an id.
func (o *forgetting) fromArchive(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	open := name
	if strings.EqualFold(filepath.Ext(name), ".tgz") {
		open = name + ".gz"
	}
	_, plain := load.Uncompressed(open)
	r, err := plain(f)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	var errs []error
	for archive := tar.NewReader(r); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return errors.Join(errs...)
		}
		if err != nil {
			return errors.Join(append(errs, err)...)
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		text, err := io.ReadAll(io.LimitReader(archive, mostText))
		if err != nil {
			return errors.Join(append(errs, err)...)
		}
		if err := o.fromArchived(name, h.Name, text); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", show.Clean(h.Name), err))
		}
	}
}

// fromArchived looks through a file of an archive.
func (o *forgetting) fromArchived(archive, name string, text []byte) error {
	const again = "make it again from data without the profile"
	if o.Name(filepath.Base(name)) {
		o.stays(archive, name+": its name has it", again)
	}
	ext := strings.ToLower(filepath.Ext(name))
	if ext == ".csv" || ext == ".tsv" || ext == ".ndjson" || ext == ".jsonl" || ext == ".json" {
		if k, ok := o.rowsOf(name, text); ok {
			if k.Mine > 0 {
				o.staysInFile(archive, fmt.Sprintf("%s: %s", name, show.Plural(k.Mine, "row", "rows")), again)
			}
			if k.Others > 0 {
				o.stays(archive, fmt.Sprintf("%s: %s it in other fields", name, show.Plural(k.Others, "row names", "rows name")), "look at it: they may be of others")
			}
			return k.Unread
		}
	}
	switch {
	case ext == ".roaring":
		return nil // numbers of rows
	case len(text) == mostText:
		return errors.New("it is too large")
	case !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0:
		return errors.New("it is no text in UTF-8: take it out of the archive, and name it")
	case forget.Mentions(string(text), o.ID):
		o.stays(archive, name+": it has the id", again)
	}
	return nil
}
