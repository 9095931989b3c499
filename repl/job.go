package repl

import (
	"time"

	"github.com/segq/segq/redisx/estimate"
	"github.com/segq/segq/repl/show"
)

// query is one query of the session, from Enter to its answer.
type query struct {
	number int
	id     string // of its job; "" until it is in the queue
	name   string
	text   string // on one line
	source string // as it was typed
	// alone says that it was the only one of its input, and values that its count was
	// told and its values are asked for.
	alone, values bool
	// asks is what is asked about an audience, which text says in words; nil for the size of the query.
	asks  *asking
	state State
	// unserved is how to start a worker, where there is none.
	unserved string
	// cancelling says that its end was asked for and not yet confirmed.
	cancelling bool
	started    time.Time
	parts      []Partition
	// loaded is how many bytes of the columns that it waits for were read, of toLoad: 0 when
	// it waits for none.
	loaded, toLoad int64
	pace           pace
	// told is when its progress was last told in words (accessible sessions).
	told time.Time
}

// seen returns the sums over partitions. total is 0 when it is not known.
func (q *query) seen() (rows, matched, total int64) {
	return estimate.Sum(q.parts)
}

// report takes what a poll found. A worker that starts over counts from zero
// again; what is shown then stays until the new count has caught up, so that no
// bar ever goes backwards.
func (q *query) report(j Job, now time.Time) {
	q.state, q.loaded, q.toLoad, q.unserved = j.State, j.Loaded, j.ToLoad, show.Clean(j.Unserved)
	if q.keep(j) {
		rows, _, _ := q.seen()
		q.pace.add(rows, now)
	}
}

// keep takes the counters of a job, unless there are better ones, and says whether it did.
func (q *query) keep(j Job) bool {
	rows, _, total := estimate.Sum(j.Partitions)
	had, _, hadTotal := q.seen()
	if rows < had || hadTotal > 0 && total == 0 {
		return false
	}
	q.parts = j.Partitions
	return true
}

// remaining estimates the time to the end, if that can be done.
func (q *query) remaining() (time.Duration, bool) {
	rows, _, total := q.seen()
	if total == 0 || q.pace.rate <= 0 || rows >= total {
		return 0, false
	}
	return time.Duration(float64(total-rows) / q.pace.rate * float64(time.Second)), true
}

// pace is a smoothed rate of rows in a second.
type pace struct {
	rate float64
	rows int64
	at   time.Time
}

// smoothing is the weight of the newest interval.
const smoothing = 0.3

// add takes the rows seen until now. The first call only sets the mark.
func (p *pace) add(rows int64, now time.Time) {
	if p.at.IsZero() {
		p.rows, p.at = rows, now
		return
	}
	dt := now.Sub(p.at).Seconds()
	if dt <= 0 {
		return
	}
	r := float64(rows-p.rows) / dt
	if p.rate == 0 {
		p.rate = r
	} else {
		p.rate += smoothing * (r - p.rate)
	}
	p.rows, p.at = rows, now
}
