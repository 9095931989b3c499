package resident

import (
	"sync"
	"sync/atomic"

	"github.com/segq/segq/exec"
)

// What queries may hold in memory beside the data, where Options does not say
// otherwise: one of them, and all together.
const (
	defaultQueryMemory = 512 << 20
	defaultMemory      = 2 << 30
)

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

// charge counts n bytes more, before they are taken; not those that its error is for.
func (m *meter) charge(n int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil // the query has its answer, and what is left goes with it
	}
	if m.used+int64(n) > m.budget.query {
		return &exec.MemoryError{Limit: m.budget.query}
	}
	if m.budget.used.Add(int64(n)) > m.budget.limit {
		m.budget.used.Add(-int64(n))
		return &exec.MemoryError{Limit: m.budget.limit, All: true}
	}
	m.used += int64(n)
	return nil
}

// free counts n bytes less, which were charged.
func (m *meter) free(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.closed {
		m.used -= int64(n)
		m.budget.used.Add(-int64(n))
	}
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
