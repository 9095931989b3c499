package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/output"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
)

// filesBelow lists the files below a folder.
func filesBelow(dir string) (files []string, err error) {
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, name)
		}
		return err
	})
	return files, err
}

// fromFiles looks through files. One that cannot be read does not hold up the others.
func (o *forgetting) fromFiles(ctx context.Context, files []string) error {
	var errs []error
	for _, name := range files {
		var err error
		switch strings.ToLower(filepath.Ext(name)) {
		case ".csv", ".tsv", ".ndjson", ".jsonl":
			err = o.fromLines(ctx, name)
		case ".segq", ".parquet", ".arrow", ".avro":
			err = o.fromData(ctx, name)
		default:
			err = o.fromText(name)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", show.Clean(name), err))
		}
	}
	return errors.Join(errs...)
}

// fromText looks through a file of another kind.
func (o *forgetting) fromText(name string) error {
	text, err := os.ReadFile(name)
	if err == nil && names(string(text), o.id) {
		o.stays(name, "it has the id", "remove it from the file, or the file")
	}
	return err
}

// fromData looks for the profile in a file of columns.
func (o *forgetting) fromData(ctx context.Context, name string) error {
	data := dataset.Options{}
	d, err := dataset.Open(ctx, []string{name}, data, 1, io.Discard)
	if err != nil {
		return err
	}
	defer d.Close()
	query, ok := idQuery(d.Snapshot.ID, o.id)
	if !ok {
		return errors.New("its profiles have no ids: it was not looked through")
	}
	asked := ask.PrepareOver(d, rules.Statements(rules.Source{Name: name, Text: query}), nil, time.Now())
	if asked[0].Typed == nil {
		return nil // an id of its type is none
	}
	one := exec.Query{ID: "1", Typed: asked[0].Typed}
	if err := d.Load(ctx, one.Reads(d.Snapshot.ID)); err != nil {
		return err
	}
	results, err := d.Engine.Run(ctx, exec.Batch{Now: time.Now(), Queries: []exec.Query{one}})
	if err == nil {
		err = results[0].Err
	}
	if err == nil && results[0].Count > 0 {
		o.stays(name, show.Plural(results[0].Count, "profile has", "profiles have")+" this id", "make the file again from data without the profile")
	}
	return err
}

// idQuery returns the query for the profile with an id, false where there is none.
func idQuery(f *check.Field, id string) (string, bool) {
	if f == nil {
		return "", false
	}
	name := ast.Format(&ast.Name{Ident: ast.Ident{Text: f.Name}})
	if f.Type.Kind == check.Int {
		n, err := strconv.ParseInt(id, 10, 64)
		return name + " = " + strconv.FormatInt(n, 10), err == nil
	}
	return name + " = " + ast.Format(&ast.String{Value: id}), true
}

// fromLines looks through a file of records, and takes those out that have the id as a value.
func (o *forgetting) fromLines(ctx context.Context, name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	cut := o.jsonLines
	if ext := strings.ToLower(filepath.Ext(name)); ext == ".csv" || ext == ".tsv" {
		comma := ','
		if ext == ".tsv" {
			comma = '\t'
		}
		cut = func(text []byte) ([]byte, int, error) { return o.cells(text, comma) }
	}
	rest, n, err := cut(text)
	if err != nil || n == 0 {
		return err
	}
	if o.sure {
		f, err := output.Create(ctx, name)
		if err != nil {
			return err
		}
		if _, err := f.Write(rest); err != nil {
			return errors.Join(err, f.Abandon())
		}
		if err := errors.Join(f.Keep(), f.Commit(0o600)); err != nil {
			return err
		}
	}
	o.note(name, show.Plural(n, "row", "rows"))
	if manifest := name + ".manifest.json"; o.sure {
		if _, err := os.Stat(manifest); err == nil {
			o.stays(manifest, "it has the rows and the checksum of before", "remove it")
		}
	}
	return nil
}

// jsonLines takes the lines out that have the id, and counts them.
func (o *forgetting) jsonLines(text []byte) (rest []byte, n int, err error) {
	for line := range bytes.Lines(text) {
		if names(string(line), o.id) {
			n++
			continue
		}
		rest = append(rest, line...)
	}
	return rest, n, nil
}

// cells takes the records out of which a cell is the id, and counts them.
func (o *forgetting) cells(text []byte, comma rune) (rest []byte, n int, err error) {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = comma, -1, true, true
	for {
		start := r.InputOffset()
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rest, n, nil
		}
		if err != nil {
			return nil, 0, err
		}
		if slices.Contains(cells, o.id) {
			n++
			continue
		}
		rest = append(rest, text[start:r.InputOffset()]...)
	}
}
