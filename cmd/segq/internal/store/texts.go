package store

import (
	"context"
	"errors"

	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/lang/ast"
)

// Text is what a version of something that is kept says.
type Text struct {
	Kind, Name string
	Version    int
	// Command is that which manages its kind.
	Command string
	Text    string
	// Names are those of a rule of a set that is in JSON; the text of others has them.
	Names []string
}

// Texts returns the texts of all versions of all that is kept: the queries of segments, and the sources of sets of rules. With an error, it is those that could be read.
func Texts(ctx context.Context, s Store) (all []Text, err error) {
	var errs []error // one that is damaged does not hold up the others
	segments, err := s.List(ctx, kindSegment)
	if err != nil {
		return nil, err
	}
	for _, latest := range segments {
		versions, err := SavedVersions(ctx, s, latest.Name)
		errs = append(errs, err)
		for _, v := range versions {
			all = append(all, Text{Kind: "saved segment", Name: v.Name, Version: v.Version, Command: "saved", Text: v.Query})
		}
	}
	sets, err := s.List(ctx, kindRules)
	if err != nil {
		return nil, err
	}
	for _, latest := range sets {
		versions, err := RuleVersions(ctx, s, latest.Name)
		errs = append(errs, err)
		for _, v := range versions {
			set, err := Rules(ctx, s, v.Name, v.Version)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			for _, t := range textsOf(set) {
				t.Kind, t.Name, t.Version, t.Command = "set of rules", v.Name, v.Version, "rules"
				all = append(all, t)
			}
		}
	}
	return all, errors.Join(errs...)
}

// textsOf returns the queries of a set, as statements.
func textsOf(set *RuleSet) (all []Text) {
	for _, source := range set.Sources {
		if !rules.IsFile(source.Text) {
			all = append(all, Text{Text: source.Text})
			continue
		}
		written, err := rules.Split(source)
		if err != nil {
			return append(all, Text{Text: source.Text})
		}
		for _, w := range written {
			if len(w.Errors) == 0 {
				all = append(all, Text{Text: ast.Format(w.Statement.X), Names: namesOf(w)})
			}
		}
	}
	return all
}
