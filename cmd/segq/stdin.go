package main

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// stdinNames are what DATA may call standard input.
var stdinNames = []string{dataset.Stdin, "/dev/stdin", "/dev/fd/0"}

// piped says whether standard input is data.
func piped(data []string) bool {
	return slices.ContainsFunc(data, func(name string) bool { return slices.Contains(stdinNames, name) })
}

// stdinMeant returns an error where standard input is to be data, and cannot be: as it is a terminal,
// of which nobody knows when it ends, or as queries come from it.
func stdinMeant(c *cobra.Command, data []string, io console.Streams) error {
	if !piped(data) {
		return nil
	}
	if console.IsTerminal(io.In) {
		return exit.Usage(fmt.Errorf("%s is standard input, and that is the terminal: pipe the data into segq, as in zcat data.csv.gz | %s %s --input-format csv",
			data[slices.IndexFunc(data, func(name string) bool { return piped([]string{name}) })], c.CommandPath(), dataset.Stdin))
	}
	if readsStdin(c, io) {
		return exit.Usage(errors.New("standard input cannot be both the data and the queries: give the queries with -c or -f FILE"))
	}
	return nil
}

// readsStdin says whether a command reads its queries from standard input.
func readsStdin(c *cobra.Command, io console.Streams) bool {
	command, file := c.Flags().Lookup("command"), c.Flags().Lookup("file")
	if command == nil || file == nil {
		return false
	}
	if list, ok := file.Value.(pflag.SliceValue); ok && file.Changed {
		return slices.Contains(list.GetSlice(), dataset.Stdin)
	}
	if set := c.Flags().Lookup("set"); command.Changed || set != nil && set.Changed {
		return false
	}
	if c.HasParent() {
		return true
	}
	for _, flag := range []string{"serve", "http"} {
		if f := c.Flags().Lookup(flag); f != nil && f.Value.String() != f.DefValue {
			return false
		}
	}
	return !io.Watched() // else it is a session
}

// keys returns where the keys of a session come from: the terminal itself where standard input is data.
func keys(data []string, io console.Streams) (in *os.File, end func(), err error) {
	if !piped(data) {
		return io.In, func() {}, nil
	}
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return nil, nil, exit.Usage(fmt.Errorf("standard input is the data, and there is no terminal to read keys from (%w): give queries with -c or -f", err))
	}
	return tty, func() { _ = tty.Close() }, nil // of what was only read
}
