package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/loadreport"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

func schemaCommand(io console.Streams) *cobra.Command {
	var o dataset.Options
	partitions, report, inJSON, quiet := false, false, false, false
	c := &cobra.Command{
		Use:   "schema [DATA ...]",
		Short: "Print the fields of the data with their types",
		Long: `schema prints the fields of DATA with their types, one a line.

With --partitions it prints how the data is divided for scans instead: for each
partition its rows, its events, its cost (one for each row and each event) and
its skew, which is the cost over the mean.

With --report it reads all of the data and tells how that went: rows, events,
bytes, time; and for each field its type, in how many profiles (or elements of
the list that it is in) it has a value, how many different ones (of a map, keys),
how many were read as another type, and how many are null because they do not
fit, and where the first of these is. Profiles with the same id are counted.`,
		RunE: func(cmd *cobra.Command, data []string) error {
			threads := 1
			if report {
				threads = runtime.GOMAXPROCS(0)
			}
			d, err := dataset.Open(cmd.Context(), data, o, threads, notesBeside(report || quiet, io))
			if err != nil {
				return err
			}
			defer d.Close()
			if d.OnCluster() && (report || partitions) {
				return exit.Usage(errors.New("--report and --partitions are about data that is read here: leave them out beside --cluster"))
			}
			if report {
				return showReport(cmd.Context(), d, inJSON, io)
			}
			if partitions {
				return showPartitions(cmd.Context(), d, io, notesBeside(quiet, io))
			}
			return load.WriteSchema(io.Out, d.Snapshot.Schema)
		},
	}
	o.Register(c.Flags())
	o.RegisterCluster(c.Flags())
	c.Flags().BoolVar(&partitions, "partitions", false, "print the partitions of the data, with their rows, events, cost and skew")
	c.Flags().BoolVar(&report, "report", false, "read all of the data, and tell how that went, and of each field how it is filled")
	c.Flags().BoolVar(&inJSON, "json", false, "print the report as JSON")
	c.Flags().BoolVarP(&quiet, "quiet", "q", false, "no notes on standard error")
	c.MarkFlagsMutuallyExclusive("report", "partitions")
	return c
}

// notesBeside returns where notes go: nowhere where nobody wants them, or they are in a report.
func notesBeside(none bool, s console.Streams) io.Writer {
	if none {
		return io.Discard
	}
	return s.Err
}

// showReport prints how the data was read.
func showReport(ctx context.Context, d *dataset.Dataset, inJSON bool, io console.Streams) error {
	r, err := loadreport.Of(ctx, d, true)
	if err != nil {
		return err
	}
	if inJSON {
		e := json.NewEncoder(io.Out)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	look := show.Look{}
	if console.IsTerminal(io.Out.File) {
		look.Width = console.SizeOf(io.Out.File).Width
	}
	for _, line := range r.Lines(look) {
		if _, err := fmt.Fprintln(io.Out, line); err != nil {
			return err
		}
	}
	return nil
}

// showPartitions prints the partitions by the events that each profile has.
func showPartitions(ctx context.Context, d *dataset.Dataset, io console.Streams, notes io.Writer) error {
	reads := &check.Reads{}
	if f := d.Snapshot.EventsField; f != nil {
		reads.Field(f.Name)
	}
	if err := d.Load(ctx, reads); err != nil {
		return err
	}
	return printPartitions(io.Out, notes, d.Engine.Snapshot().Partitions(0))
}

// printPartitions prints a line a partition, and notes how even they are.
func printPartitions(w, notes io.Writer, parts []column.Partition) error {
	b := bufio.NewWriter(w)
	var costs []int64
	total := int64(0)
	for _, p := range parts {
		costs = append(costs, p.Cost())
		total += p.Cost()
	}
	fmt.Fprintln(b, "partition\trows\tevents\tcost\tskew")
	for i, p := range parts {
		skew := float64(p.Cost()) * float64(len(parts)) / float64(total)
		fmt.Fprintf(b, "%d\t%d\t%d\t%d\t%.2f\n", i+1, p.Rows(), p.Events, p.Cost(), skew)
	}
	if err := b.Flush(); err != nil || len(parts) == 0 {
		return err
	}
	slices.Sort(costs)
	_, err := fmt.Fprintf(notes, "segq: %s: the dearest costs %.2f times the median\n",
		show.Plural(len(parts), "partition", "partitions"), float64(costs[len(costs)-1])/float64(costs[len(costs)/2]))
	return err
}
