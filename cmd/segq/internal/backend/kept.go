package backend

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl"
)

// errNoStore says that nothing can be saved.
var errNoStore = errors.New("there is no place for saved segments: name a file with --store")

// keeps returns the store of saved segments.
func (b *backend) keeps(ctx context.Context) (store.Store, error) {
	kept, err := b.saved.store(ctx)
	if err == nil && kept == nil {
		err = errNoStore
	}
	return kept, err
}

// Save keeps a segment under its name.
func (b *backend) Save(ctx context.Context, name string, q repl.Query, known repl.Counted) (repl.SavedSegment, error) {
	if err := store.CheckName(name); err != nil {
		return repl.SavedSegment{}, err
	}
	kept, err := b.keeps(ctx)
	if err != nil {
		return repl.SavedSegment{}, err
	}
	segment := &store.Segment{
		Name: name, Query: b.whole(q.Text), Count: known.Count, Total: known.Total, Snapshot: known.Snapshot, Now: known.Now,
	}
	if info := b.Describe(); info.Snapshot == known.Snapshot {
		segment.Data = info.Dataset
	}
	fresh, err := store.Save(ctx, kept, segment)
	b.saved.changed()
	if err != nil {
		return repl.SavedSegment{}, err
	}
	out := savedOf(segment)
	out.Fresh, out.Place = fresh, kept.Place()
	return out, nil
}

// whole returns the text of a query as it means the same outside of the session: the values of parameters stand in it, and
// the queries of the session that it asks about are written out. An object has no such form, and stays a parameter.
func (b *backend) whole(text string) string {
	values := b.params.all()
	b.mu.Lock()
	defined := maps.Clone(b.defined)
	b.mu.Unlock()
	queries := []rules.Written{query("", rules.WithValues(text, values))}
	for name, one := range defined {
		queries = append(queries, query(name, rules.WithValues(one, values)))
	}
	return rules.Whole(queries, 0)
}

// query returns a query of the session as one of a run.
func query(name, text string) rules.Written {
	x, _ := lang.Query(text)
	return rules.Written{Name: name, Source: rules.Source{Text: text}, Statement: ast.Statement{X: x, At: ast.Span{End: len(text)}}}
}

// Saved lists the saved segments.
func (b *backend) Saved(ctx context.Context) (repl.SavedList, error) {
	kept, err := b.keeps(ctx)
	if err != nil {
		return repl.SavedList{}, err
	}
	segments, err := store.ListSaved(ctx, kept)
	return repl.SavedList{Segments: savedAll(segments), Place: kept.Place()}, err
}

// SavedVersions lists the versions of a segment; that of NAME@VERSION alone.
func (b *backend) SavedVersions(ctx context.Context, text string) ([]repl.SavedSegment, error) {
	name, version, err := store.CutVersion(text)
	if err != nil {
		return nil, err
	}
	kept, err := b.keeps(ctx)
	if err != nil {
		return nil, err
	}
	if version > 0 {
		one, err := store.Saved(ctx, kept, name, version)
		if err != nil {
			return nil, err
		}
		return savedAll([]*store.Segment{one}), nil
	}
	segments, err := store.SavedVersions(ctx, kept, name)
	return savedAll(segments), err
}

// DropSaved drops segments.
func (b *backend) DropSaved(ctx context.Context, names []string, force bool) error {
	kept, err := b.keeps(ctx)
	if err != nil {
		return err
	}
	defer b.saved.changed()
	return store.DropSaved(ctx, kept, names, force)
}

func savedAll(segments []*store.Segment) []repl.SavedSegment {
	all := make([]repl.SavedSegment, len(segments))
	for i, s := range segments {
		all[i] = savedOf(s)
	}
	return all
}

func savedOf(s *store.Segment) repl.SavedSegment {
	return repl.SavedSegment{
		Name: s.Name, Version: s.Version, Query: s.Query, At: s.At, Members: s.Members > 0,
		Counted: repl.Counted{Count: s.Count, Total: s.Total, Snapshot: s.Snapshot, Data: s.Data, Now: s.Now},
	}
}

// changed has the names of saved segments listed anew.
func (s *savedSegments) changed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = time.Time{}
}
