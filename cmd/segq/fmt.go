package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/segq/segq/lang"
	"github.com/spf13/cobra"
)

func fmtCommand(io stdio) *cobra.Command {
	var write, list bool
	c := &cobra.Command{
		Use:   "fmt [FILE ...]",
		Short: "Print queries in canonical form",
		Long: `fmt prints the queries of the files, or of standard input, in canonical form.
It needs no data. A file with an error is left as it is.`,
		RunE: func(_ *cobra.Command, names []string) error {
			if len(names) == 0 {
				names = []string{"-"}
			}
			failed := false
			for _, name := range names {
				if err := formatFile(name, write, list, io); errors.Is(err, errWrongQuery) {
					failed = true
				} else if err != nil {
					return err
				}
			}
			if failed {
				return &statusError{status: exitQuery}
			}
			return nil
		},
	}
	c.Flags().BoolVarP(&write, "write", "w", false, "write the result back to the file")
	c.Flags().BoolVarP(&list, "list", "l", false, "only list the files that would change")
	return c
}

// errWrongQuery says that a text holds an error that has been printed.
var errWrongQuery = errors.New("a query is wrong")

func formatFile(name string, write, list bool, io stdio) error {
	s, err := readSource(name, io.in)
	if err != nil {
		return err
	}
	formatted, ds := lang.Format(s.text)
	if ds.Failed() {
		for _, d := range ds {
			fmt.Fprint(io.err, lang.Render(d, s.name, s.text))
		}
		return errWrongQuery
	}
	switch {
	case list:
		if formatted != s.text {
			fmt.Fprintln(io.out, s.name)
		}
	case write && name != "-":
		if formatted == s.text {
			return nil
		}
		info, err := os.Stat(name)
		if err != nil {
			return err
		}
		return os.WriteFile(name, []byte(formatted), info.Mode().Perm())
	default:
		_, err := fmt.Fprint(io.out, formatted)
		return err
	}
	return nil
}
