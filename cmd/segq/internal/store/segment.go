package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/segq/segq/cmd/segq/internal/rules"
)

// Segment is a version of a segment that was saved.
type Segment struct {
	Name    string    `json:"name,omitempty"`
	Version int       `json:"version,omitempty"`
	At      time.Time `json:"at,omitzero"`
	Query   string    `json:"query"`
	// Count is how many profiles of Total matched in the data of Snapshot, at Now.
	Count    int    `json:"count"`
	Total    int    `json:"total"`
	Snapshot string `json:"snapshot"`
	// Data is what that data is called, "" where it was saved by a version that did not keep it.
	Data string    `json:"data,omitempty"`
	Now  time.Time `json:"now"`
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
	return unchanged(s, e)
}

// ListSaved returns the latest versions of all segments, by name.
func ListSaved(ctx context.Context, s Store) ([]*Segment, error) {
	return readAll(segmentOf)(s.List(ctx, kindSegment))
}

// Save keeps a segment as the newest version of its name, and says whether it is a new one: the same query is the version
// before, with the count of now. The error is a [CycleError] where it would ask about itself.
func Save(ctx context.Context, s Store, segment *Segment) (fresh bool, err error) {
	if err := checkCycle(ctx, s, segment); err != nil {
		return false, err
	}
	if err := keepMembers(ctx, s, segment); err != nil {
		return false, err
	}
	fresh, err = putSegment(ctx, s, segment)
	if err == nil && segment.Members == 0 {
		_ = dropUnnamed(ctx, s, segment.Name) // else the next save does
	}
	return fresh, err
}

// SaveMembers is [Save] of a segment with its members, values of an id, which bucket gives, of so many buckets; it returns how
// many there are.
// Members that were kept before stay as they are unless all of it is kept.
func SaveMembers(ctx context.Context, s Store, segment *Segment, id MemberID, buckets int, bucket func(int) ([]string, error)) (fresh bool, count int, err error) {
	if err := checkCycle(ctx, s, segment); err != nil {
		return false, 0, err
	}
	before, err := named(ctx, s, segment.Name)
	if err != nil {
		return false, 0, err
	}
	if segment.Members, count, err = putMembers(ctx, s, segment.Name, segment.Snapshot, id, buckets, bucket); err != nil {
		return false, 0, err
	}
	// One step makes the version and its members those that are read.
	if fresh, err = putSegment(ctx, s, segment); err != nil {
		dropUnlessNamed(ctx, s, segment.Name, segment.Members)
		return false, 0, err
	}
	_ = trimMembers(ctx, s, segment.Name, before, segment.Members) // else the next save does
	return fresh, count, nil
}

// dropWithin is how long it may take to take members away that came to nothing.
const dropWithin = 2 * time.Second

// dropUnlessNamed drops members of a version that was not kept. One of which only the answer was lost names them, and
// where that cannot be found out they stay until a later save trims them.
func dropUnlessNamed(ctx context.Context, s Store, name string, members int) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), dropWithin)
	defer cancel()
	if all, err := named(ctx, s, name); err == nil && !all[members] {
		_ = s.DropVersions(ctx, kindMembers, name, []int{members}) // else a later save does
	}
}

// checkCycle says whether a segment would ask about itself, with a [CycleError].
func checkCycle(ctx context.Context, s Store, segment *Segment) error {
	asked := rules.AskedBy(segment.Query)
	beyond, err := Beyond(ctx, s, asked, func(name string) bool { return name == segment.Name })
	if err != nil {
		return err
	}
	for _, d := range beyond.Definitions {
		asked = append(asked, rules.AskedBy(d.Text)...)
	}
	if slices.Contains(asked, segment.Name) {
		return CycleError(segment.Name)
	}
	return nil
}

// putSegment keeps what is known of a segment.
func putSegment(ctx context.Context, s Store, segment *Segment) (fresh bool, err error) {
	own := *segment
	own.Name, own.Version, own.At = "", 0, time.Time{} // which the store knows
	about, err := json.Marshal(own)
	if err != nil {
		return false, err
	}
	kept, fresh, err := s.Put(ctx, Entry{Kind: kindSegment, Name: segment.Name, Digest: digestOf(segment.Query), About: about}, nil)
	segment.Version, segment.At = kept.Version, kept.At
	return fresh, err
}

