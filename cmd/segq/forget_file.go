package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/forget"
	"github.com/segq/segq/cmd/segq/internal/output"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/lockfile"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/pflag"
)

// filesBelow lists the files below a folder. What is no file is an error, but for links to what is below it too.
func filesBelow(dir string) (files []string, unread, err error) {
	root, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, nil, err
	}
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir():
			return err
		case d.Type().IsRegular():
			files = append(files, name)
			return nil
		}
		to, err := filepath.EvalSymlinks(name)
		if d.Type()&fs.ModeSymlink != 0 && (errors.Is(err, fs.ErrNotExist) || err == nil && strings.HasPrefix(to, root+string(filepath.Separator))) {
			return nil
		}
		unread = errors.Join(unread, fmt.Errorf("%s: it is a link to elsewhere, or no file: name what it leads to", show.Clean(name)))
		return nil
	})
	return files, unread, err
}

// withFolders puts in the place of folders the files below them.
func withFolders(names []string) (files []string, unread error) {
	for _, name := range names {
		if info, err := os.Stat(name); err != nil || !info.IsDir() {
			files = append(files, name)
			continue
		}
		below, links, err := filesBelow(name)
		files, unread = append(files, below...), errors.Join(unread, links, err)
	}
	return files, unread
}

// fromFiles looks through files. One that cannot be read does not hold up the others.
func (o *forgetting) fromFiles(ctx context.Context, files []string) error {
	var errs []error
	for _, name := range files {
		o.fromName(name)
		var err error
		bare, _ := load.Uncompressed(name)
		switch strings.ToLower(filepath.Ext(bare)) {
		case ".csv", ".tsv", ".ndjson", ".jsonl", ".json":
			err = o.fromLines(ctx, name, bare)
		case ".segq", ".parquet", ".arrow", ".avro":
			err = o.fromData(ctx, name)
		case ".tar", ".tgz":
			err = o.fromArchive(name)
		default:
			err = o.fromText(name)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", show.Clean(name), err))
		}
	}
	return errors.Join(errs...)
}

// fromName notes a file that is called as the person, or in a folder for exports below one that is.
func (o *forgetting) fromName(name string) {
	path := filepath.Base(name)
	if below, err := filepath.Rel(o.exports, name); o.exports != "" && err == nil && filepath.IsLocal(below) {
		path = below
	}
	for part := range strings.SplitSeq(filepath.ToSlash(path), "/") {
		stem, _, _ := strings.Cut(part, ".")
		if o.Name(part) || o.Name(stem) {
			o.stays(name, "its name has it", "rename it, or remove it")
			return
		}
	}
}

// byNoChance is how long an id is that is not among any bytes by chance.
const byNoChance = 6

// fromText looks through a file of another kind.
func (o *forgetting) fromText(name string) error {
	text, err := readText(name)
	if (err == nil || errors.Is(err, errNoText) && len(o.ID) >= byNoChance) && forget.Mentions(string(text), o.ID) {
		o.stays(name, "it has the id", "remove it from the file, or the file")
	}
	return err
}

// fromData looks for the profile in a file of columns.
func (o *forgetting) fromData(ctx context.Context, name string) error {
	data := dataset.Options{}
	if flags := pflag.NewFlagSet("", pflag.ContinueOnError); o.Field != "" {
		data.Register(flags)
		if err := flags.Set("id", o.Field); err != nil {
			return err
		}
	}
	d, err := dataset.Open(ctx, []string{name}, data, 1, io.Discard)
	if err != nil {
		return err
	}
	defer d.Close()
	mine, others, err := o.fromColumns(ctx, d)
	if mine > 0 {
		o.staysInFile(name, show.Plural(mine, "profile has", "profiles have")+" this id", "make the file again from data without the profile")
	}
	if others > 0 && d.Snapshot.ID != nil {
		o.stays(name, show.Plural(others, "row names", "rows name")+" it in other fields", "look at them: they may be of others")
	} else if others > 0 {
		o.namedElsewhere(name, others)
	}
	if left := d.Unread(); err == nil && len(left) > 0 {
		err = fmt.Errorf("not all of it was read (%s): segq schema --report says what", strings.Join(left, ", "))
	}
	return err
}

