package repl

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
)

// enter takes the choice of a popup that was entered, runs the input when it is
// complete, and starts a new line in it otherwise.
func (m *Model) enter() tea.Cmd {
	if m.assist.popup.entered {
		return m.take()
	}
	text := m.editor.Text()
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if !m.finished(text) {
		m.editor.Insert("\n")
		return nil
	}
	return m.run()
}

// finished says whether an input can be run as it stands.
func (m *Model) finished(text string) bool {
	if m.bare(text) != "" {
		return true
	}
	all := chunks(text)
	return len(all) == 0 || all[len(all)-1].command || lang.Complete(all[len(all)-1].text)
}

// run takes the input, leaves it in the scrollback and the history, and does
// what it says.
func (m *Model) run() tea.Cmd {
	text := strings.TrimRight(m.editor.Text(), " \t\n")
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if !m.keeps(text) {
		m.echo(text)
	}
	kept := m.record(text)
	m.editor.Reset("")
	m.restartVi()
	return tea.Batch(kept, m.execute(text))
}

// execute does what a complete input says, or keeps it until the data is there.
func (m *Model) execute(text string) tea.Cmd {
	if c := strings.ToLower(strings.TrimSpace(cmp.Or(m.bare(text), text))); c != ".quit" && c != ".exit" {
		m.asked = false
	}
	if m.keeps(text) {
		m.keep(text)
		return nil
	}
	return m.enqueue(entered{text: text})
}

// echo leaves the input in the scrollback as it was typed.
func (m *Model) echo(text string) {
	m.print(renderText(text, textView{palette: m.palette, width: m.width, cursor: -1, fields: m.known.fields})...)
}

// sessionHint returns a hint on an input in the words of a session: the name of a command
// lacks its dot, and fields have commands of their own.
func (m *canvas) sessionHint(hint, text string) string {
	words := strings.Fields(text)
	for _, c := range commandTable() {
		if len(words) <= 2 && "."+strings.ToLower(words[0]) == c.name {
			return "commands start with a dot: " + strings.Join(append([]string{c.name}, words[1:]...), " ")
		}
	}
	return m.inSession(hint)
}

// inSession says in the words of a session how to list the fields, how to give a value, and what to do with a flag.
func (m *canvas) inSession(hint string) string {
	if name, ok := strings.CutPrefix(hint, "give it with --param "); ok {
		return "give it one with .set @" + strings.Replace(name, "=", " = ", 1)
	}
	for _, flag := range []string{"--type ", "--id "} {
		switch {
		case !strings.Contains(hint, flag), strings.Contains(hint, ".open "+flag):
		case m.reads:
			hint = strings.ReplaceAll(hint, flag, ".open "+flag)
		default:
			hint += "; that is a flag of the worker: start it with that one, segq --serve"
		}
	}
	hint = strings.ReplaceAll(hint, "; --not-personal ", "; start segq with --not-personal ")
	if before, name, ok := strings.Cut(hint, ", or save "); ok { // members of another id
		name, field, _ := strings.Cut(name, " again with --members")
		hint = before + ", or .save " + name + " --members again" + field
	}
	return strings.ReplaceAll(hint, "segq schema", ".fields")
}

// expression returns the query of a statement, without its name and semicolon,
// and the offset at which its text starts.
func expression(text string, s ast.Statement) (Query, int) {
	start, end := s.At.Start, s.At.End
	if s.Name.Text != "" {
		start = s.Name.At.End
		start += strings.IndexByte(text[start:end], ':') + 1
	}
	body := text[start:end]
	start += len(body) - len(strings.TrimLeft(body, " \t\n"))
	return Query{Name: s.Name.Text, Text: strings.TrimRight(text[start:end], "; \t\n")}, start
}

// onOneLine writes a query of several lines, which may hold comments, in its
// canonical form, and leaves others as they were typed.
func onOneLine(text string) string {
	if !strings.Contains(text, "\n") {
		return text
	}
	x, found := lang.Query(text)
	if found.Failed() {
		return text
	}
	return ast.Format(x)
}

