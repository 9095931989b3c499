package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/analysis"
	"github.com/spf13/pflag"
)

// analysing are the flags that ask something of audiences beside their size.
type analysing struct {
	by      string
	top     int
	funnel  bool
	near    bool
	overlap bool
	lift    string
	values  bool
	changed func(flag string) bool
}

func (a *analysing) register(f *pflag.FlagSet) {
	f.StringVar(&a.by, "by", "", "count the profiles that match by the values of this `FIELD`")
	f.IntVar(&a.top, "top", 0, "give the `N` most frequent values of --by (default 1000), or the first N of --lift (default all; a table shows those that differ most)")
	f.BoolVar(&a.funnel, "funnel", false, "tell what each clause of a query does: how many it holds for alone, how many are left after it, how many there would be without it")
	f.BoolVar(&a.near, "near", false, "tell what keeps profiles just out of an audience: how many miss one clause alone, and what one loosening of it adds")
	f.BoolVar(&a.overlap, "overlap", false, "tell what several queries have in common: each pair, and each exact intersection")
	f.StringVar(&a.lift, "lift", "", "tell which values of these `FIELDS` (a list with commas, or all) are more frequent among the profiles that match than among all")
	f.BoolVar(&a.values, "values", false, "describe the values of queries that are not conditions: their distribution and quantiles, or the most frequent")
	a.changed = f.Changed
}

// picked returns the flags that are given of those that exclude each other.
func (a *analysing) picked() (flags []string) {
	for _, one := range []struct {
		flag  string
		given bool
	}{{"--by", a.by != ""}, {"--funnel", a.funnel}, {"--near", a.near}, {"--overlap", a.overlap}, {"--lift", a.lift != ""}, {"--values", a.values}} {
		if one.given {
			flags = append(flags, one.flag)
		}
	}
	return flags
}

// validate finds contradictions. rows says that rows are asked for, and sample that some of the ids
// are.
func (a *analysing) validate(rows, sample bool) error {
	flags := a.picked()
	switch {
	case len(flags) > 1:
		return fmt.Errorf("%s ask for different answers: choose one", strings.Join(flags, " and "))
	case len(flags) == 1 && rows:
		return fmt.Errorf("%s is an answer about the profiles, --ids and --select are the profiles themselves: choose one", flags[0])
	case len(flags) == 1 && sample && !a.values:
		return fmt.Errorf("%s has no sample: give --sample with the query alone, or with --select", flags[0])
	case a.lift == "" && a.changed("by") && strings.TrimSpace(a.by) == "", a.changed("lift") && strings.TrimSpace(a.lift) == "":
		return errors.New("--by and --lift need the name of a field, such as --by homeAddress.countryCode; --lift all compares by all of them")
	case a.top < 0, a.changed("top") && a.top == 0:
		return errors.New("--top must be 1 or more")
	case a.top > 0 && a.by == "" && a.lift == "":
		return errors.New("--top is for --by and --lift: it limits the values that are listed")
	}
	return nil
}

// spec returns what is asked.
func (a *analysing) spec() analysis.Spec {
	switch {
	case a.by != "":
		return analysis.Spec{Op: analysis.Breakdown, By: strings.TrimSpace(a.by), Top: a.top}
	case a.funnel:
		return analysis.Spec{Op: analysis.Funnel}
	case a.near:
		return analysis.Spec{Op: analysis.Near}
	case a.overlap:
		return analysis.Spec{Op: analysis.Overlap}
	case a.lift != "":
		return analysis.Spec{Op: analysis.Lift, By: strings.TrimSpace(a.lift), Top: a.top}
	}
	return analysis.Spec{}
}
