package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

func schemaCommand(io console.Streams) *cobra.Command {
	var o dataset.Options
	partitions := false
	c := &cobra.Command{
		Use:   "schema [DATA ...]",
		Short: "Print the fields of the data with their types",
		Long: `schema prints the fields of DATA with their types, one a line.

With --partitions it prints how the data is divided for scans instead: for each
partition its rows, its events, its cost (one for each row and each event) and
its skew, which is the cost over the mean.`,
		RunE: func(cmd *cobra.Command, data []string) error {
			d, err := dataset.Open(cmd.Context(), data, o, 1, io.Err)
			if err != nil {
				return err
			}
			defer d.Close()
			if partitions {
				return showPartitions(cmd.Context(), d, io)
			}
			return load.WriteSchema(io.Out, d.Snapshot.Schema)
		},
	}
	o.Register(c.Flags())
	c.Flags().BoolVar(&partitions, "partitions", false, "print the partitions of the data, with their rows, events, cost and skew")
	return c
}

// showPartitions prints the partitions by the events that each profile has.
func showPartitions(ctx context.Context, d *dataset.Dataset, io console.Streams) error {
	reads := &check.Reads{}
	if f := d.Snapshot.EventsField; f != nil {
		reads.Field(f.Name)
	}
	if err := d.Load(ctx, reads); err != nil {
		return err
	}
	return printPartitions(io.Out, io.Err, d.Engine.Snapshot().Partitions(0))
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
