package repl

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/show"
)

// farewell is how long a session that is left waits for the queue to take its
// cancellations.
const farewell = 2 * time.Second

// cancelledMsg says that a request to cancel was taken, or why not.
type cancelledMsg struct {
	number int
	err    error
}

// leaveMsg ends the session; unsaid are the queries of which the queue has not said that it has heard of their end, and why.
type leaveMsg struct {
	unsaid []*query
	why    []string
}

// late is how long a signal may be under way: it comes to a session by several goroutines. A user does not send one so
// soon after an editor, since Ctrl-C is a key by then.
const late = time.Second

// signalled does what Ctrl-C does, unless the signal was meant for the editor that had the terminal.
func (m *Model) signalled(msg interruptMsg) tea.Cmd {
	if m.away || msg.at.Before(m.returned.Add(late)) {
		return nil
	}
	return m.key(tea.KeyMsg{Type: tea.KeyCtrlC})
}

// interrupt clears the input; when that is empty it cancels the newest query
// that is not being cancelled yet. It never ends a session.
func (m *Model) interrupt() tea.Cmd {
	if n := m.out.drop(); n > 0 {
		m.print(m.palette.paint(faint, fmt.Sprintf("… %s not printed", show.Plural(n, "more line", "more lines"))))
		return nil
	}
	if !m.editor.Empty() {
		m.walk, m.past.cleared = walk{}, m.editor.Text() // Up brings it back
		m.editor.CutAll()                                // and so do Ctrl-Y and Ctrl-_
		m.restartVi()
		return nil
	}
	if m.takeBack() {
		return nil
	}
	if m.reopening != nil {
		m.reopening.stop()
		return nil
	}
	for _, q := range slices.Backward(m.queries) {
		if !q.cancelling {
			return m.cancel(q)
		}
	}
	if m.watching != nil && len(m.queries) == 0 {
		m.endWatch()
		return nil
	}
	if len(m.queries) > 0 {
		m.hint = "already cancelling; the queries end when the worker has stopped them"
	} else {
		m.hint = "Ctrl-D leaves"
	}
	return nil
}

// cancel asks for the end of q. Its line stays until the end is confirmed.
func (m *Model) cancel(q *query) tea.Cmd {
	q.cancelling = true
	if q.sent.kept {
		return m.finish(q, Job{State: Cancelled})
	}
	if q.id == "" {
		return nil // sent as soon as the queue has given it an id
	}
	return m.sendCancel(q)
}

func (m *Model) sendCancel(q *query) tea.Cmd {
	n, id := q.number, q.id
	q.sent.asked = time.Now()
	return func() tea.Msg { return cancelledMsg{n, m.backend.Cancel(m.ctx, id)} }
}

// cancelAnswered reports a cancellation that the queue would not take. One that
// it took is reported by the poll that finds the job ended.
func (m *Model) cancelAnswered(msg cancelledMsg) tea.Cmd {
	q := m.byNumber(msg.number)
	switch {
	case q == nil:
		return nil
	case m.ctx.Err() != nil: // and all are cancelled once more
		return nil
	case msg.err == nil: // it ends in a moment
		m.polls.hurry = time.Now().Add(hurried)
		return m.polls.soon()
	case m.uncancelled(q, msg.err):
		return nil
	}
	q.cancelling, q.satisfied = false, false
	m.print(fmt.Sprintf("%s%d  could not be cancelled, it goes on: %s", m.words.number, q.number, show.Clean(msg.err.Error())))
	return nil
}

// endOfInput leaves the session when the input is empty, and deletes the
// character under the cursor when it is not. With queries running it leaves
// only when asked twice.
func (m *Model) endOfInput() tea.Cmd {
	if !m.editor.Empty() {
		m.editor.DeleteRight()
		return nil
	}
	return m.leave()
}

func (m *Model) leave() tea.Cmd {
	going := m.going()
	n := len(m.queries) - len(going) + len(m.entered) + m.waiting()
	if n == 0 && m.watching != nil {
		m.print(going...)
		return m.cancelAll()
	}
	if n == 0 {
		m.print(going...)
		return func() tea.Msg { return leaveMsg{} }
	}
	if !m.confirm {
		m.confirm = true
		again := "press Ctrl-D again"
		if m.asked {
			again = "say .quit again, or press Ctrl-D,"
		}
		if m.accessible {
			again = "say .quit again"
		}
		m.hint = fmt.Sprintf("%s still running; %s to cancel and leave", show.Plural(n, "query is", "queries are"), again)
		if m.waiting() > 0 {
			m.hint = fmt.Sprintf("%s for the data; %s to leave", show.Plural(n, "query waits", "queries wait"), again)
		}
		return nil
	}
	m.print(going...)
	if n := len(m.queries) - len(going); n > 0 {
		m.print(fmt.Sprintf("leaving; asked to cancel %s", show.Plural(n, "query", "queries")))
	}
	return m.cancelAll()
}

// stay takes back the question whether to leave, when what it was asked for is no more.
func (m *Model) stay() {
	if m.confirm {
		m.hint = ""
	}
	m.confirm, m.asked = false, false
}

// hangUpMsg says that the session has to end: nobody is there any more, or the process is told to end.
type hangUpMsg struct{}

// cancelAll asks for the end of all queries, waits a bounded time for the queue
// to take that, and ends the session. The calls of a session that ends from outside have ended by then,
// this one has not.
func (m *Model) cancelAll() tea.Cmd {
	m.endWatch()
	var asked, sent []*query
	for _, q := range m.queries {
		switch {
		case m.stays(q), q.sent.kept:
		case q.id == "":
			sent = append(sent, q)
		default:
			asked = append(asked, q)
		}
	}
	ids := make([]string, len(asked))
	for i, q := range asked {
		ids[i] = q.id
	}
	return func() tea.Msg {
		ctx, stop := context.WithTimeout(context.WithoutCancel(m.ctx), farewell)
		defer stop()
		errs := make([]error, len(ids))
		var wg sync.WaitGroup
		for i, id := range ids {
			wg.Go(func() {
				defer ast.Guard(func(f *ast.Fault) { errs[i] = f })
				errs[i] = m.backend.Cancel(ctx, id)
			})
		}
		var msg leaveMsg
		if !m.sending.leave(ctx) {
			msg.unsaid = sent
		}
		wg.Wait()
		for i, err := range errs {
			if err == nil {
				continue
			}
			msg.unsaid = append(msg.unsaid, asked[i])
			if why := show.OneLine(err.Error()); !slices.Contains(msg.why, why) {
				msg.why = append(msg.why, why)
			}
		}
		return msg
	}
}

// left ends the session once all that waits has been printed. What was asked of a queue that does not answer may come to it all the
// same.
func (m *Model) left(msg leaveMsg) tea.Cmd {
	m.out.leaving = true
	var lines []string
	for _, q := range msg.unsaid {
		how := m.backend.Cancelling(q.id)
		if how == "" {
			continue // the queue ends as well
		}
		if q.id == "" {
			how = "segq jobs lists it if it has come there"
		} else {
			how += " ends it"
		}
		line := fmt.Sprintf("%s%s%d  %s  ", margin, m.words.number, q.number, show.OneLine(how))
		lines = append(lines, line+title(q, max(m.width-show.Cells(line), leastTitle), msg.unsaid))
	}
	if len(lines) > 0 {
		m.print("the queue has not said that these end:")
		m.print(lines...)
		for _, why := range msg.why {
			m.print(margin + why)
		}
	}
	return nil
}
