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
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/segq/segq/exec"
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

// exportFile writes the ids of a task's query to a file, which is there when it is
// whole.
func (h *handler) exportFile(ctx context.Context, w *work, sink exec.Sink) error {
	c := w.task.Command
	if h.exports == nil {
		return errors.New("this worker writes no files: start it with --export-root DIR")
	}
	f, err := h.exports.create(c.Tenant, c.Name)
	if err != nil {
		return err
	}
	if err := h.find(ctx, w, sink, exec.Query{IDs: f.write}); err != nil {
		return errors.Join(err, f.remove())
	}
	if err := ctx.Err(); err != nil {
		return errors.Join(context.Cause(ctx), f.remove())
	}
	if err := f.finish(); err != nil {
		return errors.Join(err, f.remove())
	}
	w.record.Export = &record.Export{To: c.To, Name: c.Name, File: path.Join(c.Tenant, c.Name), Bytes: f.bytes}
	return nil
}

// exportFile is a file that is being written, under a name of its own.
type exportFile struct {
	root       *exportRoot
	name, temp string
	file       *os.File
	out        *bufio.Writer
	line       func(id string) error
	bytes      int64
}

// create begins a file for a tenant.
func (e *exportRoot) create(tenant, name string) (*exportFile, error) {
	f := &exportFile{root: e, name: path.Join(tenant, name), temp: path.Join(tenant, unfinished+uuid.NewString())}
	f.out = bufio.NewWriterSize(f, 64<<10)
	switch path.Ext(name) {
	case ".csv":
		f.line = csvLines(f.out)
	case ".ndjson":
		f.line = jsonLines(f.out)
	default:
		return nil, fmt.Errorf("%q is not a file name: it must end in .csv or .ndjson", name)
	}
	if strings.HasPrefix(name, ".") {
		return nil, fmt.Errorf("%q is not a file name: it begins with a dot", name)
	}
	if err := e.root.MkdirAll(tenant, 0o700); err != nil {
		return nil, err
	}
	file, err := e.root.OpenFile(f.temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	f.file = file
	if path.Ext(name) == ".csv" {
		err = f.line("id")
	}
	return f, err
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

// write takes in ids.
func (f *exportFile) write(ids []string) error {
	for _, id := range ids {
		if err := f.line(id); err != nil {
			return err
		}
	}
	return nil
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

// finish returns the file its name, in the place of one that has it.
func (f *exportFile) finish() error {
	if err := errors.Join(f.out.Flush(), f.file.Sync(), f.file.Close()); err != nil {
		return err
	}
	return f.root.root.Rename(f.temp, f.name)
}

// remove takes away what was written.
func (f *exportFile) remove() error {
	_ = f.file.Close()
	err := f.root.root.Remove(f.temp)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
