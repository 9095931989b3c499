package executor

import (
	"strconv"
	"sync"
	"time"

	"github.com/segq/segq/exec"
)

// Progress is how far an attempt at a part is, in absolute numbers: of Total rows, each query has seen Rows and
// matched Matched.
type Progress struct {
	Part    int
	Attempt string
	Total   int
	Rows    []int
	Matched []int
}

// tellEach is how often progress is told.
const tellEach = 200 * time.Millisecond

// progress adds up what the engine says of its partitions.
type progress struct {
	task           *task
	total, queries int

	mu      sync.Mutex
	parts   map[string]map[int]exec.Progress // by query and partition
	changed bool
}

func newProgress(t *task, rows, queries int) *progress {
	return &progress{task: t, total: rows, queries: queries, parts: make(map[string]map[int]exec.Progress, queries)}
}

// Start forgets what was said of other partitions.
func (p *progress) Start(query string, _ []int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.parts[query] = map[int]exec.Progress{}
}

// Load says nothing of rows.
func (p *progress) Load(string, exec.Loading) {}

// Progress notes how far a query is.
func (p *progress) Progress(query string, partition int, at exec.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if of := p.parts[query]; of != nil {
		of[partition] = at
		p.changed = true
	}
}

// tell tells now and then, until the function that it returns is called.
func (p *progress) tell() (stop func()) {
	if p.task.Tell == nil {
		return func() {}
	}
	p.task.Tell(p.now()) // that there is an attempt
	end, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		clock := time.NewTicker(tellEach)
		defer clock.Stop()
		for {
			select {
			case <-end:
				p.task.Tell(p.now())
				return
			case <-clock.C:
				if p.isNew() {
					p.task.Tell(p.now())
				}
			}
		}
	}()
	return func() { close(end); <-done }
}

// isNew says whether there is something that was not told.
func (p *progress) isNew() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.changed
}

// now adds up.
func (p *progress) now() Progress {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changed = false
	at := Progress{Part: p.task.split.Part, Attempt: attempt, Total: p.total, Rows: make([]int, p.queries), Matched: make([]int, p.queries)}
	for query, parts := range p.parts {
		i, err := strconv.Atoi(query)
		if err != nil {
			continue // it is none of ask
		}
		for _, one := range parts {
			at.Rows[i] += one.Rows
			at.Matched[i] += one.Matched
		}
	}
	return at
}
