package main

import (
	"bufio"
	"fmt"
	"io"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

func schemaCommand(io console.Streams) *cobra.Command {
	var o dataset.Options
	c := &cobra.Command{
		Use:   "schema [DATA ...]",
		Short: "Print the fields of the data with their types",
		RunE: func(cmd *cobra.Command, data []string) error {
			d, err := dataset.Open(cmd.Context(), data, o, 1, io.Err)
			if err != nil {
				return err
			}
			defer d.Close()
			return printSchema(io.Out, d.Snapshot.Schema)
		},
	}
	o.Register(c.Flags())
	return c
}

// printSchema prints a line a field: its path and its type.
func printSchema(w io.Writer, t *check.Type) error {
	b := bufio.NewWriter(w)
	dataset.Walk("", t, func(path string, t *check.Type) {
		fmt.Fprintf(b, "%s\t%s\n", show.Clean(path), t)
	})
	return b.Flush()
}
