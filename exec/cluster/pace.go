package cluster

import (
	"sync"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/executor"
)

// pace is how long a query takes on the cluster, of those that were asked. The server takes no task from a statement that has
// begun, however it shares its tasks: a long batch is asked in several statements, so that others have their turn between them.
type pace struct {
	mu    sync.Mutex
	query time.Duration // in the part that takes longest; 0 where nothing is known
}

const (
	// turn is how long a statement is to take about, of a batch of the class Bulk, and longTurn of one of the class Normal.
	turn     = 2 * time.Second
	longTurn = 5 * time.Second
	// firstSome is how many queries are asked first in bulk, when nothing is known.
	firstSome = 64
	// leastSome is how many are asked at least: each statement takes a moment by itself.
	leastSome = 8
)

// some returns as many queries of a batch as are to be asked next.
func (p *pace) some(b exec.Batch) exec.Batch {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(b.Queries)
	switch {
	case b.Class == exec.Bulk && p.query == 0:
		n = firstSome
	case b.Class == exec.Bulk:
		n = max(leastSome, int(turn/p.query))
	case b.Class == exec.Normal && p.query > 0:
		n = max(leastSome, int(longTurn/p.query))
	}
	for i := range b.Queries {
		if b.Queries[i].Matches != nil {
			n = len(b.Queries) // which rows match is told of all at once
		}
	}
	b.Queries = b.Queries[:min(n, len(b.Queries))]
	return b
}

// note takes how long queries have taken.
func (p *pace) note(queries int, answers []*executor.Answer) {
	longest := time.Duration(0)
	for _, a := range answers {
		longest = max(longest, time.Duration(a.MS-a.OpenMS)*time.Millisecond)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	one := max(longest/time.Duration(queries), time.Microsecond)
	if p.query == 0 {
		p.query = one
	} else {
		p.query = (p.query + one) / 2
	}
}
