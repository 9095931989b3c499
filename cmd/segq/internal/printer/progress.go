package printer

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/redisx/estimate"
	"github.com/segq/segq/redisx/record"
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

	n int // queries
	// work says what is done other than queries, and how far it is; nil for queries.
	work func() (what string, done, all int64)

	mu      sync.RWMutex // guards the map, not the counters
	queries map[string][]counter
	began   time.Time    // when the first of them did
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

// StartProgress returns the progress bar of n queries that --progress asks for: auto, tty, err or off. It
// shows nothing where there is no place for it.
func StartProgress(mode string, n int, io console.Streams) *Progress {
	b := &Progress{n: n, queries: map[string][]counter{}}
	b.start(mode, io)
	return b
}

// StartWork returns the progress bar of something that is done other than queries: work says what that is at the moment,
// and how far it is.
func StartWork(mode string, io console.Streams, work func() (what string, done, all int64)) *Progress {
	b := &Progress{work: work, began: time.Now()}
	b.start(mode, io)
	return b
}

func (b *Progress) start(mode string, io console.Streams) {
	b.done = make(chan struct{})
	switch {
	case mode == "err":
		b.w = io.Err
	case mode == "tty", mode == "auto" && console.IsTerminal(io.Err):
		b.w = openTerminal()
	}
	if b.w != nil {
		b.wait.Go(b.paint)
	}
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
	if b.began.IsZero() {
		b.began = time.Now()
	}
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

func (b *Progress) paint() {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	started := time.Now()
	for {
		select {
		case <-b.done:
			return
		case now := <-tick.C:
			if line := b.line(now); line != "" && now.Sub(started) > progressDelay {
				fmt.Fprintf(b.w, "\r\x1b[K%s", console.SizeOf(b.w).Fit(line))
			}
		}
	}
}

// barCells is the length of the bar.
const barCells = 15

// line says how far the run is, "" where nothing is known yet.
func (b *Progress) line(now time.Time) string {
	if b.work != nil {
		what, done, all := b.work()
		return fmt.Sprintf("%s %3d %%  %s  %s", show.Bar(done, all, barCells), show.Percent(done, all), what, show.Took(now.Sub(b.began))+" elapsed")
	}
	total := b.total.Load()
	if l := b.loading.Load(); l != nil && l.Done < l.Total && total == 0 {
		return fmt.Sprintf("%s %3d %%  loading %s MB", show.Bar(l.Done, l.Total, barCells), show.Percent(l.Done, l.Total), show.Count(l.Total/1e6))
	}
	if total == 0 {
		return ""
	}
	b.mu.RLock()
	parts, began := []estimate.Partition(nil), b.began
	for query := range b.queries {
		parts = append(parts, b.partitions(query)...)
	}
	b.mu.RUnlock()
	seen := int64(0)
	for _, p := range parts {
		seen += p.Rows
	}
	said := show.Plural(b.n, "query", "queries")
	if b.n == 1 {
		said = matches(parts)
	}
	texts := []string{fmt.Sprintf("%s %3d %%", show.Bar(seen, total, barCells), show.Percent(seen, total))}
	if said != "" {
		texts = append(texts, said)
	}
	return strings.Join(append(texts, remaining(now.Sub(began), seen, total)), "  ")
}

// partitions returns the counters of a query. The map is locked.
func (b *Progress) partitions(query string) []estimate.Partition {
	counters := b.queries[query]
	parts := make([]estimate.Partition, len(counters))
	for i := range counters {
		c := &counters[i]
		parts[i] = estimate.Partition{Total: int64(c.total), Rows: c.rows.Load(), Matched: c.matched.Load()}
	}
	return parts
}

// matches says how many profiles will match, as far as that can be told, or do so far; nothing before the
// first.
func matches(parts []estimate.Partition) string {
	matched := int64(0)
	for _, p := range parts {
		matched += p.Matched
	}
	if matched == 0 { // or nobody counts them
		return ""
	}
	if p, ok := estimate.Project(parts); ok {
		return show.Estimated(p)
	}
	return show.Count(matched) + " so far"
}

// remaining says how long a run still takes, once it has gone for long enough to tell; before, how long it
// has.
func remaining(elapsed time.Duration, seen, total int64) string {
	if elapsed < time.Second || seen*50 < total {
		return show.Took(elapsed) + " elapsed"
	}
	return show.Left(time.Duration(float64(elapsed) * float64(total-seen) / float64(seen)))
}

// NoteStop adds to a record that was given up or cancelled how far its query had come, and what is
// known of the count then.
func (b *Progress) NoteStop(r *record.Record, query string) {
	if b == nil || r.Status != record.Timeout && r.Status != record.Cancelled {
		return
	}
	b.mu.RLock()
	parts := b.partitions(query)
	b.mu.RUnlock()
	seen, total := int64(0), int64(0)
	for _, p := range parts {
		seen, total = seen+p.Rows, total+p.Total
	}
	if seen == 0 {
		return
	}
	text := show.StoppedAt(seen, total)
	if said := matches(parts); said != "" {
		text += ": " + said
	}
	r.Notes = append(r.Notes, record.Note{Text: text})
}

// Stop wipes the line.
func (b *Progress) Stop() {
	close(b.done)
	b.wait.Wait()
	if b.w != nil {
		fmt.Fprint(b.w, "\r\x1b[K")
	}
}
