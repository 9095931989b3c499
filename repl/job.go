package repl

import (
	"cmp"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/redisx/estimate"
	"github.com/segq/segq/redisx/record"
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
	asks *asking
	// then goes on with the answer, nil for nothing; undone says what does not come about without one.
	then   func(*Model, *record.Record) tea.Cmd
	undone string
	// saves is the name of the segment that its answer is kept as, "" for none.
	saves string
	state State
	// place is that in the queue, from 1, and 0 where that is not known; unserved how to start a worker, where there is
	// none; and trouble why it waits to be tried again.
	place             int
	unserved, trouble string
	// attempt and snapshot are those of the worker that has it, or had it last; lost is how it lost the one before, and
	// before what the query is called that it waits for, to run alone.
	attempt  int
	snapshot string
	lost     loss
	before   string
	// worker is who has it, and takers who takes over soon where no worker has its data, in words; "" for nobody.
	worker, takers string
	// cancelling says that its end was asked for and not yet confirmed; hangs is what holds that up, in words, "" for nothing.
	cancelling bool
	hangs      string
	started    time.Time
	parts      []Partition
	// loading is how far the columns are that it waits for; zero when it waits for none.
	loading Loading
	pace    pace
	// goal is when its estimate is good enough, trail how it came to that, and satisfied says that it was.
	goal      goal
	trail     estimate.Trail
	satisfied bool
	sent      sent
	// told is when its progress was last told in words (accessible sessions).
	told time.Time
	// apart are the words by which it was told from its neighbours when it ended, from and to; none where both are 0.
	apart [2]int
	// lexed are the words of its text, once they are wanted.
	lexed []lexeme
}

// seen returns the sums over partitions. total is 0 when it is not known.
func (q *query) seen() (rows, matched, total int64) {
	return estimate.Sum(q.parts)
}

// report takes what a poll found. A worker that starts over counts from zero
// again; what is shown then stays until the new count has caught up, so that no
// bar ever goes backwards. What was counted over other data counts no more.
// away says that the queue was away lately.
func (q *query) report(j Job, away bool, now time.Time) {
	q.lose(j, away)
	if j.Snapshot != "" && q.snapshot != "" && j.Snapshot != q.snapshot {
		q.parts = nil
	}
	q.state, q.place, q.loading = j.State, j.Place, j.Loading
	q.unserved, q.trouble, q.worker = show.Clean(j.Unserved), show.OneLine(j.Error), j.Worker
	q.attempt, q.snapshot = max(q.attempt, j.Attempt), cmp.Or(j.Snapshot, q.snapshot)
	rows, _, _ := estimate.Sum(j.Partitions)
	q.keep(j)
	q.trail.Add(j.Partitions)
	q.pace.add(rows, j.Loading.Done, now)
}

// keep takes the counters of a job, unless there are better ones.
func (q *query) keep(j Job) {
	rows, _, total := estimate.Sum(j.Partitions)
	if had, _, hadTotal := q.seen(); rows >= had && (hadTotal == 0 || total > 0) {
		q.parts = j.Partitions
	}
}

// counts says whether what is asked is how many profiles match, which can be estimated while it is counted.
func (q *query) counts() bool { return q.asks == nil && !q.values }

// percent is how far the counting is.
func (q *query) percent() int {
	rows, _, total := q.seen()
	return show.Percent(rows, max(total, 1))
}
