package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/lang/spelling"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagError says what is wrong with the flags of c, and which one may have been meant.
func flagError(c *cobra.Command, err error) error {
	hint := "see " + c.CommandPath() + " --help"
	if unknown := (*pflag.NotExistError)(nil); errors.As(err, &unknown) {
		var names []string
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden {
				names = append(names, f.Name)
			}
		})
		if near := spelling.Nearest(unknown.GetSpecifiedName(), names); near != "" {
			hint = "did you mean --" + near + "? " + strings.ToUpper(hint[:1]) + hint[1:]
		}
	}
	return exit.Usage(fmt.Errorf("%w (%s)", err, hint))
}

// commandMeant returns an error where the first of DATA is no file and looks like the name of a
// command, nil for anything else.
func commandMeant(root *cobra.Command, data []string) error {
	if len(data) == 0 || strings.ContainsAny(data[0], `./\*?[`) {
		return nil
	}
	if _, err := os.Stat(data[0]); err == nil {
		return nil
	}
	const serve = "serve" // which is a flag
	names := []string{serve}
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	switch near := spelling.Nearest(data[0], names); near {
	case "":
	case serve:
		return exit.Usage(fmt.Errorf("there is no file %q, and no command: a worker is started by segq --serve", data[0]))
	default:
		return exit.Usage(fmt.Errorf("there is no file %q, and no command: did you mean segq %s?", data[0], near))
	}
	return nil
}

// groupOnly runs a command that only holds others: it shows them, and refuses a name that none has.
func groupOnly(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return c.Help()
	}
	var names []string
	for _, sub := range c.Commands() {
		names = append(names, sub.Name())
	}
	if near := spelling.Nearest(args[0], names); near != "" {
		return exit.Usage(fmt.Errorf("unknown command %q: did you mean %s %s?", args[0], c.CommandPath(), near))
	}
	return exit.Usage(fmt.Errorf("unknown command %q: %s has %s", args[0], c.CommandPath(), strings.Join(names, ", ")))
}

// queriesByFlag is for commands that take queries by -c and -f, and no arguments.
func queriesByFlag(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	quoted := "'" + strings.ReplaceAll(strings.Join(args, " "), "'", `'\''`) + "'"
	return exit.Usage(fmt.Errorf("%s takes its queries from -c, -f or standard input: write %s -c %s", c.CommandPath(), c.CommandPath(), quoted))
}
