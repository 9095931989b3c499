// Package config reads what holds where the command line says nothing: the environment, and
// configuration files of a project, of the user and of the system. It sets flags, and only
// those which their owners have marked by [Allow]; a project file, which anybody may have
// written, only those that are marked for it.
//
// The tour: place.go finds the files, file.go reads one into a tree, resolve.go makes entries of
// it, each for a flag of a command, and finds what is wrong; environment.go makes them of
// variables; [Read] puts them in their order, and [Settings.Apply] sets the flags of a command
// (settings.go). show.go says what holds and why.
package config

import (
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// Rule says how files and the environment may set flags.
type Rule struct {
	// Project lets project files set them. They may come from anybody: nothing that connects,
	// that holds or names a secret, that writes, or that decides how much a machine has to give.
	Project bool
	// Path is for names of files: relative to the file that sets them, with ~/ for the home directory.
	Path bool
	// NoPath are words that are no names of files where Path is set.
	NoPath []string
	// Secret is for values that may hold a password: nobody gets to see it.
	Secret bool
	// Variable is the name in the environment, if it is not made of the flag's.
	Variable string
	// OneOf are the values there are, of a map those of its keys; nil for any.
	OneOf []string
	// From and To are the least and the largest number. To is 0 where there is no largest.
	From, To int
	// With are flags of which the command line has to give one for a setting to hold.
	With []string
	// Without are flags of which the command line may give none.
	Without []string
	// Below are flags that go before: if one of them is set nearer to the command line, the
	// setting is that of another case, and does not hold.
	Below []string
}

// The keys of a flag's annotations, in which its rule is kept.
const (
	keyTrust    = "segq-config"
	keyPath     = "segq-config-path"
	keyNoPath   = "segq-config-no-path"
	keySecret   = "segq-config-secret"
	keyVariable = "segq-config-variable"
	keyOneOf    = "segq-config-one-of"
	keyRange    = "segq-config-range"
	keyWith     = "segq-config-with"
	keyWithout  = "segq-config-without"
	keyBelow    = "segq-config-below"
)

// Allow lets files and the environment set flags.
func Allow(f *pflag.FlagSet, r Rule, names ...string) {
	for _, name := range names {
		note := func(key string, values ...string) {
			if len(values) == 0 {
				return
			}
			if err := f.SetAnnotation(name, key, values); err != nil {
				panic(err) // there is no such flag
			}
		}
		variable := r.Variable
		if variable == "" {
			variable = variablePrefix + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		}
		trust := "user"
		if r.Project {
			trust = "project"
		}
		note(keyTrust, trust)
		note(keyVariable, variable)
		if r.Path {
			note(keyPath, "true")
		}
		if r.Secret {
			note(keySecret, "true")
		}
		note(keyNoPath, r.NoPath...)
		note(keyOneOf, r.OneOf...)
		note(keyRange, strconv.Itoa(r.From), strconv.Itoa(r.To))
		note(keyWith, r.With...)
		note(keyWithout, r.Without...)
		note(keyBelow, r.Below...)
	}
}

// allowed says whether anything but the command line may set a flag.
func allowed(f *pflag.Flag) bool { return f != nil && f.Annotations[keyTrust] != nil }

// projectAllowed says whether a project file may.
func projectAllowed(f *pflag.Flag) bool { return slices.Contains(f.Annotations[keyTrust], "project") }

// variableOf returns the variable that sets a flag.
func variableOf(f *pflag.Flag) string { return f.Annotations[keyVariable][0] }

// OneOf returns the values that a flag may have, nil for any.
func OneOf(f *pflag.Flag) []string { return f.Annotations[keyOneOf] }

// bounds returns the least and the largest number of a flag, the latter 0 for none.
func bounds(f *pflag.Flag) (from, to int) {
	r := f.Annotations[keyRange]
	from, _ = strconv.Atoi(r[0])
	to, _ = strconv.Atoi(r[1])
	return from, to
}
