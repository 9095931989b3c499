package backend

import (
	"context"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
)

// savedSegments are the segments that were saved, as a session asks about them. The store is opened when the first is
// asked for, and stays open. The zero value has none.
type savedSegments struct {
	open store.Opener

	mu     sync.Mutex // guards what follows
	opened store.Store
	names  []string // as they were listed at a moment
	at     time.Time
}

const (
	// savedWithin is how long the store may take.
	savedWithin = 2 * time.Second
	// listedFor is how long the names are taken for those that there are.
	listedFor = 5 * time.Second
)

// store returns the store, nil where there is none.
func (s *savedSegments) store(ctx context.Context) (store.Store, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opened == nil && s.open != nil {
		opened, err := s.open(ctx)
		if err != nil {
			return nil, err
		}
		s.opened = opened
	}
	return s.opened, nil
}

// beyond returns the saved segments that are asked about by some names, and by the queries of the session among these.
func (s *savedSegments) beyond(asked []string, defined map[string]string) (*rules.Beyond, error) {
	var unknown []string
	seen := map[string]bool{}
	for len(asked) > 0 {
		name := asked[0]
		asked = asked[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		if text, ok := defined[name]; ok {
			asked = append(asked, rules.AskedBy(text)...)
		} else {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) == 0 {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), savedWithin)
	defer cancel()
	kept, err := s.store(ctx)
	if kept == nil || err != nil {
		return nil, err
	}
	return store.Beyond(ctx, kept, unknown, func(name string) bool { _, ok := defined[name]; return ok })
}

// all lists the names of all saved segments, none where the store cannot be read.
func (s *savedSegments) all() []string {
	s.mu.Lock()
	names, fresh := s.names, time.Since(s.at) < listedFor
	s.mu.Unlock()
	if fresh {
		return names
	}
	ctx, cancel := context.WithTimeout(context.Background(), savedWithin)
	defer cancel()
	kept, err := s.store(ctx)
	if kept == nil || err != nil {
		return nil
	}
	segments, err := store.ListSaved(ctx, kept)
	if err != nil {
		return nil
	}
	names = nil
	for _, one := range segments {
		names = append(names, one.Name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.names, s.at = names, time.Now()
	return names
}

// close closes the store.
func (s *savedSegments) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opened != nil {
		_ = s.opened.Close() // it was only read
		s.opened = nil
	}
}

// unreadable says that the saved segments that an expression asks about cannot be read.
func unreadable(x ast.Expr, err error) ast.Diagnostics {
	return ast.Diagnostics{{Code: "store", At: x.Span(), Message: "the saved segments cannot be read: " + err.Error()}}
}

// asking finds the names of segments in a text that may be half of a query.
var asking = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`inSegment\s*\(\s*["']([^"']*)["']`) })

// withSaved adds to the queries of a session the saved segments that a text asks about.
func (s *savedSegments) withSaved(text string, defined map[string]string) map[string]string {
	if !strings.Contains(text, "inSegment") {
		return defined
	}
	var asked []string
	for _, found := range asking().FindAllStringSubmatch(text, -1) {
		asked = append(asked, found[1])
	}
	beyond, err := s.beyond(asked, defined)
	if beyond == nil || err != nil {
		return defined
	}
	for _, d := range beyond.Definitions {
		defined[d.Name] = d.Text
	}
	return defined
}

// below returns the rules that a query of the session asks about, of the session and saved ones.
func (b *backend) below(text string, defined map[string]string) map[string]*rules.Rule {
	x, ds := lang.Query(text)
	if ds.Failed() {
		return nil
	}
	beyond, err := b.saved.beyond(rules.Asked(x), defined)
	if err != nil {
		beyond = nil // the worker says that there is none
	}
	return beyond.With(rules.Named(defined)).Below(x)
}
