package config

import (
	"os"
	"slices"
	"strings"

	"github.com/segq/segq/lang/spelling"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// variablePrefix begins the names of segq's variables.
const variablePrefix = "SEGQ_"

// others are the variables that set no flag.
var others = []Variable{
	{fileVariable, "", "configuration file that replaces the user's, as --config"},
	{noneVariable, "", "read no configuration file, as --no-config"},
	{"SEGQ_KERNEL", "", "use the kernels for a lesser processor: avx2 or portable"},
}

// Variable is a variable of the environment that segq reads.
type Variable struct{ Name, Flag, Usage string }

// Variables returns the variables that segq reads, in the order of their names.
func Variables(root *cobra.Command) []Variable {
	all := slices.Clone(others)
	seen := map[string]bool{}
	for _, f := range settingsBelow(root) {
		if name := variableOf(f); !seen[name] {
			seen[name] = true
			_, usage := pflag.UnquoteUsage(f)
			all = append(all, Variable{name, f.Name, usage})
		}
	}
	slices.SortFunc(all, func(a, b Variable) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// readEnvironment makes entries of the variables, trying their values on the flags of a tree.
func readEnvironment(tree func() *cobra.Command) (entries []entry, problems []error) {
	var all []*pflag.Flag
	for _, pair := range os.Environ() {
		name, text, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, variablePrefix) || text == "" {
			continue
		}
		if all == nil {
			all = settingsBelow(tree())
		}
		var found *entry
		wrong := ""
		for _, f := range all {
			if variableOf(f) != name || wrong != "" {
				continue
			}
			texts := []string{text}
			if f.Value.Type() == "stringArray" {
				texts = strings.Split(text, ",")
			}
			if wrong = try(f, texts); wrong == "" {
				found = &entry{"", f.Name, texts, Origin{Variable: name}}
			}
		}
		switch {
		case wrong != "":
			problems = append(problems, &Problem{Origin{Variable: name}, wrong})
		case found != nil:
			entries = append(entries, *found)
		}
	}
	return entries, problems
}

// UnknownVariables returns what to say of variables that are called as if they were segq's, and
// are not; of meant, those for which it can be told which one may have been meant.
func UnknownVariables(root *cobra.Command) (notes, meant []string) {
	var names []string
	for _, pair := range os.Environ() {
		name, text, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, variablePrefix) || text == "" {
			continue
		}
		if names == nil {
			for _, v := range Variables(root) {
				names = append(names, strings.TrimPrefix(v.Name, variablePrefix))
			}
		}
		own := strings.TrimPrefix(name, variablePrefix)
		if slices.Contains(names, own) {
			continue
		}
		note := name + " is not read: segq has no such variable"
		if near := nearVariable(own, names); near != "" {
			note = name + " is not read: did you mean " + variablePrefix + near + "?"
			meant = append(meant, note)
		}
		notes = append(notes, note)
	}
	slices.Sort(notes)
	slices.Sort(meant)
	return notes, meant
}

// nearVariable returns the variable that is meant by another, both without what all begin with: much
// the same, or its beginning.
func nearVariable(name string, names []string) string {
	if own := "REDIS_URL"; strings.EqualFold(name, "REDIS") || strings.EqualFold(name, "URL") {
		return own
	}
	return spelling.Nearest(name, names)
}
