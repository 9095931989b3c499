package repl

import (
	"errors"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/show"
)

// The times between two polls: the first after a submission comes early, since
// most answers do; the rest at ten a second; and fewer while the queue is out of
// reach.
const (
	firstPoll = 20 * time.Millisecond
	pollEvery = 100 * time.Millisecond
	// hurried is for how long polls follow each other soonPoll apart after a cancellation was taken.
	hurried  = time.Second
	soonPoll = 5 * time.Millisecond
	slowest  = 2 * time.Second
	// pollEach is how long there is for each query between two rounds about all.
	pollEach = 2 * time.Millisecond
)

// polls is the state of the one loop that asks about all running queries.
type polls struct {
	// round numbers the tick that is waited for; older ticks are void.
	round    int
	inFlight bool
	// hurry is until when polls follow each other early, and whole when the last one asked about all queries.
	hurry, whole time.Time
	// pause is the time until the next poll; trouble is why the last one failed.
	pause   time.Duration
	trouble string
}

// tickMsg says that it is time for a round of polling.
type tickMsg struct{ round int }

// polledMsg is what a poll found.
type polledMsg struct {
	jobs []Job
	err  error
}

// after waits for d and then starts a round, in place of one waited for.
func (p *polls) after(d time.Duration) tea.Cmd {
	p.round++
	round := p.round
	return tea.Tick(d, func(time.Time) tea.Msg { return tickMsg{round} })
}

// soon starts a round early, unless one is under way: the next follows it.
func (p *polls) soon() tea.Cmd {
	switch {
	case p.inFlight:
		return nil
	case time.Now().Before(p.hurry):
		return p.after(soonPoll)
	}
	return p.after(firstPoll)
}

// every is the time between two rounds.
func (p *polls) every(now time.Time) time.Duration {
	if now.Before(p.hurry) {
		return soonPoll
	}
	return pollEvery
}

// poll asks about all queries at once, or, between two such rounds, where there are many or it is in a hurry, about the newest and those
// that are cancelled.
func (m *Model) poll(msg tickMsg) tea.Cmd {
	if msg.round != m.polls.round || m.polls.inFlight {
		return nil
	}
	now := time.Now()
	some := now.Sub(m.polls.whole) < max(pollEvery, time.Duration(len(m.queries))*pollEach)
	var ids []string
	for i, q := range m.queries {
		if q.id != "" && (!some || q.cancelling || i >= len(m.queries)-mostBars) {
			ids = append(ids, q.id)
		}
	}
	if len(ids) == 0 && some {
		return m.polls.after(pollEvery)
	}
	if !some {
		m.polls.whole = now
	}
	if len(ids) == 0 {
		return nil
	}
	m.polls.inFlight = true
	return func() tea.Msg {
		jobs, err := m.backend.Poll(m.ctx, ids)
		return polledMsg{jobs, err}
	}
}

// polled shows what a poll found, and plans the next.
func (m *Model) polled(msg polledMsg) tea.Cmd {
	m.polls.inFlight = false
	if msg.err != nil {
		m.polls.trouble = show.Clean(msg.err.Error())
		if errors.Is(msg.err, ErrAway) {
			m.silence(msg.err)
		}
		m.polls.pause = min(max(2*m.polls.pause, pollEvery), slowest)
		return m.polls.after(m.polls.pause)
	}
	m.polls.trouble, m.polls.pause = "", pollEvery
	now := time.Now()
	m.tellApart(msg.jobs)
	cmds := []tea.Cmd{m.renewed(), m.answers()}
	for _, j := range msg.jobs {
		if m.regroups() {
			j.Unserved = ""
		}
		i := slices.IndexFunc(m.queries, func(q *query) bool { return q.id == j.ID })
		switch {
		case i < 0:
		case j.State == Lost && m.regain(m.queries[i], now):
		case j.State.Final():
			cmds = append(cmds, m.finish(m.queries[i], j))
		default:
			m.queries[i].sent.lost = time.Time{}
			cmds = append(cmds, m.goesOn(m.queries[i], j, now))
		}
	}
	if len(m.queries) == 0 {
		return tea.Batch(cmds...)
	}
	return tea.Batch(append(cmds, m.stopEnough(), m.polls.after(m.polls.every(now)))...)
}

// goesOn takes what a poll says of a query that goes on.
func (m *Model) goesOn(q *query, j Job, now time.Time) tea.Cmd {
	q.report(j, m.wasAway(now), now)
	q.before = m.numberOf(j.Before)
	q.takers, q.hangs = "", ""
	if q.unserved != "" {
		if q.takers = m.crew.now.takers(); q.takers != "" {
			q.unserved = ""
		}
	}
	var cmd tea.Cmd
	if q.cancelling {
		q.hangs = m.crew.now.hangs(q.worker)
		if q.unconfirmed(now) {
			cmd = m.sendCancel(q)
		}
	}
	m.tell(q, now)
	return cmd
}

// tell says in an accessible session, every half minute, how far q is.
func (m *Model) tell(q *query, now time.Time) {
	if m.accessible && now.Sub(q.told) >= heartbeat {
		q.told = now
		m.print("still running: " + m.spoken(q, now))
	}
}

// finish replaces the line of a query by its outcome in the scrollback, and asks for the
// values after a count.
func (m *Model) finish(q *query, j Job) tea.Cmd {
	q.keep(j)
	if !q.values {
		m.assist.instead = instead(j.Answer)
	}
	if j.Answer != nil {
		m.last = j.Answer
		if q.asks == nil {
			m.audiences.answered(q.number, j.Answer)
		}
	}
	m.queries = slices.DeleteFunc(m.queries, func(other *query) bool { return other == q })
	more := tea.Batch(m.show(q, j), m.askValues(q, j), m.recordEnd(q, j))
	switch {
	case q.then == nil:
	case j.State == Done && j.Answer != nil:
		more = tea.Batch(more, q.then(m, j.Answer))
	case q.undone != "":
		m.note(q.undone)
	}
	if q.saves != "" {
		more = tea.Batch(more, m.goOnSaved())
	}
	if len(m.queries) == 0 {
		m.bars = barColumns{}
		m.stay()
	}
	return more
}
