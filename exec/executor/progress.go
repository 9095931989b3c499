package executor

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/segq/segq/exec"
)

// Progress is how far an attempt at a part is, in absolute numbers: of Total rows, each query has seen Rows and
// matched Matched. Loading is how far the columns are that are read before.
type Progress struct {
	Part    int
	Attempt string
	Total   int
	Loading exec.Loading
	Rows    []int
	Matched []int
}

const (
	// tellEach is how often progress is told, at least, and tellBytes how many bytes of it a second, about, where that
	// is less often: thousands of queries in hundreds of parts must not take up whoever hears it.
	tellEach  = 200 * time.Millisecond
	tellBytes = 50 << 10
)

// Name is that of the attempt: no two have the same.
func (p *Progress) Name() string { return strconv.Itoa(p.Part) + ":" + p.Attempt }

// String returns the form in which progress travels, beside its name: how many rows, bytes that are loaded, of how many, of
// how many columns, and for each query the rows that it has seen, left out where the one before has seen as many, and
// matched.
func (p *Progress) String() string {
	b := fmt.Appendf(nil, "%d %d %d %d", p.Total, p.Loading.Done, p.Loading.Total, p.Loading.Columns)
	for i, rows := range p.Rows {
		b = append(b, ' ')
		if i == 0 || rows != p.Rows[i-1] {
			b = strconv.AppendInt(b, int64(rows), 10)
		}
		b = append(b, ':')
		b = strconv.AppendInt(b, int64(p.Matched[i]), 10)
	}
	return string(b)
}

// ParseProgress reads the progress of a batch of so many queries, and its name.
func ParseProgress(name, text string, queries int) (*Progress, error) {
	part, attempt, ok := strings.Cut(name, ":")
	p := &Progress{Attempt: attempt, Rows: make([]int, queries), Matched: make([]int, queries)}
	var err error
	if p.Part, err = strconv.Atoi(part); err != nil || !ok {
		return nil, fmt.Errorf("%q is no part and attempt", name)
	}
	fields := strings.Fields(text)
	const before = 4
	if len(fields) != before+queries {
		return nil, fmt.Errorf("%d numbers are told of %d queries", len(fields), queries)
	}
	if _, err := fmt.Sscan(strings.Join(fields[:before], " "), &p.Total, &p.Loading.Done, &p.Loading.Total, &p.Loading.Columns); err != nil {
		return nil, err
	}
	for i, field := range fields[before:] {
		if err := p.read(i, field); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// read reads how far a query is.
func (p *Progress) read(i int, field string) (err error) {
	rows, matched, _ := strings.Cut(field, ":")
	if rows == "" && i > 0 {
		p.Rows[i] = p.Rows[i-1]
	} else if p.Rows[i], err = strconv.Atoi(rows); err != nil {
		return err
	}
	if p.Matched[i], err = strconv.Atoi(matched); err != nil {
		return err
	}
	if p.Matched[i] < 0 || p.Matched[i] > p.Rows[i] || p.Rows[i] > p.Total {
		return fmt.Errorf("%d of %d rows match, of %d", p.Matched[i], p.Rows[i], p.Total)
	}
	return nil
}

// Further says whether it is further than another attempt at the same part.
func (p *Progress) Further(other *Progress) bool {
	if a, b := sum(p.Rows), sum(other.Rows); a != b {
		return a > b
	}
	return p.Loading.Done > other.Loading.Done
}

func sum(all []int) (n int) {
	for _, one := range all {
		n += one
	}
	return n
}

// progress adds up what the engine says of its partitions.
type progress struct {
	task           *task
	total, queries int

	mu      sync.Mutex
	parts   map[string]map[int]exec.Progress // by query and partition
	loading exec.Loading
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

// Load notes how far the columns are, which are one for all queries.
func (p *progress) Load(_ string, l exec.Loading) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.loading, p.changed = l, true
}

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
		clock := time.NewTicker(p.each())
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

// each is how often it is told.
func (p *progress) each() time.Duration {
	const each = 16 // bytes of a query, about
	return max(tellEach, time.Duration(p.queries*each)*time.Second/tellBytes)
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
	at := Progress{Part: p.task.split.Part, Attempt: attempt, Total: p.total, Loading: p.loading, Rows: make([]int, p.queries), Matched: make([]int, p.queries)}
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
