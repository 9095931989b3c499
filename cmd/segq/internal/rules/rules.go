// Package rules holds queries as their authors write them, until they are checked: where
// their texts come from (source.go, rulefile.go), the values of their parameters (param.go),
// whether they depend on the time (dated.go), and how they refer to each other (this file).
//
// The tour: [Read] returns texts, [SplitAll] the queries in them; [New] takes them as rules
// that may refer to each other, and [Set.Check] checks one after those that it refers to.
package rules

import (
	"fmt"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
)

// Rule is a query that others may ask about by its names: inSegment("gold").
type Rule struct {
	// Label is what an error calls it.
	Label string
	Names []string
	Text  string
	// Version is that of a segment that was saved, 0 for a rule of the run.
	Version int
	X       ast.Expr // nil for one that did not parse
	// Source is the text in which X has its places, "" where it is Text.
	Source string
	Typed  *check.Query
	Found  ast.Diagnostics

	State State
	// What it asks about, with what that asks about, counts: how many levels there are,
	// and how many expressions. See maxLevels.
	levels, size int
}

// Places returns the text in which the rule has its places.
func (r *Rule) Places() string {
	if r.Source != "" {
		return r.Source
	}
	return r.Text
}

// State is how far the check of a rule is.
type State uint8

const (
	ruleNew  State = iota
	ruleOpen       // being checked, or what it asks about is
	ruleGood
	// Wrong is the state of a rule with an error.
	Wrong
)

// The bounds of what a rule may ask about. A segment stands for its condition wherever
// somebody asks about it, so that a few lines could stand for more than any machine can
// run: each of them asks twice about the one before it.
const (
	maxLevels   = 64
	maxExpanded = 50_000
)

// maxPath is how many rules may be open, each because of the one before: far more than
// maxLevels, and few enough for the stack.
const maxPath = 10_000

// Set holds the queries of one run, or of one command, by the names under which they ask
// about each other. What a rule asks about is checked before it.
type Set struct {
	byName map[string]*Rule
	// verify finds what is wrong with a rule whose segments are right.
	verify func(x ast.Expr) (*check.Query, ast.Diagnostics)
	// saved are the rules that were checked, by name; nil for those that were not, which
	// may be suggested.
	saved map[string]*check.Query
	path  []*Rule // being checked, each because of the one before
}

// New returns the rules that may be asked about. Of two with one name it is the last.
func New(all []*Rule) *Set {
	r := &Set{byName: map[string]*Rule{}, saved: map[string]*check.Query{}}
	for _, one := range all {
		for _, name := range one.Names {
			r.byName[name], r.saved[name] = one, nil
		}
	}
	return r
}

// Suggest takes names that nobody has asked about, and that may be meant where there is none of a name.
func (r *Set) Suggest(names []string) {
	for _, name := range names {
		if _, ok := r.saved[name]; !ok {
			r.saved[name] = nil
		}
	}
}

// Over makes the rules check themselves against loaded data.
func (r *Set) Over(catalog column.Catalog, options check.Options) *Set {
	catalog.Saved = r.saved
	return r.against(catalog, options)
}

// OverSchema makes the rules check themselves against what is known of data elsewhere.
func (r *Set) OverSchema(schema check.Schema, options check.Options) *Set {
	schema.Saved = r.saved
	return r.against(schema, options)
}

func (r *Set) against(catalog check.Catalog, options check.Options) *Set {
	r.verify = func(x ast.Expr) (*check.Query, ast.Diagnostics) { return check.Check(x, catalog, options) }
	return r
}

// Unbound makes the rules find what is wrong with them whatever the data is: segments
// that are not there, or ask about each other in a circle.
func (r *Set) Unbound() *Set {
	r.verify = func(x ast.Expr) (*check.Query, ast.Diagnostics) {
		names := func() []string { return column.Catalog{Saved: r.saved}.Segments() }
		var ds ast.Diagnostics
		refs, _ := references(x)
		for _, ref := range refs {
			if r.byName[ref.Value] == nil {
				ds = append(ds, check.UnknownSegment(ref, names()))
			}
		}
		return nil, ds
	}
	return r
}

// Check checks a rule after those that it asks about.
func (r *Set) Check(one *Rule) {
	if one.State != ruleNew {
		return
	}
	one.State = ruleOpen
	r.path = append(r.path, one)
	one.Typed, one.Found = r.checkOpen(one)
	r.path = r.path[:len(r.path)-1]
	one.State = ruleGood
	if one.Found.Failed() {
		one.State = Wrong
	}
	for _, name := range one.Names {
		if r.byName[name] == one && one.Typed != nil {
			r.saved[name] = one.Typed
		}
	}
}

