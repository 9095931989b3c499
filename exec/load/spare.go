package load

import (
	"math/bits"
	"sync"
)

// spare has the memory of lanes that were shrunk, for those of chunks to come: else most of
// what a load takes would be garbage.
type spare struct {
	numbers spares[uint32]
	wide    spares[int64]
}

// spares are slices of which each has room for at least as many values as its place says, in
// powers of two.
type spares[T any] struct {
	mu   sync.Mutex
	free [32][][]T
}

// leastSpare is the number of values from which on a slice is worth keeping.
const leastSpare = 1 << 8

// empty returns an empty slice with room for n values.
func (s *spares[T]) empty(n int) []T {
	if s == nil || n < leastSpare || n > 1<<31 {
		return make([]T, 0, n)
	}
	class := bits.Len(uint(n - 1))
	s.mu.Lock()
	defer s.mu.Unlock()
	if last := len(s.free[class]) - 1; last >= 0 {
		l := s.free[class][last]
		s.free[class] = s.free[class][:last]
		return l
	}
	return make([]T, 0, 1<<class)
}

// leave takes a slice that nobody uses any more.
func (s *spares[T]) leave(l []T) {
	if s == nil || cap(l) < leastSpare || cap(l) > 1<<31 {
		return
	}
	class := bits.Len(uint(cap(l))) - 1
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free[class] = append(s.free[class], l[:0])
}

func (s *spare) slots() *spares[uint32] {
	if s == nil {
		return nil
	}
	return &s.numbers
}

func (s *spare) ints() *spares[int64] {
	if s == nil {
		return nil
	}
	return &s.wide
}
