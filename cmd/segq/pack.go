package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/output"
	"github.com/segq/segq/exec/pack"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

func packCommand(io console.Streams) *cobra.Command {
	var o dataset.Options
	var to string
	var threads int
	var quiet bool
	var some someOf
	c := &cobra.Command{
		Use:   "pack [flags] [DATA ...] -o FILE" + dataset.PackedExtension,
		Short: "Write data to a file that opens at once",
		Long: `pack loads data as any other command does, and writes it to one file that segq
maps into memory instead of reading it: it opens in milliseconds, whatever its
size, and several processes share its memory. It has everything that the loading
has decided: types, the field of the id, what was left out.

The file appears under its name when it is complete. What was there before is
replaced; processes that have it open keep it.

With --cluster it takes a table that stays on a cluster to this machine, or with
--sample 1% a part of it, which is drawn by --seed.`,
		Example: `  segq pack profiles.parquet -o profiles.segq
  segq pack --cluster spark://HOST/crm.profiles --sample 1% -o sample.segq
  segq -c 'loyalty.tier = "gold"' profiles.segq`,
		RunE: func(cmd *cobra.Command, data []string) error {
			switch {
			case to == "":
				return exit.Usage(errors.New("pack needs -o FILE" + dataset.PackedExtension))
			case !dataset.IsPacked(to):
				return exit.Usage(fmt.Errorf("cannot pack into %s: its name should end in %s, by which segq knows a packed file", to, dataset.PackedExtension))
			case some.sample != "" && !o.Clustered():
				return exit.Usage(errors.New("--sample takes a part of a table on a cluster: add --cluster, or leave it out"))
			case threads < 1 || threads > maxThreads:
				return exit.Usage(fmt.Errorf("--threads must be 1 to %d", maxThreads))
			}
			if quiet {
				null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
				if err != nil {
					return err
				}
				defer func() { _ = null.Close() }() // of what nobody reads
				io.Err = null
			}
			if o.Clustered() {
				return packFromCluster(cmd.Context(), o, some, threads, to, io)
			}
			return packData(cmd.Context(), data, o, threads, to, io)
		},
	}
	c.Flags().StringVarP(&to, "output", "o", "", "the `FILE` to write")
	o.Register(c.Flags())
	c.Flags().BoolVarP(&quiet, "quiet", "q", false, "no notes and no progress on standard error")
	c.Flags().IntVar(&threads, "threads", runtime.GOMAXPROCS(0), "`N` cores to use (default all)")
	some.register(c.Flags())
	o.RegisterCluster(c.Flags())
	config.Allow(c.Flags(), config.Rule{From: 1, To: maxThreads}, "threads")
	return c
}

// packData loads data and packs it.
func packData(ctx context.Context, data []string, o dataset.Options, threads int, to string, io console.Streams) error {
	began := time.Now()
	d, err := dataset.Open(ctx, data, o, threads, io.Err)
	if err != nil {
		return err
	}
	defer d.Close()
	if info, err := os.Stat(to); err == nil && !info.Mode().IsRegular() {
		return exit.Usage(fmt.Errorf("cannot pack into %s: it is no file on a disk", to))
	}
	file, err := output.Create(ctx, to)
	if err != nil {
		return err
	}
	size, err := writePacked(ctx, file, d, io)
	if err != nil {
		return errors.Join(exit.Data(d.Why(err)), file.Abandon())
	}
	if err := file.Commit(0o644); err != nil {
		return err
	}
	amount := fmt.Sprintf("%s MB", show.Count(int(size/1e6)))
	if size < 1e6 {
		amount = fmt.Sprintf("%d KB", (size+999)/1000)
	}
	fmt.Fprintf(io.Err, "segq: %s: %s with %s, %s, in %.1f s\n", to,
		show.Plural(d.Snapshot.Rows(), "profile", "profiles"), show.Plural(dataset.Leaves(d.Snapshot.Schema), "field", "fields"), amount, time.Since(began).Seconds())
	return nil
}

// writePacked writes the data, to the disk where the file is on one.
func writePacked(ctx context.Context, file *output.File, d *dataset.Dataset, io console.Streams) (int64, error) {
	tell := func(int64, int64) {}
	if console.IsTerminal(io.Err) {
		tell = func(done, total int64) {
			fmt.Fprintf(io.Err, "\r\x1b[Kpacking  %3d %%  of %s MB", 100*done/total, show.Count(int(total/1e6)))
		}
		defer fmt.Fprint(io.Err, "\r\x1b[K")
	}
	whole, report, err := d.Whole(ctx)
	if err != nil {
		return 0, err
	}
	size, err := pack.Write(ctx, file, whole, report, tell)
	if err != nil {
		return 0, err
	}
	return size, file.Keep()
}
