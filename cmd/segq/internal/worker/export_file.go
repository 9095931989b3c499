package worker

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// exportRoot is the folder below which exports go to files. Nothing outside it can be
// reached by any name.
type exportRoot struct {
	root *os.Root
	// limit is the most bytes of one file.
	limit int64
}

// unfinished is what the names of files begin with that are being written.
const unfinished = ".segq-"

// openExportRoot opens the folder, and removes what workers have left unfinished there
// more than a day ago.
func openExportRoot(name string, limit int64) (*exportRoot, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("cannot export to files: %w", err)
	}
	e := &exportRoot{root, limit}
	return e, e.clean()
}

func (e *exportRoot) clean() error {
	return fs.WalkDir(e.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasPrefix(d.Name(), unfinished) {
			return err
		}
		info, err := d.Info()
		if err != nil || time.Since(info.ModTime()) < 24*time.Hour {
			return err
		}
		return e.root.Remove(name)
	})
}

// exportFormats are the formats of files by the ends of their names. The first two hold ids as texts,
// under the name id, where nobody asks for columns.
var exportFormats = []string{".csv", ".ndjson", ".tsv", ".json", ".parquet", ".arrow"}

// checkExtension says what is wrong with the end of the name of a file.
func checkExtension(name string) error {
	last := len(exportFormats) - 1
	if slices.Contains(exportFormats, path.Ext(name)) {
		return nil
	}
	return fmt.Errorf("%q is not a file name: it must end in %s or %s", name, strings.Join(exportFormats[:last], ", "), exportFormats[last])
}

// typedExport says whether a command is an export to a file with columns: those that it asks for,
// else the ids as they are in the data.
func typedExport(c *redisx.Command) bool {
	plain := slices.Contains(exportFormats[:2], path.Ext(c.Name))
	return c.Op == "export" && c.To == redisx.ToFile && (c.Columns.Any() || !plain)
}

var errNoExports = errors.New("this worker writes no files: start it with --export-root DIR")

// exportFile writes the profiles of a task's query to a file, which is there when it is
// whole.
func (h *handler) exportFile(ctx context.Context, w *work, sink *twice) (err error) {
	c := &w.task.Command
	if to, ok := h.deliver(c.ID); ok {
		return h.deliverTo(ctx, w, sink, to)
	}
	if h.exports == nil {
		return errNoExports
	}
	var all exportFiles
	defer all.remove(&err)
	f, err := all.create(h.exports, c, c.Name)
	if err != nil {
		return err
	}
	var written int
	if typedExport(c) {
		written, err = h.give(ctx, w, sink, f.rows(w.columns.Fields))
	} else {
		written, err = h.giveIDs(ctx, w, sink, f.ids(c.Limit))
	}
	if err = all.end(ctx, err); err != nil {
		return err
	}
	w.record.Export = &record.Export{To: c.To, Name: c.Name, File: path.Join(c.Tenant, c.Name), Bytes: f.bytes, Holds: h.holds(w, w.ids || !typedExport(c))}
	if typedExport(c) || c.Limit > 0 {
		w.record.Export.Rows = &written
	}
	return nil
}

// giveIDs gives the ids of a task whose profiles were counted.
func (h *handler) giveIDs(ctx context.Context, w *work, sink exec.Sink, to *idLines) (given int, err error) {
	if err := to.begin(); err != nil {
		return 0, err
	}
	all := 0
	err = h.find(ctx, w, sink, exec.Query{IDs: func(ids []string) error {
		all += len(ids)
		return to.write(ids)
	}})
	if err == nil {
		w.noteLeftOut(all)
	}
	return to.written, err
}

// exportFile is a file that is being written, under a name of its own.
type exportFile struct {
	root       *exportRoot
	name, temp string
	fresh      bool // it takes nobody's place
	file       *os.File
	out        *bufio.Writer
	bytes      int64
	written    fs.FileInfo // of one that is complete
}

