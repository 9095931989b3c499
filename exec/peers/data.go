package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/parquet-go/parquet-go"
	"golang.org/x/sync/errgroup"
)

// groupRows is the number of rows of a row group. Each group has a random source
// of its own, so that groups are made side by side and a table of n rows is the
// beginning of any larger one.
const groupRows = 50_000

// now is what now means to all rules.
var now = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// table says how the rows of one table are made.
type table[T any] struct {
	name string
	seed uint64
	row  func(r *rand.Rand, i int) T
}

// rows makes group g of a table of n rows.
func (t *table[T]) rows(g, n int) []T {
	r := rand.New(rand.NewPCG(t.seed, uint64(g)))
	first := g * groupRows
	out := make([]T, min(groupRows, n-first))
	for i := range out {
		out[i] = t.row(r, first+i)
	}
	return out
}

// file writes the table to a Parquet file in dir, unless it is there, and gives
// the file's name.
func (t *table[T]) file(ctx context.Context, dir string, n, threads int) (string, error) {
	name := filepath.Join(dir, fmt.Sprintf("%s-%d.parquet", t.name, n))
	if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
		return name, err
	}
	// It is written under another name first: what has the name is whole.
	f, err := os.CreateTemp(dir, t.name+"-*.tmp")
	if err != nil {
		return "", err
	}
	err = errors.Join(t.write(ctx, f, n, threads), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return "", fmt.Errorf("write %s: %w", name, errors.Join(err, os.Remove(f.Name())))
	}
	return name, nil
}

// write makes as many row groups at once as there are threads.
func (t *table[T]) write(ctx context.Context, f *os.File, n, threads int) error {
	w := parquet.NewGenericWriter[T](f, parquet.Compression(&parquet.Snappy))
	groups := (n + groupRows - 1) / groupRows
	for g := 0; g < groups; g += threads {
		var tasks errgroup.Group
		var made []*parquet.ConcurrentRowGroupWriter
		for i := g; i < min(g+threads, groups); i++ {
			to := w.BeginRowGroup()
			made = append(made, to)
			tasks.Go(func() error { return t.group(to, i, n) })
		}
		if err := errors.Join(tasks.Wait(), ctx.Err()); err != nil {
			return err
		}
		for _, to := range made {
			if _, err := to.Commit(); err != nil {
				return err
			}
		}
	}
	return w.Close()
}

func (t *table[T]) group(to *parquet.ConcurrentRowGroupWriter, g, n int) error {
	schema := to.Schema()
	var batch []parquet.Row
	for _, row := range t.rows(g, n) {
		if batch = append(batch, schema.Deconstruct(nil, &row)); len(batch) == 1000 {
			if _, err := to.WriteRows(batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	_, err := to.WriteRows(batch)
	return err
}