// fromColumns counts the rows whose id it is, and the others that name it.
func (o *forgetting) fromColumns(ctx context.Context, d *dataset.Dataset) (mine, others int, err error) {
	var own, named column.Bitmap
	err = d.EachField(ctx, func(f *check.Field, c column.Column) {
		if f == d.Snapshot.ID {
			own = o.Column(c, f.Type, true)
		}
		named = forget.Either(named, o.Column(c, f.Type, false))
	})
	for w := range named {
		if own != nil {
			named[w] &^= own[w] // a row of its own names it, too
		}
	}
	return own.Ones(), named.Ones(), err
}

// namedElsewhere notes rows that are not known to be of the person.
func (o *forgetting) namedElsewhere(name string, rows int) {
	o.stays(name, show.Plural(rows, "row names", "rows name")+" it in other fields, or not in the field of ids", "look at them: they may be of others, or name the field of ids with --id")
}

// fromLines looks through a file of records, and takes those out whose id it is.
func (o *forgetting) fromLines(ctx context.Context, name, bare string) error {
	if o.sure && bare == name {
		unlock, err := lockForget()
		if err != nil {
			return err
		}
		defer unlock()
	}
	before, _ := os.Stat(name)
	text, err := readText(name)
	if err != nil {
		return err
	}
	k, ok := o.rowsOf(bare, text)
	if !ok {
		return o.fromText(name)
	}
	if o.Field != "" && k.Fieldless && len(text) > 0 {
		k.Unread = errors.Join(k.Unread, fmt.Errorf("there is no field %s, which --id names", show.Clean(o.Field)))
	}
	if k.Others > 0 {
		o.namedElsewhere(name, k.Others)
	}
	if k.Mine > 0 && bare != name {
		o.staysInFile(name, show.Plural(k.Mine, "row", "rows"), "make the file again from data without the profile")
		return k.Unread
	}
	if k.Mine > 0 {
		err = o.removed(ctx, name, before, k)
	}
	return errors.Join(err, k.Unread)
}

// rowsOf looks through the records of a file by its name without a compression. ok is false where it has none.
func (o *forgetting) rowsOf(bare string, text []byte) (k forget.Rows, ok bool) {
	switch strings.ToLower(filepath.Ext(bare)) {
	case ".csv":
		return o.Cells(text, 0), true
	case ".tsv":
		return o.Cells(text, '\t'), true
	case ".json":
		return o.Values(text)
	}
	return o.JSON(text), true
}

// removed writes the rest of the rows, if somebody is sure, and says so.
func (o *forgetting) removed(ctx context.Context, name string, before os.FileInfo, k forget.Rows) error {
	if o.sure {
		if err := replaceRows(ctx, name, before, k.Rest); err != nil {
			return err
		}
	}
	o.note(name, show.Plural(k.Mine, "row", "rows"))
	if manifest := name + ".manifest.json"; o.sure {
		if _, err := os.Stat(manifest); err == nil {
			o.stays(manifest, "it has the rows and the checksum of before", "remove it")
		}
	}
	return nil
}

// lockForget waits until nobody else takes rows out of files: of two at once, each would bring back what the other has
// taken out.
func lockForget() (unlock func(), err error) {
	file := store.DefaultFile()
	if file == "" {
		return func() {}, nil
	}
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return lockfile.Take(filepath.Join(dir, "forget"))
}

// replaceRows puts a text in the place of a file that is as it was before.
func replaceRows(ctx context.Context, name string, before os.FileInfo, text []byte) error {
	f, err := output.Create(ctx, name)
	if err != nil {
		return err
	}
	if _, err := f.Write(text); err != nil {
		return errors.Join(err, f.Abandon())
	}
	if err := f.Keep(); err != nil {
		return errors.Join(err, f.Abandon())
	}
	now, err := os.Stat(name)
	if err != nil || before == nil || !os.SameFile(before, now) || now.Size() != before.Size() || !now.ModTime().Equal(before.ModTime()) {
		return errors.Join(errors.New("somebody else has changed it meanwhile, and nothing was removed: run it again"), err, f.Abandon())
	}
	return f.Commit(0o600)
}

// mostText is how many bytes of a text are looked through.
const mostText = 4 << 30

// readText reads a file of text, which may be compressed.
func readText(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, errors.New("it is no file"))
	}
	_, plain := load.Uncompressed(name)
	r, err := plain(f)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	text, err := io.ReadAll(io.LimitReader(r, mostText))
	switch {
	case err != nil:
		return nil, err
	case len(text) == mostText:
		return nil, errors.New("it is too large")
	case !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0:
		return text, errNoText
	}
	return text, nil
}

// errNoText says that a file is not of the texts that are looked through.
var errNoText = errors.New("it is no text in UTF-8")
