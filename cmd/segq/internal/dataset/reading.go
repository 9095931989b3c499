package dataset

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/spelling"
	"github.com/spf13/pflag"
)

// ofProcess are the flags beside data that are about the process, and not about how data is read.
var ofProcess = []string{"memory", "personal", "not-personal"}

// Flag is a flag that says how data is read: its name without dashes, what its value is, "" for none, its usage, and the words
// that can be its value, or stand behind the = in that; nil for any.
type Flag struct {
	Name, Value, Usage string
	Words              []string
}

// Reading returns the flags that say how data is read, which are for nothing where none is.
func Reading() (flags []Flag) {
	f := pflag.NewFlagSet("", pflag.ContinueOnError)
	new(Options).Register(f)
	f.VisitAll(func(one *pflag.Flag) {
		if !slices.Contains(ofProcess, one.Name) {
			flag := Flag{Name: one.Name}
			if flag.Value, flag.Usage = pflag.UnquoteUsage(one); one.Name == "type" {
				flag.Words = load.TypeNames()
			}
			flags = append(flags, flag)
		}
	})
	return flags
}

// With returns the options with those of [Reading] among words as they say, beside what was said before, and the words that
// are no flags: the paths of data.
func (d Options) With(words []string) (next Options, paths []string, err error) {
	f := pflag.NewFlagSet("", pflag.ContinueOnError)
	f.SortFlags = false
	f.Usage = func() {}
	next.Register(f)
	next = d // Register has set what each flag is without being given
	if err := f.Parse(words); err != nil {
		return d, nil, exit.Usage(readingError(err))
	}
	for _, name := range ofProcess {
		if f.Changed(name) {
			return d, nil, exit.Usage(fmt.Errorf("--%s is said when segq is started", name))
		}
	}
	next.types = merged(d.types, next.types)
	next.lookups.how = merged(d.lookups.how, next.lookups.how)
	if f.Changed("lookup") {
		next.lookups.given = lookupsWith(d.lookups.given, next.lookups.given)
	}
	switch {
	case f.Changed("strict") && !f.Changed("bad-rows"):
		next.badRows = badRows{}
	case f.Changed("bad-rows") && !f.Changed("strict"):
		next.strict = false
	}
	return next, f.Args(), next.Validate()
}

// merged is what was said of names, and what is said of them now, which replaces it.
func merged(before, now map[string]string) map[string]string {
	all := maps.Clone(before)
	if all == nil {
		return now
	}
	maps.Copy(all, now)
	return all
}

// lookupsWith are lookups without those whose names others take, and the others.
func lookupsWith(before, now []string) []string {
	name := func(s string) string { return s[:max(strings.IndexByte(s, '='), 0)] }
	kept := slices.DeleteFunc(slices.Clone(before), func(s string) bool {
		return slices.ContainsFunc(now, func(n string) bool { return name(n) == name(s) })
	})
	return append(kept, now...)
}

// readingError says in words what is wrong with flags.
func readingError(err error) error {
	if unknown := (*pflag.NotExistError)(nil); errors.As(err, &unknown) {
		var names []string
		for _, flag := range Reading() {
			names = append(names, flag.Name)
		}
		if letters := unknown.GetSpecifiedShortnames(); letters != "" {
			return fmt.Errorf("-%s is no flag: they are %s; a file of that name is ./-%[1]s", letters, strings.Join(names, ", "))
		}
		return fmt.Errorf("no flag for reading data is called --%s: %s", unknown.GetSpecifiedName(), spelling.Choices(unknown.GetSpecifiedName(), names))
	}
	if errors.Is(err, pflag.ErrHelp) {
		return errors.New("-h and --help are for the shell")
	}
	return err
}
