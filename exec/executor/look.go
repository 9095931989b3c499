package executor

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/load/parquet"
)

// Looked is what the footers of files say, before anything is asked: the answer to a batch that asks for it.
type Looked struct {
	// Unfit says why segq is not to read the files by itself, "" where it may.
	Unfit string `json:"unfit,omitempty"`
	// Absent are the fields that some file has not, each with the first such file. Spark has nulls for it, or what the table says.
	Absent []Absence `json:"absent,omitempty"`
}

// Absence says that a file does not have a field.
type Absence struct {
	Path string `json:"path"`
	File string `json:"file"`
}

// look reads the footers of the files.
func (t *task) look(ctx context.Context) (*Answer, error) {
	a := &Answer{Part: t.split.Part, Attempt: attempt, Batch: t.digest, Look: &Looked{}}
	seen := map[string]bool{}
	for i := range t.split.Pieces {
		p := &t.split.Pieces[i]
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		rows, absent, err := p.look(t.batch.inFiles(p))
		var unfit *UnfitError
		switch {
		case errors.As(err, &unfit):
			a.Look.Unfit = fmt.Sprintf("%s: %s", p.Path, unfit)
		case err != nil:
			return nil, err
		}
		a.Rows += rows
		for _, path := range absent {
			if !seen[path] {
				seen[path] = true
				a.Look.Absent = append(a.Look.Absent, Absence{path, p.Path})
			}
		}
	}
	return a, nil
}

// look returns how many rows there are, and which fields the file has not.
func (p *Piece) look(fields []Field) (rows int, absent []string, err error) {
	f, err := os.Open(p.Path)
	if err != nil {
		return 0, nil, &exec.DataError{Err: err}
	}
	defer func() { _ = f.Close() }() // which was only read
	info, err := f.Stat()
	if err == nil {
		err = p.is(info)
	}
	if err != nil {
		return 0, nil, err
	}
	file, err := parquet.Open(f, info.Size())
	if err != nil {
		return 0, nil, &exec.DataError{Err: fmt.Errorf("%s: %w", p.Path, err)}
	}
	groups := file.Meta.Groups
	if p.Of > 0 {
		from, to, err := (load.Share{From: p.From, To: p.To, Of: p.Of}).Groups(len(groups))
		if err != nil {
			return 0, nil, &WrongError{err}
		}
		groups = groups[from:to]
	}
	for _, g := range groups {
		rows += int(g.Rows)
	}
	absent, err = fit(file.Meta, fields)
	return rows, absent, err
}

// inFiles returns the fields that a file is to have: those of which the table says it all are not among them.
func (b *Batch) inFiles(p *Piece) (fields []Field) {
	for _, f := range b.Fields {
		if !p.says(f.Name) {
			fields = append(fields, f)
		}
	}
	return fields
}

// says says whether the table has a value of a field for all rows of the file.
func (p *Piece) says(name string) bool {
	for _, k := range p.Keys {
		if k.Name == name {
			return true
		}
	}
	return false
}
