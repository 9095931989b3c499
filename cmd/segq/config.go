package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/exec/load/object"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

// configuration is what files and the environment say to the command that runs.
type configuration struct {
	file     string
	none     bool
	settings *config.Settings
	notes    io.Writer
}

// withoutConfig is the annotation of commands that no setting concerns: they have to work where a
// file is wrong.
const withoutConfig = "segq-without-config"

// alwaysThere are other such commands.
var alwaysThere = []string{"help", "man", "completion", "version"}

func (g *configuration) register(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringVar(&g.file, "config", "", "read this configuration `FILE` in place of your own (or SEGQ_CONFIG)")
	f.BoolVar(&g.none, "no-config", false, "read no configuration file (or SEGQ_NO_CONFIG)")
	help.Under(f, help.Output)
}

// places returns the files that are to be read.
func (g *configuration) places() ([]config.Place, error) {
	s, err := config.Selected(g.file, g.none)
	if err != nil {
		return nil, exit.Usage(err)
	}
	return s.Places(), nil
}

// apply sets the flags of a command that its command line does not set.
func (g *configuration) apply(c *cobra.Command) error {
	for up := c; up != nil; up = up.Parent() {
		if up.Annotations[withoutConfig] != "" || slices.Contains(alwaysThere, up.Name()) || strings.HasPrefix(up.Name(), cobra.ShellCompRequestCmd) {
			return nil
		}
	}
	places, err := g.places()
	if err != nil {
		return err
	}
	if g.settings, err = config.Read(places, commandTree); err != nil {
		return exit.Usage(err)
	}
	for _, p := range places {
		if p.Refused != "" {
			fmt.Fprintf(g.notes, "segq: %s is not read: %s\n", show.Clean(p.File), show.Clean(p.Refused))
		}
	}
	if err := g.settings.Apply(c); err != nil {
		return exit.Usage(err)
	}
	if quiet := c.Flags().Lookup("quiet"); !under(c, "config") && (quiet == nil || quiet.Value.String() != "true") {
		_, meant := config.UnknownVariables(c.Root())
		for _, note := range meant {
			fmt.Fprintf(g.notes, "segq: %s\n", show.Clean(note))
		}
	}
	return nil
}

// under says whether a command is one of those of another, or this itself.
func under(c *cobra.Command, name string) bool {
	for ; c != nil; c = c.Parent() {
		if c.Name() == name {
			return true
		}
	}
	return false
}

// commandTree returns a tree of commands that nobody runs.
func commandTree() *cobra.Command {
	return rootCommand(console.Streams{Out: &console.Stdout{}})
}

// blamed says with an error of the command line which of its flags nobody has given.
func (g *configuration) blamed(err error) error {
	own := (*exit.Error)(nil)
	if g.settings != nil && (errors.Is(err, context.DeadlineExceeded) || errors.As(err, &own) && own.Status == exit.TimedOut) {
		if from, ok := g.settings.Applied("timeout"); ok {
			return &exit.Error{Status: exit.TimedOut, Err: fmt.Errorf("the time ran out that is set by %s (--timeout takes precedence)", show.Clean(from.String()))}
		}
	}
	if g.settings == nil || !errors.As(err, &own) || own.Status != exit.WrongUsage {
		return err
	}
	if text := g.settings.Blame(err.Error()); text != "" {
		return exit.Usage(fmt.Errorf("%w%s", err, text))
	}
	return err
}

// data returns DATA: what the command line says or, where that says nothing, what a file does.
func (g *configuration) data(c *cobra.Command, args []string) (data []string, from string) {
	if len(args) > 0 || g.settings == nil || asksCluster(c) {
		return args, ""
	}
	paths, origin := g.settings.Data(c)
	if len(paths) == 0 {
		return args, ""
	}
	return paths, origin.File
}

// noteData says that a file has named the data.
func noteData(w io.Writer, data []string, from string) {
	if from != "" {
		fmt.Fprintf(w, "segq: %s\n", dataNote(data, from))
	}
}

// dataNote is the sentence of it.
func dataNote(data []string, from string) string {
	return show.Clean(fmt.Sprintf("the data is %s, named in %s", strings.Join(shownNames(data), ", "), from))
}

// shownNames returns data as it may be shown.
func shownNames(data []string) []string {
	names := make([]string, len(data))
	for i, name := range data {
		names[i] = object.Redacted(name)
	}
	return names
}

// wrap makes the errors of a command, and of those below it, say what files have set.
func (g *configuration) wrap(c *cobra.Command) {
	if run := c.RunE; run != nil {
		c.RunE = func(c *cobra.Command, args []string) error { return g.blamed(run(c, args)) }
	}
	for _, sub := range c.Commands() {
		g.wrap(sub)
	}
}

// withData makes a command run with DATA, of the command line or of a file.
func (g *configuration) withData(c *cobra.Command, io console.Streams) *cobra.Command {
	c.Annotations = map[string]string{config.TakesData: "true"}
	run := c.RunE
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := besideCluster(c, args); err != nil {
			return err
		}
		data, from := g.data(c, args)
		noteData(io.Err, data, from)
		return run(c, data)
	}
	return c
}

// asksCluster says whether the data of a command is a table of a cluster.
func asksCluster(c *cobra.Command) bool {
	f := c.Flags().Lookup("cluster")
	return f != nil && f.Value.String() != ""
}