// create begins a file for a tenant: with fresh, one that is not there yet.
func (e *exportRoot) create(tenant, name string, fresh bool) (*exportFile, error) {
	if err := checkExtension(name); err != nil {
		return nil, err
	}
	if strings.HasPrefix(name, ".") {
		return nil, fmt.Errorf("%q is not a file name: it begins with a dot", name)
	}
	if err := e.root.MkdirAll(tenant, 0o700); err != nil {
		return nil, err
	}
	f := &exportFile{root: e, name: path.Join(tenant, name), temp: path.Join(tenant, unfinished+uuid.NewString()), fresh: fresh}
	if _, err := e.root.Lstat(f.name); fresh && err == nil {
		return nil, f.taken()
	}
	file, err := e.root.OpenFile(f.temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	f.file, f.out = file, bufio.NewWriterSize(f, 64<<10)
	return f, nil
}

// rows returns a writer of rows in the format of the file.
func (f *exportFile) rows(fields []*check.Field) rows.Writer {
	open := printer.RowsIn(f.format())
	return open(f.out, rows.Options{Fields: fields})
}

// format is that of the extension.
func (f *exportFile) format() string { return strings.TrimPrefix(path.Ext(f.name), ".") }

// ids returns a writer of ids alone, of which it writes at most limit, 0 for all.
func (f *exportFile) ids(limit int) *idLines {
	if path.Ext(f.name) == ".csv" {
		return &idLines{line: csvLines(f.out), head: "id", limit: limit}
	}
	return &idLines{line: jsonLines(f.out), limit: limit}
}

// idLines writes ids, one a line.
type idLines struct {
	line           func(id string) error
	head           string // "" for none
	limit, written int
}

func (l *idLines) begin() error {
	if l.head == "" {
		return nil
	}
	return l.line(l.head)
}

// write takes in ids.
func (l *idLines) write(ids []string) error {
	if l.limit > 0 {
		ids = ids[:min(len(ids), l.limit-l.written)]
	}
	for _, id := range ids {
		if err := l.line(id); err != nil {
			return err
		}
	}
	l.written += len(ids)
	return nil
}

// Write writes to the file, up to the limit.
func (f *exportFile) Write(b []byte) (int, error) {
	if f.bytes+int64(len(b)) > f.root.limit {
		return 0, fmt.Errorf("the export has more than %d bytes: see --export-limit", f.root.limit)
	}
	n, err := f.file.Write(b)
	f.bytes += int64(n)
	return n, err
}

// csvLines returns a way to write ids as lines of CSV (RFC 4180). The buffer is csv.Writer's
// own too: flushing that for each line would be a system call for each.
func csvLines(w *bufio.Writer) func(id string) error {
	c := csv.NewWriter(w)
	return func(id string) error { return c.Write([]string{id}) }
}

// jsonLines returns a way to write ids as lines of JSON.
func jsonLines(w *bufio.Writer) func(id string) error {
	e := json.NewEncoder(w)
	return func(id string) error {
		return e.Encode(struct {
			ID string `json:"id"`
		}{id})
	}
}

// complete writes out what is left, and closes the file.
func (f *exportFile) complete() (err error) {
	if err := errors.Join(f.out.Flush(), f.file.Sync()); err != nil {
		return err
	}
	f.written, err = f.file.Stat()
	return errors.Join(err, f.file.Close())
}

// appear gives a complete file its name, in the place of one that has it, or of none.
func (f *exportFile) appear() error {
	root := f.root.root
	if !f.fresh {
		return root.Rename(f.temp, f.name)
	}
	switch err := root.Link(f.temp, f.name); {
	case err == nil:
		return nil // the other name goes with remove
	case errors.Is(err, fs.ErrExist):
		return f.taken()
	}
	if _, err := root.Lstat(f.name); err == nil { // a file system without links
		return f.taken()
	}
	return root.Rename(f.temp, f.name)
}

// withdraw takes its name from a file that took nobody's place, unless another has it by now.
func (f *exportFile) withdraw() error {
	there, err := f.root.root.Lstat(f.name)
	if !f.fresh || err != nil || !os.SameFile(there, f.written) {
		return nil
	}
	return f.root.root.Remove(f.name)
}

// taken is the error of a file that somebody else has written.
func (f *exportFile) taken() error {
	return taken(fmt.Sprintf("%s is there already, below the export root of the workers: --replace writes over it", f.name))
}

// exportFiles are the files of one task, which get their names when all of them are written: the first of them last, as whoever
// finds it finds the others too.
type exportFiles []*exportFile

// create begins another for a command.
func (all *exportFiles) create(root *exportRoot, c *redisx.Command, name string) (*exportFile, error) {
	f, err := root.create(c.Tenant, name, c.Fresh)
	if err == nil {
		*all = append(*all, f)
	}
	return f, err
}

// end ends them: if something went wrong before, or does now, none of them is there. Only where files take the place of
// others and a name cannot be given, which is not expected of a folder in which they were written, those that have theirs keep it.
func (all exportFiles) end(ctx context.Context, err error) error {
	for _, f := range all {
		if err == nil {
			err = f.complete()
		}
	}
	if err == nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return err
	}
	for i, f := range slices.Backward(all) {
		if err := f.appear(); err != nil {
			for _, other := range all[i+1:] {
				err = errors.Join(err, other.withdraw())
			}
			return err
		}
	}
	return nil
}

// remove takes away what has no name of its own. It is for a defer, so that a panic leaves nothing either. What is complete
// stays so if the name that it had before cannot be taken away.
func (all *exportFiles) remove(err *error) {
	for _, f := range *all {
		if left := f.remove(); *err != nil {
			*err = errors.Join(*err, left)
		}
	}
}

// existingFile is a file that was written before, and is to be read.
type existingFile struct {
	path string
	file *os.File // that was found below the root
}

// existing finds a file of a tenant. What is no plain file of its own, such as a link, is none: it might lead out of the folder.
func (e *exportRoot) existing(tenant, name string) (*existingFile, error) {
	own := path.Join(tenant, name)
	if err := checkExtension(name); err != nil {
		return nil, refusal{record.Error{Code: "no-file", Message: "previous " + err.Error()}}
	}
	info, err := e.root.Lstat(own)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, refusal{record.Error{Code: "no-file", Message: fmt.Sprintf("there is no %s below the export root of the workers", own), Hint: "an earlier run of memberships writes it, under that name"}}
	}
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is no plain file")
	}
	if err != nil {
		return nil, refusal{record.Error{Code: "no-file", Message: fmt.Sprintf("%s cannot be read below the export root of the workers: %v", own, err)}}
	}
	file, err := e.root.Open(own)
	if err != nil {
		return nil, err
	}
	return &existingFile{filepath.Join(e.root.Name(), own), file}, nil
}

// still says whether the file is the one that was found: who opens it by its path may have met another.
func (f *existingFile) still() bool {
	found, err := f.file.Stat()
	there, again := os.Lstat(f.path)
	return err == nil && again == nil && os.SameFile(found, there)
}

func (f *existingFile) close() { _ = f.file.Close() }

// remove takes away the name that the file had while it was written, with what was written if it has no other.
func (f *exportFile) remove() error {
	_ = f.file.Close()
	err := f.root.root.Remove(f.temp)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
