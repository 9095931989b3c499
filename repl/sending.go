package repl

import (
	"context"
	"sync"
)

// sending are the queries that are on their way into the queue. A session that ends meanwhile has to cancel those too,
// of whose jobs nobody knows the ids yet.
type sending struct {
	mu      sync.Mutex
	left    int
	none    chan struct{} // closed when none is left; nil while nobody waits
	leaving bool
}

// begin counts one more, before it is on its way.
func (s *sending) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left++
}

// end counts one less.
func (s *sending) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left--; s.left == 0 && s.none != nil {
		close(s.none)
		s.none = nil
	}
}

// isLeaving says whether the session is being left, so that what comes into the queue now is to be cancelled.
func (s *sending) isLeaving() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.leaving
}

// leave waits until those on their way have arrived, and have been cancelled, or ctx ends, and says whether they have.
func (s *sending) leave(ctx context.Context) bool {
	s.mu.Lock()
	s.leaving = true
	if s.left > 0 && s.none == nil {
		s.none = make(chan struct{})
	}
	none := s.none
	s.mu.Unlock()
	if none == nil {
		return true
	}
	select {
	case <-none:
		return true
	case <-ctx.Done():
		return false
	}
}
