package repl

import (
	"errors"
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/show"
)

// adopted is how long a query that the queue has lost is waited for: the worker that has it puts it back with its next
// sign of life.
const adopted = 5 * time.Second

// sent is how a query was put in the queue, so that it can be put there once more: the queue takes the same id for the same
// query.
type sent struct {
	query Query
	// kept says that the queue could not be reached, and lost since when it does not know the query any more.
	kept bool
	lost time.Time
	// asked is when its end was last asked for.
	asked time.Time
	// again says that it was put in the queue once more, and unheard that its cancellation could not be said.
	again, unheard bool
}

// keepUnsent keeps a query that could not be put in the queue, if that is because the queue cannot be reached.
func (m *Model) keepUnsent(q *query, s submittedMsg) bool {
	if !errors.Is(s.err, ErrAway) || q.cancelling {
		return false
	}
	q.sent.query, q.sent.kept = s.query, true
	q.sent.query.ID = s.id
	m.silence(s.err)
	if m.accessible {
		m.print(fmt.Sprintf("%s%d is kept until the queue answers", m.words.number, q.number))
	}
	return true
}

// regain waits for a query that the queue does not know any more, and after a while puts it there again; once, and no export: that
// may have been written.
func (m *Model) regain(q *query, now time.Time) bool {
	s := &q.sent
	switch {
	case s.again && !s.lost.IsZero():
		return true // it is on its way
	case s.query.ID == "" || s.again || s.query.writes() || q.cancelling:
		return false
	case s.lost.IsZero():
		s.lost = now
	}
	if now.Sub(s.lost) < adopted {
		return true
	}
	s.again, s.kept = true, true
	return true
}

// again puts those queries in the queue that it does not have, and asks once more for what could not be asked.
func (m *Model) again() tea.Cmd {
	var cmds []tea.Cmd
	var qs []Query
	var numbers []int
	lost := 0
	for _, q := range m.queries {
		if q.sent.unheard {
			q.sent.unheard = false
			cmds = append(cmds, m.sendCancel(q))
		}
		if q.sent.kept {
			q.sent.kept = false
			if q.sent.again {
				lost++
			}
			qs, numbers = append(qs, q.sent.query), append(numbers, q.number)
		}
	}
	if lost > 0 {
		m.note(fmt.Sprintf("Redis came back without its data: %s in the queue again", isPut(lost)))
	}
	if len(qs) > 0 {
		cmds = append(cmds, m.sendAll(numbers, qs))
	}
	return tea.Batch(cmds...)
}

func isPut(n int) string {
	return show.Plural(n, "query is", "queries are")
}

// uncancelled says whether a cancellation is to be said again as soon as the queue can be reached.
func (m *Model) uncancelled(q *query, err error) bool {
	if !errors.Is(err, ErrAway) {
		return false
	}
	q.sent.unheard = true
	return true
}

// askedAgain is after what time the end of a query is asked for once more, which the queue has not confirmed: a worker that hangs never
// does, and where no other is there, the queue ends the query only when it is asked after that worker's time.
const askedAgain = 3 * time.Second

// unconfirmed says whether the end of a query is to be asked for once more.
func (q *query) unconfirmed(now time.Time) bool {
	return q.cancelling && q.id != "" && !q.sent.unheard && !q.sent.asked.IsZero() && now.Sub(q.sent.asked) >= askedAgain
}
