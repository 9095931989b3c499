package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/load/object"
	"github.com/segq/segq/lang/spelling"
	"github.com/segq/segq/repl/show"
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
		meant := unknown.GetSpecifiedName()
		letters, form := unknown.GetSpecifiedShortnames(), idsBehind[strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" ")]
		if form != "" && letters != "" && ('0' <= letters[0] && letters[0] <= '9' || strings.HasPrefix(letters, "Inf")) {
			return exit.Usage(fmt.Errorf("-%s is read as a flag: an id that begins with - goes behind --, with all that follows: "+form, letters))
		}
		if letters := unknown.GetSpecifiedShortnames(); len(letters) > 1 { // -ids, of one dash
			meant = letters
		}
		if near := spelling.Nearest(meant, names); near != "" {
			hint = "did you mean --" + near + "? " + strings.ToUpper(hint[:1]) + hint[1:]
		}
	}
	if invalid := (*pflag.InvalidValueError)(nil); errors.As(err, &invalid) {
		if form := valueForms[invalid.GetFlag().Value.Type()]; form != "" {
			err = fmt.Errorf("--%s takes %s, and %q is none", invalid.GetFlag().Name, form, invalid.GetValue())
		}
	}
	return exit.Usage(fmt.Errorf("%w (%s)", err, hint))
}

// idsBehind say how ids that begin with a hyphen are given to commands.
var idsBehind = map[string]string{
	"why":           "segq why -c RULE -- -%[1]s DATA",
	"forget":        "segq forget --yes -- -%[1]s FILE",
	"segments test": "segq segments test -- NAME -%[1]s",
}

// valueForms say what the values of flags are whose parsers say it in the words of Go, by type.
var valueForms = map[string]string{
	"int": "a whole number", "int64": "a whole number", "uint64": "a whole number from 0 on", "float64": "a number",
	"duration": "a time such as 30s, 5m or 2h", "bool": "true or false",
}

// sayArguments makes all commands below c say in words of their own what is wrong with their
// arguments, those that only hold others among them.
func sayArguments(c *cobra.Command) {
	for _, below := range c.Commands() {
		sayArguments(below)
		if below.HasSubCommands() && !below.Runnable() {
			below.FParseErrWhitelist.UnknownFlags = true // they are those of what is misspelt
			below.RunE = heldCommand
			continue
		}
		if check := below.Args; check != nil {
			below.Args = func(c *cobra.Command, args []string) error {
				err := check(c, args)
				var said *exit.Error
				switch {
				case err == nil, errors.As(err, &said):
					return err
				case len(args) > 0 && !strings.Contains(strings.TrimSuffix(c.Use, "[flags]"), " "):
					return exit.Usage(fmt.Errorf("%s takes no arguments, and %q is one (see %s --help)", c.CommandPath(), args[0], c.CommandPath()))
				}
				return exit.Usage(fmt.Errorf("%s needs other arguments: write %s %s", c.CommandPath(), c.Parent().CommandPath(), c.Use))
			}
		}
	}
}