// checkOpen returns the result for a rule.
func (r *Set) checkOpen(one *Rule) (*check.Query, ast.Diagnostics) {
	refs, size := references(one.X)
	one.size = size
	for _, ref := range refs {
		other := r.byName[ref.Value]
		switch {
		case other == nil:
			continue // the catalog says that there is none
		case other.State == ruleOpen:
			return nil, ast.Diagnostics{r.cycle(ref, other)}
		}
		if len(r.path) == maxPath {
			return nil, ast.Diagnostics{deepSegment(ref, true)}
		}
		r.Check(other)
		if other.State == Wrong {
			return nil, ast.Diagnostics{brokenSegment(ref, other.Found)}
		}
		one.levels, one.size = max(one.levels, other.levels+1), one.size+other.size
		if one.levels > maxLevels || one.size > maxExpanded {
			return nil, ast.Diagnostics{deepSegment(ref, one.levels > maxLevels)}
		}
	}
	return r.verifyAmongOthers(one)
}

// verifyAmongOthers verifies a rule, to which its own names are not suggested in place of one that is not there.
func (r *Set) verifyAmongOthers(one *Rule) (*check.Query, ast.Diagnostics) {
	for _, name := range one.Names {
		if typed, ok := r.saved[name]; ok && typed == nil {
			delete(r.saved, name)
			defer func() { r.saved[name] = nil }()
		}
	}
	return r.verify(one.X)
}

// Below returns the rules that an expression asks about, and what these ask about, by the
// names under which they do.
func (r *Set) Below(x ast.Expr) map[string]*Rule {
	found := map[string]*Rule{}
	var walk func(ast.Expr)
	walk = func(x ast.Expr) {
		refs, _ := references(x)
		for _, ref := range refs {
			if one := r.byName[ref.Value]; one != nil && found[ref.Value] == nil {
				found[ref.Value] = one
				walk(one.X)
			}
		}
	}
	walk(x)
	return found
}

// references lists the segments that an expression asks about, and counts the expressions
// that it is made of, literals left out.
func references(x ast.Expr) (refs []*ast.String, size int) {
	ast.Inspect(x, func(e ast.Expr) bool {
		switch e := e.(type) {
		case *ast.String, *ast.Int, *ast.Float, *ast.Bool:
			return true
		case *ast.Call:
			if asksSegment(e) {
				refs = append(refs, e.Args[0].(*ast.String))
			}
		}
		size++
		return true
	})
	return refs, size
}

// cycle says which rules ask about each other in a circle.
func (r *Set) cycle(ref *ast.String, start *Rule) ast.Diagnostic {
	var names []string
	for _, one := range r.path {
		if one == start || len(names) > 0 {
			names = append(names, one.Label)
		}
	}
	return ast.Diagnostic{
		Code: "segment-cycle", At: ref.At,
		Message: fmt.Sprintf("the segments refer to each other: %s", strings.Join(append(names, ref.Value), " → ")),
		Hint:    "a segment cannot depend on itself",
	}
}

// brokenSegment says that the definition of a segment is wrong, and what is wrong with
// it: its author may not see it otherwise. A fault of ours stays one.
func brokenSegment(ref *ast.String, found ast.Diagnostics) ast.Diagnostic {
	d := ast.Diagnostic{Code: "broken-segment", At: ref.At, Message: fmt.Sprintf("the segment %q has an error of its own", ref.Value)}
	for _, f := range found {
		if f.Severity == ast.Error {
			d.Hint = f.Message
			if f.Code == ast.Internal {
				d.Code, d.Hint = f.Code, f.Hint
			}
			break
		}
	}
	return d
}

// deepSegment says that the definitions below a segment are too much.
func deepSegment(ref *ast.String, levels bool) ast.Diagnostic {
	d := ast.Diagnostic{
		Code: "segment-too-large", At: ref.At,
		Message: fmt.Sprintf("the segment %q and what it asks about are too much for one query: more than %s expressions", ref.Value, show.Count(maxExpanded)),
		Hint:    "a segment counts with its whole condition wherever it is used",
	}
	if levels {
		d.Message = fmt.Sprintf("the segments below %q refer to each other through more than %d levels", ref.Value, maxLevels)
	}
	return d
}