// submittedMsg is the queue's answer to a query; submissionsMsg to those of one
// input, in their order.
type (
	submittedMsg struct {
		number int
		query  Query
		id     string
		err    error
	}
	submissionsMsg []submittedMsg
)

// start returns queries their numbers and lines, and sends them one after the
// other.
func (m *Model) start(qs []Query) tea.Cmd {
	now := time.Now()
	first := m.numbers + 1
	for _, q := range qs {
		m.numbers++
		m.audiences.begin(m.numbers, audience{number: m.numbers, name: q.Name, text: q.Text, values: q.Gives})
		m.queries = append(m.queries, &query{
			number: m.numbers, name: q.Name, text: onOneLine(q.Text), source: q.Text, alone: len(qs) == 1,
			state: Queued, goal: m.goal, started: now, told: now,
		})
	}
	return m.send(first, qs)
}

// send sends queries, the first of which has this number.
func (m *Model) send(first int, qs []Query) tea.Cmd {
	numbers := make([]int, len(qs))
	for i := range numbers {
		numbers[i] = first + i
	}
	return m.sendAll(numbers, qs)
}

// sendAll sends queries that have these numbers. Where the queue cannot be reached, that holds for the rest.
func (m *Model) sendAll(numbers []int, qs []Query) tea.Cmd {
	m.sending.begin()
	return func() tea.Msg {
		defer m.sending.end()
		// A session that ends does not break this off: then nobody would know whether the query is in the queue.
		ctx := context.WithoutCancel(m.ctx)
		sent := make(submissionsMsg, len(qs))
		var away error
		for i, q := range qs {
			if m.sending.isLeaving() {
				return nil
			}
			id, err := q.ID, away
			if away == nil {
				id, err = m.backend.Submit(ctx, q)
			}
			if err == nil && m.sending.isLeaving() && (q.Asks == nil || q.Asks.Op != Export || !m.backend.ExportsStay()) {
				_ = m.backend.Cancel(ctx, id) // nobody is there any more to be told
			}
			if errors.Is(err, ErrAway) {
				away = err
			}
			sent[i] = submittedMsg{number: numbers[i], query: q, id: id, err: err}
		}
		return sent
	}
}

// askValues asks for the values of a query that was typed alone, after its count, where
// it is no condition and has any.
func (m *Model) askValues(q *query, j Job) tea.Cmd {
	a := j.Answer
	if j.State != Done || a == nil || a.Type == "" || a.Values != nil || a.Count == nil || *a.Count == 0 || !q.alone || q.values || q.asks != nil {
		return nil
	}
	now := time.Now()
	m.queries = append(m.queries, &query{
		number: q.number, name: q.name, text: q.text, source: q.source, values: true, state: Queued, goal: m.goal, started: now, told: now,
	})
	return m.send(q.number, []Query{{Name: q.name, Text: q.source, Values: true}})
}

// submitted begins to watch the queries that are in the queue, and reports those
// that could not be put there.
func (m *Model) submitted(sent submissionsMsg) tea.Cmd {
	var cmds []tea.Cmd
	for _, s := range sent {
		q := m.byNumber(s.number)
		if q == nil {
			continue
		}
		if m.keepUnsent(q, s) {
			continue
		}
		if s.err != nil {
			cmds = append(cmds, m.finish(q, Job{State: Failed, Error: notSubmitted(q, s.err)}))
			continue
		}
		q.id = s.id
		q.sent.query, q.sent.lost = s.query, time.Time{}
		q.sent.query.ID = s.id
		if q.cancelling {
			cmds = append(cmds, m.sendCancel(q))
		}
	}
	return tea.Batch(append(cmds, m.polls.soon())...)
}

// notSubmitted says why a query does not run. Of what writes, the reason is enough: it is about what is there.
func notSubmitted(q *query, err error) string {
	if q.asks != nil && q.asks.Op == Export {
		return err.Error()
	}
	return "not submitted: " + err.Error()
}

// byNumber returns the running query with number n, or nil.
func (m *Model) byNumber(n int) *query {
	for _, q := range m.queries {
		if q.number == n {
			return q
		}
	}
	return nil
}
