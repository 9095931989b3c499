package repl_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl"
	"github.com/segq/segq/repl/show"
)

// store keeps parameters and segments in memory, for backends of tests. The zero value is empty.
type store struct {
	mu     sync.Mutex
	params map[string]string
	saved  map[string][]repl.SavedSegment
	broken error // why nothing can be saved or read
	means  []string
	plan   error // why nobody says how a query runs
	noIDs  error // why there are no ids of profiles
	noData error // why no other data is opened
	stay   bool  // exports go on when the session has ended
}

func (s *store) Params() (all []repl.Param) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(s.params)) {
		all = append(all, repl.Param{Name: name, Value: s.params[name]})
	}
	return all
}

func (s *store) SetParam(name, value string) (repl.Param, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if value == "[" {
		return repl.Param{}, errors.New("@" + name + ": not JSON")
	}
	if s.params == nil {
		s.params = map[string]string{}
	}
	s.params[name] = value
	return repl.Param{Name: name, Value: value}, nil
}

func (s *store) DropParam(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, had := s.params[name]
	delete(s.params, name)
	return had
}

func (s *store) Gathers() error { return s.noIDs }

func (s *store) Opens() error { return s.noData }

// keepMembers keeps a segment as a worker does.
func (s *store) keepMembers(name string, q repl.Query, count int) *record.Saved {
	one, _ := s.Save(context.Background(), name, q, repl.Counted{Count: count, Total: 2000})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saved[name][len(s.saved[name])-1].Members = true
	return &record.Saved{Name: name, Version: one.Version, Fresh: true, Members: &count, Place: one.Place}
}

func (s *store) ExportsStay() bool { return s.stay }

func (s *store) Explain(_ context.Context, q repl.Query, _ show.Look) ([]string, error) {
	return append([]string{"profiles where " + q.Text + " holds"}, s.means...), nil
}

func (s *store) Plan(_ context.Context, q repl.Query) ([]string, error) {
	return []string{"plan of " + q.Text}, s.plan
}

func (s *store) Save(_ context.Context, name string, q repl.Query, known repl.Counted) (repl.SavedSegment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return repl.SavedSegment{}, s.broken
	}
	if s.saved == nil {
		s.saved = map[string][]repl.SavedSegment{}
	}
	one := repl.SavedSegment{Name: name, Version: len(s.saved[name]) + 1, Query: q.Text, Counted: known, At: time.Now(), Fresh: true, Place: "the store"}
	s.saved[name] = append(s.saved[name], one)
	return one, nil
}

func (s *store) Saved(context.Context) (repl.SavedList, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return repl.SavedList{}, s.broken
	}
	list := repl.SavedList{Place: "the store"}
	for _, name := range slices.Sorted(maps.Keys(s.saved)) {
		list.Segments = append(list.Segments, s.saved[name][len(s.saved[name])-1])
	}
	return list, nil
}

func (s *store) SavedVersions(_ context.Context, name string) ([]repl.SavedSegment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.saved[name] == nil {
		return nil, errors.New("there is no saved segment " + name)
	}
	return s.saved[name], s.broken
}

func (s *store) DropSaved(_ context.Context, names []string, _ bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range names {
		if s.saved[name] == nil {
			return errors.New("there is no saved segment " + name)
		}
		delete(s.saved, name)
	}
	return s.broken
}
