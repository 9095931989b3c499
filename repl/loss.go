package repl

import (
	"fmt"
	"slices"
	"time"

	"github.com/segq/segq/redisx/estimate"
	"github.com/segq/segq/repl/show"
)

// loss is what took a query from the worker that had it; the zero value is nothing.
type loss struct {
	how string // in words
	at  int    // how far that worker was, in percent
}

// How queries lose their workers.
const (
	workerLost  = "worker lost"
	workerLeft  = "worker left"
	interrupted = "interrupted" // the queue was away, and nobody could say who has what
)

// happened says whether it did.
func (l loss) happened() bool { return l.how != "" }

// String says how it came, and how far the query was by then.
func (l loss) String() string {
	if l.at <= 0 {
		return l.how
	}
	return fmt.Sprintf("%s at %d %%", l.how, l.at)
}

// then says how it came before what follows from it, and where it did not, what follows alone.
func (l loss) then(what string) string {
	if !l.happened() {
		return what
	}
	return l.String() + ", " + what
}

// short says that it came, and how far the query was, in few cells.
func (l loss) short() string {
	if l.at <= 0 {
		return "lost"
	}
	return fmt.Sprintf("lost at %d %%", l.at)
}

// outage is how long after the queue has been away what is lost may have been lost by that.
const outage = 30 * time.Second

// lose notes that the worker of a query is lost, or that it has given the query back, if a poll says so. away says that the
// queue was away lately.
func (q *query) lose(j Job, away bool) {
	had := q.state == Running && q.attempt > 0
	_, _, total := q.seen()
	l := loss{workerLost, show.Percent(q.pace.rows, max(total, 1))}
	switch {
	case j.State == Suspect && q.state != Suspect, had && j.State == Running && j.Attempt > q.attempt:
	case had && j.State == Queued:
		l.how = workerLeft
	default:
		return
	}
	if away { // by which it may have come
		l.how = interrupted
	}
	q.lost = l
}

// wasAway says whether the queue was away lately.
func (m *Model) wasAway(now time.Time) bool {
	return !m.crew.away.IsZero() || now.Sub(m.crew.back) < outage && !m.crew.back.IsZero()
}

// stands says that a query waits since there is no worker, also in fewer words.
func (q *query) stands() (text, short string) {
	rows, _, _ := q.seen()
	switch {
	case q.lost.happened():
		return q.lost.String() + ", no worker serves this data", q.lost.short() + ", no worker"
	case rows > 0:
		return fmt.Sprintf("at %d %%, no worker serves this data any more", q.percent()), fmt.Sprintf("at %d %%, no worker", q.percent())
	}
	return "waiting: no worker serves this data", "no worker serves this"
}

// waitsAlone says that a query waits until a worker has nothing beside it, since one was lost with it; also in fewer words.
func (q *query) waitsAlone() (text, short string) {
	lost := q.lost.String()
	if q.before == "" {
		return lost + ", waits to run alone", lost
	}
	return lost + ", waits to run alone, behind " + q.before, q.lost.short() + ", behind " + q.before
}

// behind says whether a worker counts again what one that was lost had counted.
func (q *query) behind() bool {
	rows, _, _ := q.seen()
	return q.state == Running && q.lost.happened() && q.pace.rows < rows
}

// again is how far that worker is, in percent.
func (q *query) again() int {
	_, _, total := q.seen()
	return show.Percent(q.pace.rows, max(total, 1))
}

// known is what is still known of the count of a query that lost its worker, "" for nothing.
func (q *query) known() string {
	if !q.lost.happened() || !q.counts() {
		return ""
	}
	e, ok := estimate.Project(q.parts)
	if !ok {
		return ""
	}
	return show.Estimated(e)
}

// numberOf returns what the query of a job is called in this session: #12, or another query.
func (m *Model) numberOf(id string) string {
	if id == "" {
		return ""
	}
	if i := slices.IndexFunc(m.queries, func(q *query) bool { return q.id == id }); i >= 0 {
		return fmt.Sprintf("%s%d", m.words.number, m.queries[i].number)
	}
	return "another query"
}
