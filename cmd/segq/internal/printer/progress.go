package printer

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/repl/show"
)

// Progress shows how far a headless run is, in one line that it repaints at
// most ten times a second and wipes at the end. It goes to the terminal itself,
// or with --progress err to standard error, and never into a file or a pipe
// unasked. It is the run's [exec.Sink].
type Progress struct {
	w    *os.File
	done chan struct{}
	wait sync.WaitGroup

	mu      sync.RWMutex // guards the map, not the counters
	queries map[string][]counter
	total   atomic.Int64 // rows to see, over all queries
	loading atomic.Pointer[exec.Loading]
}

// counter is what is known of one partition of one query.
type counter struct {
	total         int
	rows, matched atomic.Int64
}

// progressDelay is how long a run stays silent: most are over before it.
const progressDelay = 300 * time.Millisecond

// StartProgress returns the progress bar that --progress asks for: auto, tty, err or off. It
// shows nothing where there is no place for it.
func StartProgress(mode string, io console.Streams) *Progress {
	b := &Progress{queries: map[string][]counter{}, done: make(chan struct{})}
	switch {
	case mode == "err":
		b.w = io.Err
	case mode == "tty", mode == "auto" && console.IsTerminal(io.Err):
		b.w = openTerminal()
	}
	if b.w != nil {
		b.wait.Go(b.paint)
	}
	return b
}

// openTerminal opens the terminal of this process, nil when it has none.
func openTerminal() *os.File {
	name := "/dev/tty"
	if runtime.GOOS == "windows" {
		name = "CONOUT$"
	}
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return nil
	}
	return f
}

// Start makes room for the counters of a query, those of before, if any, being forgotten.
func (b *Progress) Start(query string, partitions []int) {
	counters := make([]counter, len(partitions))
	added := int64(0)
	for i, n := range partitions {
		counters[i].total = n
		added += int64(n)
	}
	b.mu.Lock()
	for i := range b.queries[query] {
		added -= int64(b.queries[query][i].total)
	}
	b.queries[query] = counters
	b.mu.Unlock()
	b.total.Add(added)
}

// Load takes the latest figure of what is loaded, which is one for all queries.
func (b *Progress) Load(_ string, l exec.Loading) { b.loading.Store(&l) }

// Progress takes the latest figures of one partition.
func (b *Progress) Progress(query string, partition int, p exec.Progress) {
	b.mu.RLock()
	c := &b.queries[query][partition]
	b.mu.RUnlock()
	c.rows.Store(int64(p.Rows))
	c.matched.Store(int64(p.Matched))
}

// seen is the number of rows seen, over all queries.
func (b *Progress) seen() int64 {
	b.mu.RLock()
	defer b.mu.RUnlock()
	n := int64(0)
	for _, counters := range b.queries {
		for i := range counters {
			n += counters[i].rows.Load()
		}
	}
	return n
}

func (b *Progress) paint() {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	started := time.Now()
	for {
		select {
		case <-b.done:
			return
		case now := <-tick.C:
			if line := b.line(); line != "" && now.Sub(started) > progressDelay {
				fmt.Fprintf(b.w, "\r\x1b[K%s  %s", line, now.Sub(started).Round(100*time.Millisecond))
			}
		}
	}
}

// line says how far the run is, "" where nothing is known yet.
func (b *Progress) line() string {
	total := b.total.Load()
	if l := b.loading.Load(); l != nil && l.Done < l.Total && total == 0 {
		return fmt.Sprintf("loading  %3d %%  of %s MB", 100*l.Done/l.Total, show.Count(int(l.Total/1e6)))
	}
	if total == 0 {
		return ""
	}
	b.mu.RLock()
	n := len(b.queries)
	b.mu.RUnlock()
	return fmt.Sprintf("%d queries  %3d %%", n, 100*b.seen()/total)
}

// Stop wipes the line.
func (b *Progress) Stop() {
	close(b.done)
	b.wait.Wait()
	if b.w != nil {
		fmt.Fprint(b.w, "\r\x1b[K")
	}
}