// heldCommand runs a command that holds others: without arguments it helps.
func heldCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return c.Help()
	}
	var names []string
	for _, below := range c.Commands() {
		if below.IsAvailableCommand() {
			names = append(names, below.Name())
		}
	}
	return exit.Usage(fmt.Errorf("%s has no command %q: %s", c.CommandPath(), args[0], spelling.Choices(args[0], names)))
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
	names := []string{serve, "help"}
	var below []string // commands of that name that are below others
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() && strings.EqualFold(sub.Name(), data[0]) {
				below = append(below, sub.CommandPath())
			}
		}
	}
	if len(below) > 0 {
		return exit.Usage(fmt.Errorf("there is no file %q, and no command: did you mean %s?", data[0], strings.Join(below, " or ")))
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

// submitted are the operations of segq submit.
var submitted = []string{"query", "breakdown", "funnel", "near", "lift", "sample", "rows", "export", "overlap", "rules", "memberships", "qualify", "why", "save", "diff"}

// chosen returns an error where the value of a flag is none of some.
func chosen(flag, value string, among []string) error {
	if slices.Contains(among, value) {
		return nil
	}
	return exit.Usage(fmt.Errorf("unknown %s %q: %s", flag, value, spelling.Choices(value, among)))
}

// dataAmong returns the arguments of a command that are DATA: those behind the words that its usage has before the flags,
// such as NAME.
func dataAmong(c *cobra.Command, args []string) []string {
	before, _, ok := strings.Cut(c.Use, " [flags]")
	if !ok {
		return args
	}
	return args[min(len(args), strings.Count(before, " ")):]
}

// dataMeant returns an error where one of DATA is no file, and it can be told what was meant: a query,
// which needs -c, or a file whose name is much the same. It is nil for anything else.
func dataMeant(c *cobra.Command, data []string) error {
	for i, name := range data {
		if name == "-" || strings.ContainsAny(name, `*?`) || object.Is(name) {
			continue
		}
		if _, err := os.Stat(name); err == nil {
			continue
		}
		if _, err := time.ParseDuration(name); err == nil && c.Flags().Changed("watch") {
			return exit.Usage(fmt.Errorf("%s is no file; a time of --watch follows =: write --watch=%s", show.Clean(name), show.Clean(name)))
		}
		if looksLikeQuery(data[i:]) {
			words, files := queryIn(data[i:])
			text := strings.Join(words, " ")
			if f, ok := given(c, "command"); ok && i == 0 { // the shell has split the query
				text = f + " " + text
			}
			return exit.Usage(fmt.Errorf("%s is no file; queries follow -c: write %s -c %s%s", show.Clean(name), c.CommandPath(), quoted(text), listedFiles(slices.Concat(data[:i], files))))
		}
		if _, err := os.Lstat(name); err == nil {
			continue // a link to nothing, of which the loading says so
		}
		if near := fileNear(name); near != "" {
			return exit.Data(fmt.Errorf("%s: no such file: did you mean %s?", show.Clean(name), show.Clean(near)))
		}
	}
	return nil
}

// queryIn returns the words of a query at the beginning of arguments, and the files after it.
func queryIn(args []string) (words, files []string) {
	end := len(args)
	for end > 1 {
		if _, err := os.Stat(args[end-1]); err != nil {
			break
		}
		end--
	}
	return args[:end], args[end:]
}

// listedFiles returns files as further arguments of a command line.
func listedFiles(files []string) string {
	text := ""
	for _, f := range files {
		text += " "
		if plainArgument.MatchString(f) {
			text += f
		} else {
			text += quoted(show.Clean(f))
		}
	}
	return text
}

// plainArgument needs no quotes in a shell.
var plainArgument = regexp.MustCompile(`^[\pL\pN_./,:@%+-]+$`)

// looksLikeQuery says whether arguments, of which the first is no file, are a query, or what a shell
// has left of one.
func looksLikeQuery(args []string) bool {
	operator := func(a string) bool {
		return slices.Contains([]string{"=", "!=", "==", "<", ">", "<=", ">=", "in", "and", "or", "occurs"}, a)
	}
	return strings.ContainsAny(args[0], `="<>(`) || operator(strings.ToLower(args[0])) && len(args) > 1 ||
		len(args) > 1 && operator(strings.ToLower(args[1])) || strings.HasPrefix(args[0], "not ") || args[0] == "not"
}

// given returns the last value of a flag that may be given several times, and whether it was.
func given(c *cobra.Command, flag string) (string, bool) {
	f := c.Flags().Lookup(flag)
	if f == nil || !f.Changed {
		return "", false
	}
	values, ok := f.Value.(pflag.SliceValue)
	if !ok || len(values.GetSlice()) == 0 {
		return "", false
	}
	all := values.GetSlice()
	return all[len(all)-1], true
}

// fileNear returns the file of data beside a path that is none whose name is much the same, "" for none.
func fileNear(path string) string {
	folder, name := filepath.Split(path)
	entries, err := os.ReadDir(cmp.Or(folder, "."))
	if err != nil {
		return ""
	}
	var names, stems []string
	for _, e := range entries {
		n := e.Name()
		if ext := strings.ToLower(filepath.Ext(n)); ext != "" && ext != n && !e.IsDir() && strings.Contains(load.Formats(), ext) {
			names = append(names, n)
			stem, _, _ := strings.Cut(n, ".")
			stems = append(stems, stem)
		}
	}
	// An extension that two names share says nothing; another one, or none, may be a mistake.
	stem, _, _ := strings.Cut(name, ".")
	meant := spelling.Nearest(stem, stems)
	var alike []string
	for i, s := range stems {
		if s == meant {
			alike = append(alike, names[i])
		}
	}
	if len(alike) == 0 {
		return ""
	}
	return folder + cmp.Or(spelling.Nearest(name, alike), alike[0])
}

// quoted writes a text as one argument of a shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// queriesByFlag is for commands that take queries by -c and -f, and no arguments.
func queriesByFlag(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return exit.Usage(fmt.Errorf("%s takes its queries from -c, -f or standard input: write %s -c %s", c.CommandPath(), c.CommandPath(), quoted(strings.Join(args, " "))))
}
