package help

import (
	"slices"

	"github.com/spf13/pflag"
)

// Heading is what flags stand under.
type Heading string

// The headings.
const (
	Queries  Heading = "Flags: queries"
	Rows     Heading = "Flags: rows (the profiles that match)"
	Analysis Heading = "Flags: analysis"
	Output   Heading = "Flags: output"
	Data     Heading = "Flags: data"
	Cluster  Heading = "Flags: cluster"
	Session  Heading = "Flags: session"
	Machine  Heading = "Flags: machine"
	Job      Heading = "Flags: job"
	Redis    Heading = "Flags: Redis and its queue"
	Worker   Heading = "Flags: worker (--serve)"
	HTTP     Heading = "Flags: HTTP API (--http)"
	Log      Heading = "Flags: log (--serve and --http)"
	// Others is where flags are that nobody has put elsewhere: those that a small command has
	// to itself.
	Others Heading = "Flags"
)

// headings are in the order of the help.
var headings = []Heading{Others, Queries, Rows, Analysis, Output, Data, Cluster, Session, Machine, Job, Redis, Worker, HTTP, Log}

const (
	headingKey = "segq_heading"
	commonKey  = "segq_common"
)

// Under puts the flags that have been registered so far under a heading, apart from those that
// are under one already.
func Under(f *pflag.FlagSet, h Heading) {
	f.VisitAll(func(flag *pflag.Flag) {
		if flag.Annotations[headingKey] == nil {
			annotate(flag, headingKey, string(h))
		}
	})
}

// Common marks the flags that are needed most, which exist: the short help has them alone.
func Common(f *pflag.FlagSet, names ...string) {
	for _, name := range names {
		annotate(f.Lookup(name), commonKey, "true")
	}
}

func annotate(flag *pflag.Flag, key, value string) {
	if flag.Annotations == nil {
		flag.Annotations = map[string][]string{}
	}
	flag.Annotations[key] = []string{value}
}

// HeadingOf returns what a flag stands under.
func HeadingOf(flag *pflag.Flag) Heading {
	if h := flag.Annotations[headingKey]; h != nil {
		return Heading(h[0])
	}
	return Others
}

// flagGroup is the flags under a heading, in the order in which they were registered.
type flagGroup struct {
	heading Heading
	flags   []*pflag.Flag
}

// flagGroups returns what is not hidden of the flags, or what is needed most of them.
func flagGroups(f *pflag.FlagSet, commonOnly bool) []flagGroup {
	groups := make([]flagGroup, len(headings))
	sorted := f.SortFlags
	f.SortFlags = false
	defer func() { f.SortFlags = sorted }()
	f.VisitAll(func(flag *pflag.Flag) {
		if flag.Hidden || commonOnly && flag.Annotations[commonKey] == nil {
			return
		}
		i := slices.Index(headings, HeadingOf(flag))
		groups[i].heading = headings[i]
		groups[i].flags = append(groups[i].flags, flag)
	})
	return slices.DeleteFunc(groups, func(g flagGroup) bool { return g.flags == nil })
}

// hasCommon says whether any flag is marked as one that is needed most.
func hasCommon(f *pflag.FlagSet) bool {
	found := false
	f.VisitAll(func(flag *pflag.Flag) { found = found || flag.Annotations[commonKey] != nil })
	return found
}