// besideCluster finds what is named beside a table of a cluster, and not read then: files, and flags that say how these are read.
func besideCluster(c *cobra.Command, data []string) error {
	if !asksCluster(c) {
		return nil
	}
	if len(data) > 0 {
		return exit.Usage(errors.New("--cluster asks a table where it lies: leave out DATA, or --cluster"))
	}
	for _, flag := range dataset.ReadingFiles() {
		if c.Flags().Changed(flag) {
			return exit.Usage(fmt.Errorf("--%s says how files are read, and --cluster asks a table that is read there: choose one", flag))
		}
	}
	return nil
}

func configCommand(g *configuration, io console.Streams) *cobra.Command {
	c := &cobra.Command{
		Use: "config", Short: "Show and check the configuration",
		Long: `config shows and checks what holds where a command line says nothing. Flags take
precedence over the environment (SEGQ_ and the name of the flag, such as SEGQ_FORMAT),
that over .segq.toml of the project, that over your own file, that over the system's.
In these files, which are TOML, the long names of flags are keys, and a table such as
[submit] is for one command:

  format = "ndjson"
  data = ["profiles.parquet"]

  [submit]
  class = "batch"`,
		Annotations: map[string]string{withoutConfig: "true"},
	}
	c.AddCommand(configShowCommand(g, io), configValidateCommand(g, io), configPathCommand(g, io))
	return c
}

func configShowCommand(g *configuration, io console.Streams) *cobra.Command {
	var all, asJSON bool
	c := &cobra.Command{
		Use: "show", Short: "Print what is set, and where", Args: cobra.NoArgs,
		Long: `show prints each value that differs from the default, with the file and the line or
the variable that sets it, in a form that a file can take. Passwords are hidden.`,
		RunE: func(*cobra.Command, []string) error {
			places, err := g.places()
			if err != nil {
				return err
			}
			settings, err := config.Read(places, commandTree)
			if err != nil {
				return exit.Usage(err)
			}
			return printValues(io.Out, settings.Values(commandTree()), all, asJSON)
		},
	}
	c.Flags().BoolVar(&all, "all", false, "also print what is as the program has it")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, a line for each value")
	return c
}

// printValues prints values with their origins.
func printValues(w io.Writer, values []config.Value, all, asJSON bool) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, v := range values {
		if v.Default && !all {
			continue
		}
		if asJSON {
			if err := e.Encode(v); err != nil {
				return err
			}
			continue
		}
		key := v.Key
		if v.Command != "" {
			key = strings.ReplaceAll(v.Command, " ", ".") + "." + key
		}
		if _, err := fmt.Fprintf(w, "%s = %s  # %s\n", key, v.Text, show.Clean(v.Origin.String())); err != nil {
			return err
		}
	}
	return nil
}

func configValidateCommand(g *configuration, io console.Streams) *cobra.Command {
	return &cobra.Command{
		Use: "validate [FILE]", Short: "Find what is wrong with the configuration", Args: cobra.MaximumNArgs(1),
		Long: `validate prints all that is wrong with the files that a run would read and with the
environment, or with one FILE: one that is called .segq.toml may set what a project may,
any other what a user may. The status is 2 if something is wrong.`,
		RunE: func(_ *cobra.Command, args []string) error {
			places, err := g.places()
			if err != nil {
				return err
			}
			if len(args) == 1 {
				places = []config.Place{{Kind: config.User, File: args[0], Given: true}}
				if filepath.Base(args[0]) == config.ProjectFile {
					places[0].Kind = config.Project
				}
			}
			settings, wrong := config.Read(places, commandTree)
			unknown, _ := config.UnknownVariables(commandTree())
			for _, note := range unknown {
				fmt.Fprintln(io.Err, "segq: "+show.Clean(note))
			}
			for _, file := range settings.Exposed() {
				fmt.Fprintf(io.Err, "segq: %s holds a password, and others can read it: chmod 600 %[1]s\n", show.Clean(file))
			}
			if wrong != nil {
				return exit.Usage(wrong)
			}
			return printPlaces(io.Out, places, "right")
		},
	}
}

// printPlaces prints files with what is to say about them.
func printPlaces(w io.Writer, places []config.Place, there string) error {
	for _, p := range places {
		state := "not there"
		switch {
		case p.Refused != "":
			state = "not read: " + p.Refused
		case p.There || p.Given:
			state = there
		}
		if _, err := fmt.Fprintf(w, "%-7s  %s: %s\n", p.Kind, show.Clean(p.File), show.Clean(state)); err != nil {
			return err
		}
	}
	return nil
}

func configPathCommand(g *configuration, io console.Streams) *cobra.Command {
	var all bool
	c := &cobra.Command{
		Use: "path", Short: "Print where your configuration file is, or should be", Args: cobra.NoArgs,
		Example: "  ${EDITOR:-vi} \"$(segq config path)\"",
		RunE: func(*cobra.Command, []string) error {
			places, err := g.places()
			if err != nil {
				return err
			}
			if all {
				return printPlaces(io.Out, places, "there")
			}
			for _, p := range places {
				if p.Kind == config.User {
					_, err := fmt.Fprintln(io.Out, p.File)
					return err
				}
			}
			return exit.Usage(errors.New("there is no place for a file of yours: HOME is not set, or files are not read"))
		},
	}
	c.Flags().BoolVar(&all, "all", false, "print all places, the one first that takes precedence")
	return c
}
