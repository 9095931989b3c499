package config

import (
	"errors"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Settings are what the environment and the files say.
type Settings struct {
	// Places are the files, the one that takes precedence first.
	Places []Place
	// layers are the entries of the environment and of each file, in this order.
	layers [][]entry
	// applied says where the settings are from that hold for the command that runs.
	applied map[string]Origin
}

// Read reads the environment and files, the one first that takes precedence. The error says
// all that is wrong with them. tree makes a tree of commands, on whose flags values are tried.
func Read(places []Place, tree func() *cobra.Command) (*Settings, error) {
	tree = sync.OnceValue(tree)
	s := &Settings{Places: places}
	entries, problems := readEnvironment(tree)
	s.layers = append(s.layers, entries)
	for _, p := range places {
		if !p.There && !p.Given || p.Refused != "" {
			continue
		}
		entries, wrong := p.read(tree())
		problems = append(problems, wrong...)
		s.layers = append(s.layers, entries)
	}
	return s, errors.Join(problems...)
}

// read reads a file.
func (p Place) read(root *cobra.Command) ([]entry, []error) {
	tree, err := readFile(p.File)
	if err != nil {
		return nil, []error{err}
	}
	r := &resolver{kind: p.Kind, file: p.File, root: root}
	r.table(tree, root)
	return r.entries, r.problems
}

// find returns the setting of a key for a command, and in which layer it is: that of the first layer
// that has one, there that of the narrowest table.
func (s *Settings) find(command, key string) (found *entry, layer int) {
	for i, entries := range s.layers {
		for k := range entries {
			e := &entries[k]
			if e.key == key && covers(e.command, command) && (found == nil || len(e.command) >= len(found.command)) {
				found = e
			}
		}
		if found != nil {
			return found, i
		}
	}
	return nil, len(s.layers)
}

// covers says whether a table for a command holds for another.
func covers(table, command string) bool {
	return table == "" || table == command || strings.HasPrefix(command, table+" ")
}

// Apply sets the flags of a command that its command line does not set. They do not count as
// changed: who asks whether a flag was given means by the command line.
func (s *Settings) Apply(c *cobra.Command) error {
	s.applied = map[string]Origin{}
	var err error
	c.Flags().VisitAll(func(f *pflag.Flag) {
		found, layer := s.find(commandName(c), f.Name)
		if found == nil || err != nil || !allowed(f) || f.Changed || !s.holds(c, f, layer) {
			return
		}
		for _, text := range found.texts {
			if err = f.Value.Set(text); err != nil {
				err = &Problem{found.origin, f.Name + " " + shown(f, text) + ": " + err.Error()}
				return
			}
		}
		s.applied[f.Name] = found.origin
	})
	return err
}

// holds says whether a setting of a layer holds with the other flags.
func (s *Settings) holds(c *cobra.Command, f *pflag.Flag, layer int) bool {
	given := func(name string) bool { other := c.Flag(name); return other != nil && other.Changed }
	before := func(name string) bool {
		other := c.Flag(name)
		if other == nil || other.Changed || !allowed(other) {
			return other != nil && other.Changed
		}
		_, its := s.find(commandName(c), name)
		return its < layer
	}
	with := f.Annotations[keyWith]
	return (len(with) == 0 || slices.ContainsFunc(with, given)) &&
		!slices.ContainsFunc(f.Annotations[keyWithout], given) &&
		!slices.ContainsFunc(f.Annotations[keyBelow], before)
}

// Data returns the default DATA of a command, with where that is from.
func (s *Settings) Data(c *cobra.Command) (paths []string, from Origin) {
	found, _ := s.find(commandName(c), dataKey)
	if found == nil {
		return nil, from
	}
	here, err := os.Getwd()
	for _, p := range found.texts {
		if err == nil {
			p = near(here, p)
		}
		paths = append(paths, p)
	}
	return paths, found.origin
}

// Exposed names the files that hold a password which others on this machine can read.
func (s *Settings) Exposed() (files []string) {
	for _, entries := range s.layers {
		for _, e := range entries {
			if e.origin.File == "" || !slices.ContainsFunc(e.texts, holdsPassword) {
				continue
			}
			if info, err := os.Stat(e.origin.File); err == nil && info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
				files = append(files, e.origin.File)
			}
		}
	}
	return files
}

// holdsPassword says whether a text is a URL with a password.
func holdsPassword(text string) bool { return strings.Contains(text, "://") && masked(text) != text }

// Applied says where the setting of a flag is from that holds for the command that runs, and whether
// there is one.
func (s *Settings) Applied(flag string) (Origin, bool) {
	from, ok := s.applied[flag]
	return from, ok
}

// Blame says of the flags that a message names which of them no command line has set.
func (s *Settings) Blame(message string) string {
	var names []string
	for name := range s.applied {
		if mentions(message, "--"+name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	text := ""
	for _, name := range names {
		text += "\n  --" + name + " is set by " + s.applied[name].String()
	}
	return text
}

// mentions says whether a text has a flag, not as the beginning of another.
func mentions(text, flag string) bool {
	for {
		_, after, ok := strings.Cut(text, flag)
		if !ok {
			return false
		}
		if after == "" || !strings.ContainsAny(after[:1], "-abcdefghijklmnopqrstuvwxyz") {
			return true
		}
		text = after
	}
}
