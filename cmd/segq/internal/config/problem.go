package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
	"github.com/segq/segq/lang/spelling"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Origin is where a value is from: a place in a file, a variable of the environment, or neither.
type Origin struct {
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"-"`
	Variable string `json:"variable,omitempty"`
}

// String says it in the form of compilers.
func (o Origin) String() string {
	switch {
	case o.Variable != "":
		return o.Variable
	case o.File != "":
		return fmt.Sprintf("%s:%d", o.File, o.Line)
	}
	return "default"
}

// Problem is what is wrong with a setting.
type Problem struct {
	Origin
	Text string
}

// Error says where and what.
func (p *Problem) Error() string {
	at := p.Origin.String()
	switch {
	case p.Variable != "":
		return at + " " + p.Text
	case p.Column > 0:
		at = fmt.Sprintf("%s:%d", at, p.Column)
	}
	return at + ": " + p.Text
}

// origin returns where a node is.
func (n *node) origin(file string) Origin { return Origin{File: file, Line: n.line, Column: n.column} }

// unknown says what is wrong with a key of which the command c has no setting.
func (r *resolver) unknown(n *node, c *cobra.Command) string {
	if n.key == dataKey {
		return fmt.Sprintf("segq %s takes no DATA", commandName(c))
	}
	if exists(c, n.key) {
		return fmt.Sprintf("%s is for the command line alone: give --%s there", n.key, n.key)
	}
	names := r.settingNames(c)
	if r.takesData(c) {
		names = append(names, dataKey)
	}
	if n.kind == unstable.Table {
		for _, sub := range c.Commands() {
			names = append(names, sub.Name())
		}
	}
	if near := spelling.Nearest(n.key, names); near != "" {
		return fmt.Sprintf("unknown key %s: did you mean %s?", n.key, near)
	}
	where := "a file may set"
	if r.kind == Project {
		where = "a project file may set"
	}
	if name := commandName(c); name != "" {
		where += " for segq " + name
	}
	names = r.settingNames(c)
	if len(names) == 0 {
		return fmt.Sprintf("unknown key %s: there is nothing that %s", n.key, where)
	}
	return fmt.Sprintf("unknown key %s: %s %s", n.key, where, strings.Join(names, ", "))
}

// commandName is the name of a command without that of the program; "" for the program.
func commandName(c *cobra.Command) string {
	_, name, _ := strings.Cut(c.CommandPath(), " ")
	return name
}

// settingNames returns the names of what the file may set for a command and for those below it.
func (r *resolver) settingNames(c *cobra.Command) []string {
	var names []string
	for _, f := range settingsBelow(c) {
		if r.kind != Project || projectAllowed(f) {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// settingsBelow returns the flags that may be set of a command and of those below it.
func settingsBelow(c *cobra.Command) (all []*pflag.Flag) {
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if allowed(f) {
			all = append(all, f)
		}
	})
	for _, sub := range c.Commands() {
		all = append(all, settingsBelow(sub)...)
	}
	return all
}

// Keys returns the keys that project files may set, and the others, both in order.
func Keys(root *cobra.Command) (project, others []string) {
	for _, f := range settingsBelow(root) {
		all := &others
		if projectAllowed(f) {
			all = &project
		}
		if !slices.Contains(*all, f.Name) {
			*all = append(*all, f.Name)
		}
	}
	others = slices.DeleteFunc(others, func(name string) bool { return slices.Contains(project, name) })
	slices.Sort(project)
	slices.Sort(others)
	return project, others
}

// exists says whether a command, or one below it, has a flag.
func exists(c *cobra.Command, flag string) bool {
	return c.Flag(flag) != nil || slices.ContainsFunc(c.Commands(), func(sub *cobra.Command) bool { return exists(sub, flag) })
}
