package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/segq/segq/cmd/segq/internal/rules"
)

// Segment is a version of a segment that was saved.
type Segment struct {
	Name    string    `json:"name"`
	Version int       `json:"version"`
	At      time.Time `json:"at"`
	Query   string    `json:"query"`
	// Count is how many profiles of Total matched in the data of Snapshot, at Now.
	Count    int       `json:"count"`
	Total    int       `json:"total"`
	Snapshot string    `json:"snapshot"`
	Now      time.Time `json:"now"`
	// Members is the version of its members, 0 where they are not kept.
	Members int `json:"members,omitempty"`
}

// segmentOf reads a segment.
func segmentOf(e Entry) (*Segment, error) {
	s := &Segment{}
	if err := json.Unmarshal(e.About, s); err != nil {
		return nil, fmt.Errorf("what is kept as the segment %s cannot be read: %w", e.Name, err)
	}
	s.Name, s.Version, s.At = e.Name, e.Version, e.At
	return s, nil
}

// Saved returns a version of a segment, the latest for 0. The error is [ErrNone] where there is none.
func Saved(ctx context.Context, s Store, name string, version int) (*Segment, error) {
	e, err := s.Get(ctx, kindSegment, name, version)
	if err != nil {
		return nil, missing(ctx, s, kindSegment, "saved segment", name, version, err)
	}
	return segmentOf(e)
}

// ListSaved returns the latest versions of all segments, by name.
func ListSaved(ctx context.Context, s Store) ([]*Segment, error) {
	entries, err := s.List(ctx, kindSegment)
	if err != nil {
		return nil, err
	}
	all := make([]*Segment, len(entries))
	for i, e := range entries {
		if all[i], err = segmentOf(e); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Reach gives queries the saved segments that they ask about and that none of them defines. The store is opened only
// where there are such.
func Reach(ctx context.Context, open Opener, queries []rules.Written) error {
	own := map[string]bool{}
	for _, w := range queries {
		own[w.ID], own[w.Name] = true, true
	}
	var asked []string
	for _, w := range queries {
		if w.Statement.X == nil {
			continue
		}
		for _, name := range rules.Asked(w.Statement.X) {
			if !own[name] {
				asked = append(asked, name)
			}
		}
	}
	if len(asked) == 0 || open == nil {
		return nil
	}
	s, err := open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	beyond, err := Beyond(ctx, s, asked, func(name string) bool { return own[name] })
	if err != nil {
		return err
	}
	for i := range queries {
		queries[i].Beyond = beyond
	}
	return nil
}

// Beyond returns the saved segments of some names, and those that these ask about, but for those that are known. Where
// one is not there, it has the names of the others.
func Beyond(ctx context.Context, s Store, asked []string, known func(name string) bool) (*rules.Beyond, error) {
	b, seen, lacks := &rules.Beyond{}, map[string]bool{}, false
	for len(asked) > 0 {
		name := asked[0]
		asked = asked[1:]
		if seen[name] || known(name) {
			continue
		}
		seen[name] = true
		e, err := s.Get(ctx, kindSegment, name, 0)
		if errors.Is(err, ErrNone) || err != nil && !validName(name) {
			lacks = true
			continue
		}
		if err != nil {
			return nil, err
		}
		segment, err := segmentOf(e)
		if err != nil {
			return nil, err
		}
		b.Definitions = append(b.Definitions, rules.Definition{Name: name, Text: segment.Query, Version: segment.Version})
		asked = append(asked, rules.AskedBy(segment.Query)...)
	}
	if lacks {
		all, err := s.List(ctx, kindSegment)
		if err != nil {
			return nil, err
		}
		for _, e := range all {
			b.Names = append(b.Names, e.Name)
		}
	}
	return b, nil
}
