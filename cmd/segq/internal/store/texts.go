package store

import (
	"context"
	"errors"
)

// Text is what a version of something that is kept says.
type Text struct {
	Kind, Name string
	Version    int
	// Command is that which manages its kind.
	Command string
	Text    string
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
			all = append(all, Text{"saved segment", v.Name, v.Version, "saved", v.Query})
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
			for _, source := range set.Sources {
				all = append(all, Text{"set of rules", v.Name, v.Version, "rules", source.Text})
			}
		}
	}
	return all, errors.Join(errs...)
}
