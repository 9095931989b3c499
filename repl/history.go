package repl

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/history"
	"github.com/segq/segq/repl/show"
)

// fresh is how long what other sessions have run counts as known.
const fresh = 500 * time.Millisecond

// historyMsg says that the history is as its file is now, or why not; list is what to print of it then, if
// that was asked for.
type historyMsg struct {
	err  error
	list *listing
}

// past is the history as a session has it.
type past struct {
	*history.Store
	// looked is when the file was last looked at, and told says that what is wrong with it was said.
	looked time.Time
	told   bool
	// cleared is the input that Ctrl-C took away last, until something is run.
	cleared string
}

// sync brings the history up to date with its file.
func (m *Model) sync(list *listing) tea.Cmd {
	store := m.past.Store
	return func() tea.Msg { return historyMsg{store.Sync(), list} }
}

// synced takes up what waited for the history.
func (m *Model) synced(msg historyMsg) tea.Cmd {
	m.past.looked = time.Now()
	if msg.err != nil && !m.past.told {
		m.past.told = true
		m.print(m.palette.paint(yellow, "note: ")+show.Clean(msg.err.Error()), "What is typed is remembered until the session ends.")
	}
	if msg.list != nil {
		m.printHistory(msg.list)
	}
	if m.search != nil {
		m.search.renew(m.past.Entries())
	}
	text := m.editor.Text()
	m.settleWalk()
	if m.editor.Text() != text {
		return m.changed()
	}
	return nil
}

// record keeps an input that is about to be executed, unless it begins with a space.
func (m *Model) record(text string) tea.Cmd {
	m.walk = walk{}
	m.past.cleared = ""
	if strings.HasPrefix(text, " ") {
		m.hint = "not kept in the history, since it begins with a space"
		return nil
	}
	info := m.backend.Describe()
	m.past.Add(history.Entry{Kind: inputKind(text), Text: text, Dataset: info.Dataset, Snapshot: info.Snapshot})
	return m.sync(nil)
}

// inputKind says of what kind an input is, or of what kind one will be that begins so.
func inputKind(text string) history.Kind {
	if text = strings.TrimSpace(text); text == "." || isCommand(text) {
		return history.Command
	}
	return history.Query
}

// refused notes that an input was wrong.
func (m *Model) refused(text string) tea.Cmd {
	kind := inputKind(text)
	return m.end(m.past.Find(kind, history.KeyOf(kind, text)), "", history.Outcome{State: history.Wrong})
}

// end notes what became of an input, if it is kept.
func (m *Model) end(id, snapshot string, o history.Outcome) tea.Cmd {
	if id == "" {
		return nil
	}
	m.past.End(id, snapshot, o)
	return m.sync(nil)
}

// recordEnd notes what became of a query that was typed alone.
func (m *Model) recordEnd(q *query, j Job) tea.Cmd {
	if !q.alone || q.values || q.asks != nil {
		return nil
	}
	o, snapshot := history.Outcome{State: history.Failed}, ""
	switch a := j.Answer; {
	case j.State == Done && a != nil && a.Count != nil && a.Total != nil:
		o = history.Outcome{
			State: history.Done, Count: int64(*a.Count), Total: int64(*a.Total), Exact: a.Exact,
			Elapsed: time.Duration(a.ElapsedMS * float64(time.Millisecond)),
		}
		snapshot = a.Snapshot
	case j.State == Cancelled:
		o.State = history.Cancelled
	}
	key := history.KeyOf(history.Query, q.source)
	if q.name != "" {
		key = q.name + ": " + key
	}
	return m.end(m.past.Find(history.Query, key), snapshot, o)
}