// digestOf names a query.
func digestOf(query string) string {
	sum := sha256.Sum256([]byte(query))
	return hex.EncodeToString(sum[:16])
}

// keepMembers gives a segment that is saved without members those of the version that it will be.
func keepMembers(ctx context.Context, s Store, segment *Segment) error {
	if segment.Members > 0 {
		return nil
	}
	e, err := s.Get(ctx, kindSegment, segment.Name, 0)
	if errors.Is(err, ErrNone) || err == nil && e.Digest != digestOf(segment.Query) {
		return nil
	}
	if err != nil {
		return err
	}
	latest, err := segmentOf(e)
	if err == nil {
		segment.Members = latest.Members
	}
	return err
}

// unchanged returns a segment whose query is the one that was saved.
func unchanged(s Store, e Entry) (*Segment, error) {
	segment, err := segmentOf(e)
	if err == nil && e.Digest != "" && e.Digest != digestOf(segment.Query) {
		return nil, fmt.Errorf("the query of %s, version %d, is not the one that was saved: somebody has changed it in %s; save it again", e.Name, e.Version, s.Place())
	}
	return segment, err
}

// dropUnnamed drops the members of a segment that no version of it names any more.
func dropUnnamed(ctx context.Context, s Store, name string) error {
	all, err := named(ctx, s, name)
	if err != nil || len(all) > 0 {
		return err
	}
	if err := s.Drop(ctx, kindMembers, name); !errors.Is(err, ErrNone) {
		return err
	}
	return nil
}

// CycleError is the error of a segment, of this name, that would ask about itself.
type CycleError string

// Error says so.
func (e CycleError) Error() string {
	return fmt.Sprintf("the segment %q would ask about itself: a query that is saved asks about others as they are when it runs", string(e))
}

// DropSaved drops segments with all their versions and members. Those that others ask about are dropped only if force says
// so; the error is then an [AskedError].
func DropSaved(ctx context.Context, s Store, names []string, force bool) error {
	all, err := ListSaved(ctx, s)
	if err != nil {
		return err
	}
	for _, other := range all {
		if force || slices.Contains(names, other.Name) {
			continue
		}
		for _, asked := range rules.AskedBy(other.Query) {
			if slices.Contains(names, asked) {
				return AskedError{asked, other.Name}
			}
		}
	}
	for _, name := range names {
		if err := s.Drop(ctx, kindSegment, name); err != nil {
			return missing(ctx, s, kindSegment, "saved segment", name, 0, err)
		}
		if err := s.Drop(ctx, kindMembers, name); err != nil && !errors.Is(err, ErrNone) {
			return err
		}
	}
	return nil
}

// AskedError is the error of a segment that is to go and that another asks about.
type AskedError struct{ Name, By string }

// Error says which.
func (e AskedError) Error() string {
	return fmt.Sprintf("the saved segment %q asks about %q: drop both, or drop it all the same with --force", e.By, e.Name)
}

// SavedVersions returns the versions of a segment, the oldest first.
func SavedVersions(ctx context.Context, s Store, name string) ([]*Segment, error) {
	entries, err := s.Versions(ctx, kindSegment, name)
	if err == nil && len(entries) == 0 {
		err = missing(ctx, s, kindSegment, "saved segment", name, 0, ErrNone)
	}
	return readAll(segmentOf)(entries, err)
}

// Reach gives queries the saved segments that they ask about and that none of them defines. The store is opened only
// where there are such. Others are names that are asked about beside the queries.
func Reach(ctx context.Context, open Opener, queries []rules.Written, others ...string) error {
	own := map[string]bool{}
	for _, w := range queries {
		own[w.ID], own[w.Name] = true, true
	}
	asked := others
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
	defer func() { _ = s.Close() }()
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
		segment, err := unchanged(s, e)
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
