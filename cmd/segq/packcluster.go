package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/pflag"
)

// someOf says which part of a table is taken: --sample and --seed.
type someOf struct {
	sample string
	seed   uint64
}

func (s *someOf) register(f *pflag.FlagSet) {
	f.StringVar(&s.sample, "sample", "", "of a table on a cluster, take so many profiles, about, or this part of them: `N|P%`, such as 100000 or 1%, drawn by --seed")
	f.Uint64Var(&s.seed, "seed", redisx.DefaultSeed, "draw the sample by this `N`: equal ones draw the same profiles")
	config.Allow(f, config.Rule{}, "seed")
}

var errShare = errors.New("--sample takes a number of profiles such as 100000, or a share such as 1%")

// share is the part of so many profiles that is wanted, 0 for all.
func (s *someOf) share(of int) (float64, error) {
	if s.sample == "" {
		return 0, nil
	}
	text, percent := strings.CutSuffix(s.sample, "%")
	n, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil || !(n > 0) || percent && n > 100 || !percent && n != float64(int(n)):
		return 0, errShare
	case percent:
		return n / 100, nil
	case int(n) >= of:
		return 0, nil
	}
	return n / float64(of), nil
}

// packFromCluster takes a table, or a sample of it, from a cluster, and packs it: the profiles come as a file of Parquet beside the one that is written, which
// goes when that is there.
func packFromCluster(ctx context.Context, o dataset.Options, some someOf, threads int, to string, io console.Streams) (err error) {
	d, err := dataset.Open(ctx, nil, o, threads, io.Err)
	if err != nil {
		return err
	}
	defer d.Close()
	share, err := some.share(d.Snapshot.Rows())
	if err != nil {
		return exit.Usage(err)
	}
	folder, err := os.MkdirTemp(filepath.Dir(to), ".segq-pack-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	file, schema := filepath.Join(folder, o.TableOnCluster()+".parquet"), filepath.Join(folder, "schema")
	if err := writeTaken(ctx, d, file, schema, share, some.seed, io); err != nil {
		return err
	}
	if share > 0 {
		fmt.Fprintf(io.Err, "segq: these are a sample of %s: counts over them are no counts of the table\n", show.Plural(d.Snapshot.Rows(), "profile", "profiles"))
	}
	return packData(ctx, []string{file}, o.TakenFrom(d, schema), threads, to, io)
}

// writeTaken writes profiles to a file, and what their fields are to another one.
func writeTaken(ctx context.Context, d *dataset.Dataset, file, schema string, share float64, seed uint64, io console.Streams) error {
	s, err := os.Create(schema)
	if err != nil {
		return err
	}
	if err := errors.Join(load.WriteSchema(s, d.Snapshot.Schema), s.Close()); err != nil {
		return err
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	w := rows.Parquet(f, rows.Options{Fields: d.Snapshot.Schema.Fields})
	taken, expected := 0, max(1, int(float64(d.Snapshot.Rows())*max(share, 0)))
	if share == 0 {
		expected = max(1, d.Snapshot.Rows())
	}
	tell := console.IsTerminal(io.Err)
	err = d.TakeProfiles(ctx, share, seed, func(n int) dataset.Part {
		if taken += n; tell {
			fmt.Fprintf(io.Err, "\r\x1b[Ktaking  %3d %%  %s", min(100, 100*taken/expected), show.Plural(taken, "profile", "profiles"))
		}
		return w.Begin()
	})
	if tell {
		fmt.Fprint(io.Err, "\r\x1b[K")
	}
	if err == nil {
		err = w.Close()
	}
	return errors.Join(err, f.Close())
}
