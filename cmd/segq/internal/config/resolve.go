package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// dataKey is the key of the default DATA, which is no flag.
const dataKey = "data"

// TakesData is the annotation of a command that takes DATA.
const TakesData = "segq-data"

// entry is a setting, for a command and those below it.
type entry struct {
	command string // its name without that of the program; "" for all
	key     string
	texts   []string // what its flag is set to, one after another; the paths of data
	origin  Origin
}

// resolver makes entries of the tree of a file. root is a tree of commands on whose flags
// values are tried.
type resolver struct {
	kind     Kind
	file     string
	root     *cobra.Command
	entries  []entry
	problems []error
}

func (r *resolver) refuse(n *node, text string) {
	r.problems = append(r.problems, &Problem{n.origin(r.file), text})
}

// table resolves the keys of a table, which is that of a command.
func (r *resolver) table(n *node, c *cobra.Command) {
	for _, key := range n.below {
		switch sub := below(c, key.key); {
		case sub != nil && key.kind == unstable.Table:
			r.table(key, sub)
		case sub != nil && len(named(c, key.key)) == 0:
			r.refuse(key, fmt.Sprintf("%s is a command: write its settings below [%s]", key.key, strings.ReplaceAll(commandName(sub), " ", ".")))
		case key.key == dataKey && r.takesData(c):
			r.data(key, c)
		default:
			r.setting(key, c)
		}
	}
}

// below returns the command that is called so below c, nil for none.
func below(c *cobra.Command, name string) *cobra.Command {
	for _, sub := range c.Commands() {
		if sub.Name() == name {
			return sub
		}
	}
	return nil
}

// named returns the flags of that name that may be set, of a command and of those below it.
func named(c *cobra.Command, name string) (all []*pflag.Flag) {
	for _, f := range settingsBelow(c) {
		if f.Name == name {
			all = append(all, f)
		}
	}
	return all
}

// takesData says whether a command takes DATA, or one below it.
func (r *resolver) takesData(c *cobra.Command) bool {
	return c == r.root || c.Annotations[TakesData] != ""
}

// setting resolves a key that should be the name of a flag.
func (r *resolver) setting(n *node, c *cobra.Command) {
	flags := named(c, n.key)
	if len(flags) == 0 {
		r.refuse(n, r.unknown(n, c))
		return
	}
	if r.kind == Project && !projectAllowed(flags[0]) {
		user := UserFile()
		if user == "" {
			user = "your own configuration file"
		}
		r.refuse(n, fmt.Sprintf("a project file may not set %s: put it into %s", n.key, user))
		return
	}
	texts, ok := n.texts(flags[0])
	if !ok {
		r.refuse(n, fmt.Sprintf("%s is %s: write %s", n.key, n.kindName(), expected(flags[0])))
		return
	}
	if flags[0].Annotations[keyPath] != nil {
		for i := range texts {
			if !slices.Contains(flags[0].Annotations[keyNoPath], texts[i]) {
				texts[i] = resolved(texts[i], r.file)
			}
		}
	}
	for _, f := range flags {
		if wrong := try(f, texts); wrong != "" {
			r.refuse(n, n.key+" "+wrong)
			return
		}
	}
	r.entries = append(r.entries, entry{commandName(c), n.key, texts, n.origin(r.file)})
}

// data resolves the default DATA.
func (r *resolver) data(n *node, c *cobra.Command) {
	paths, ok := n.list()
	if !ok {
		r.refuse(n, fmt.Sprintf("%s is %s: write the names of files, such as [\"profiles.parquet\"]", dataKey, n.kindName()))
		return
	}
	for i := range paths {
		if paths[i] == "" {
			r.refuse(n, "data has a file without a name")
			return
		}
		paths[i] = resolved(paths[i], r.file)
	}
	r.entries = append(r.entries, entry{commandName(c), dataKey, paths, n.origin(r.file)})
}
