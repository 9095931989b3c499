package exec

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// What queries may hold in memory beside the data, where Options does not say
// otherwise: one of them, and all together.
const (
	defaultQueryMemory = 512 << 20
	defaultMemory      = 2 << 30
)

// MemoryError says that a query was ended because it, or all queries together, would
// have held more memory than they may.
type MemoryError struct {
	// Limit is what was allowed, in bytes; All says that it is for all queries.
	Limit int64
	All   bool
}

// Error says what was too much, and what helps.
func (e *MemoryError) Error() string {
	if e.All {
		return fmt.Sprintf("the queries under way need more than %d MB of memory together; try again when some have ended", e.Limit>>20)
	}
	return fmt.Sprintf("the query needs more than %d MB of memory; ask for something that has fewer different values, or turn it into a condition", e.Limit>>20)
}

// budget is what all queries of an engine hold.
type budget struct {
	used         atomic.Int64
	limit, query int64
}

func newBudget(o Options) *budget {
	b := &budget{limit: o.Memory, query: o.QueryMemory}
	if b.limit <= 0 {
		b.limit = defaultMemory
	}
	if b.query <= 0 {
		b.query = defaultQueryMemory
	}
	return b
}

// meter charges one query for what it holds.
type meter struct {
	budget *budget
	mu     sync.Mutex
	used   int64
	closed bool
}

// charge counts n bytes more, before they are taken.
func (m *meter) charge(n int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil // the query has its answer, and what is left goes with it
	}
	if m.used+int64(n) > m.budget.query {
		return &MemoryError{Limit: m.budget.query}
	}
	m.used += int64(n)
	if m.budget.used.Add(int64(n)) > m.budget.limit {
		return &MemoryError{Limit: m.budget.limit, All: true}
	}
	return nil
}

// close gives everything back.
func (m *meter) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.closed {
		m.closed = true
		m.budget.used.Add(-m.used)
	}
}

// entryBytes is about what an entry of a map takes beside the text of its key.
const entryBytes = 64
