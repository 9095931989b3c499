package rules

import (
	"maps"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
)

// Definition is a segment that was saved: its name, its condition, and its version.
type Definition struct {
	Name, Text string
	Version    int
}

// Beyond is what was saved of what the queries of a run ask about.
type Beyond struct {
	Definitions []Definition
	// Names are others, that may be meant where something is not there.
	Names []string
}

// Rules returns the definitions as rules, none for nil.
func (b *Beyond) Rules() []*Rule {
	if b == nil {
		return nil
	}
	all := make([]*Rule, len(b.Definitions))
	for i, d := range b.Definitions {
		all[i] = Named(map[string]string{d.Name: d.Text})[0]
		all[i].Version = d.Version
	}
	return all
}

// With returns rules with those of what was saved that none of them has the name of.
func (b *Beyond) With(own []*Rule) *Set {
	s := New(append(b.Rules(), own...)) // of two with one name it is the last
	if b != nil {
		s.Suggest(b.Names)
	}
	return s
}

// Named returns those of what was saved that some names ask about, and what these ask about.
func (b *Beyond) Named(names []string) map[string]*Rule {
	found, set := map[string]*Rule{}, b.With(nil)
	for _, name := range names {
		if one := set.byName[name]; one != nil {
			found[name] = one
			maps.Copy(found, set.Below(one.X))
		}
	}
	return found
}

// Asked lists the names of the segments that an expression asks about.
func Asked(x ast.Expr) []string {
	refs, _ := references(x)
	names := make([]string, len(refs))
	for i, ref := range refs {
		names[i] = ref.Value
	}
	return names
}

// AskedBy is Asked for a text, which asks about none if it is wrong.
func AskedBy(text string) []string {
	x, ds := lang.Query(text)
	if ds.Failed() {
		return nil
	}
	return Asked(x)
}

// Versions returns the versions of those of some rules that were saved, by name; nil for none.
func Versions(below map[string]*Rule) map[string]int {
	var all map[string]int
	for name, one := range below {
		if one.Version > 0 {
			if all == nil {
				all = map[string]int{}
			}
			all[name] = one.Version
		}
	}
	return all
}
