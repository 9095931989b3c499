package help

import (
	"io"
	"slices"
	"strings"

	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// PrintFlag prints what a flag means, called by its name or its letter, once for all commands of which
// it means the same. It says whether there is such a flag.
func PrintFlag(w io.Writer, root *cobra.Command, name string, width int) (found bool, err error) {
	var meanings []item
	commands := map[item][]string{}
	for _, c := range commandsBelow(root) {
		f := flagOf(c, name)
		if f == nil {
			continue
		}
		it := flagItem(f)
		if !slices.Contains(meanings, it) {
			meanings = append(meanings, it)
		}
		commands[it] = append(commands[it], c.CommandPath())
	}
	var b strings.Builder
	for i, it := range meanings {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(show.Markdown("A flag of "+strings.Join(commands[it], ", ")+":", width))
		writeItems(&b, []item{it}, width)
	}
	_, err = io.WriteString(w, b.String())
	return len(meanings) > 0, err
}

// FlagNames returns the names of all flags, of the root's first.
func FlagNames(root *cobra.Command) (names []string) {
	for _, c := range commandsBelow(root) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden && !slices.Contains(names, f.Name) {
				names = append(names, f.Name)
			}
		})
	}
	return names
}

// flagOf returns a flag of a command by its name or its letter, nil for none.
func flagOf(c *cobra.Command, name string) *pflag.Flag {
	for _, flags := range []*pflag.FlagSet{c.Flags(), c.PersistentFlags()} {
		f := flags.Lookup(name)
		if f == nil && len(name) == 1 {
			f = flags.ShorthandLookup(name)
		}
		if f != nil && !f.Hidden {
			return f
		}
	}
	return nil
}

// commandsBelow returns a command and those below it that help lists.
func commandsBelow(c *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{c}
	for _, sub := range c.Commands() {
		if available(sub) {
			all = append(all, commandsBelow(sub)...)
		}
	}
	return all
}
