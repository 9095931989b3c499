package repl

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/redisx/estimate"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// watching is a query that is asked again and again. It is none of the running queries: it has no number, and what it finds
// is a line where it is another count than before.
type watching struct {
	about audience
	every time.Duration
	ctx   context.Context // ends with the watching
	stop  context.CancelFunc
	// counted is the last answer, nil before the first, and at is when that was counted; trouble is why the last round has no
	// count of what there is now. Files that are being written are no trouble: they are waited for.
	counted *record.Record
	at      time.Time
	trouble string
	writing bool
	// asking is when the round began that is under way, zero where none is, and done of total how far it is.
	asking      time.Time
	done, total atomic.Int64
}

func newWatching(ctx context.Context, a audience, every time.Duration) *watching {
	w := &watching{about: a, every: every}
	w.ctx, w.stop = context.WithCancel(ctx)
	return w
}

// watchedMsg is what a round has found; changed says that the data is another since, same that its files are known to be what
// was read, and unread why they could not be read again: then nothing was counted.
type watchedMsg struct {
	of            *watching
	job           Job
	err           error
	changed, same bool
	unread        error
}

// watchDueMsg says that it is time for a round, or to look how far one is.
type watchDueMsg struct {
	of   *watching
	look bool
}

// due waits for the next round, and look until it is worth drawing how far one is.
func (w *watching) due() tea.Cmd {
	every := w.every
	if w.writing {
		every = min(every, usualWatch) // until nobody has written for a while
	}
	return tea.Tick(every, func(time.Time) tea.Msg { return watchDueMsg{of: w} })
}

func (w *watching) look() tea.Cmd {
	return tea.Tick(patient, func(time.Time) tea.Msg { return watchDueMsg{w, true} })
}

// askWatched begins a round: data of this session that has changed is read again before.
func (m *Model) askWatched(w *watching) tea.Cmd {
	b, here := m.backend, !m.backend.ExportsStay()
	w.asking = time.Now()
	w.done.Store(0)
	w.total.Store(0)
	m.sending.begin()
	return tea.Batch(w.look(), func() tea.Msg {
		defer m.sending.end()
		msg := watchedMsg{of: w}
		if here {
			msg.changed, msg.unread = b.Refresh(w.ctx)
			msg.same = msg.unread == nil
		}
		if msg.unread != nil {
			return msg // what was read before is not what there is
		}
		msg.job, msg.err = w.ask(b)
		return msg
	})
}

// ask asks the query once, and waits for its end.
func (w *watching) ask(b Backend) (Job, error) {
	id, err := b.Submit(w.ctx, Query{Name: w.about.name, Text: w.about.text})
	for err == nil {
		var jobs []Job
		if jobs, err = b.Poll(w.ctx, []string{id}); err != nil {
			break
		}
		if len(jobs) == 1 && jobs[0].State.Final() {
			return jobs[0], nil
		}
		if len(jobs) == 1 {
			rows, _, total := estimate.Sum(jobs[0].Partitions)
			w.done.Store(rows)
			w.total.Store(total)
		}
		wait := time.NewTimer(pollEvery)
		select {
		case <-w.ctx.Done():
			err = w.ctx.Err()
		case <-wait.C:
		}
		wait.Stop()
	}
	if w.ctx.Err() != nil && id != "" {
		ctx, stop := context.WithTimeout(context.WithoutCancel(w.ctx), farewell)
		defer stop()
		return Job{}, errors.Join(w.ctx.Err(), b.Cancel(ctx, id))
	}
	return Job{}, err
}

// watchDue begins the next round, or looks again as long as one is under way.
func (m *Model) watchDue(msg watchDueMsg) tea.Cmd {
	w := msg.of
	switch {
	case m.watching != w || m.out.leaving:
		return nil
	case msg.look && w.asking.IsZero():
		return nil
	case msg.look:
		return w.look()
	case m.opening != nil || m.reopening != nil:
		return w.due()
	}
	return m.askWatched(w)
}

// watchTold tells what a round has found, where it is another count than the one before.
func (m *Model) watchTold(msg watchedMsg) tea.Cmd {
	w := msg.of
	var learn tea.Cmd
	if msg.changed && !m.out.leaving {
		learn = m.tookOver() // of which the count says how many there are
	}
	if m.watching != w || m.out.leaving {
		return learn
	}
	was := w.trouble
	w.asking, w.trouble, w.writing = time.Time{}, "", errors.Is(msg.unread, ErrWriting)
	switch r := msg.job.Answer; {
	case w.writing:
		w.trouble = was // of which it is not known whether it goes on
	case msg.unread != nil:
		w.trouble = "the data cannot be read again: " + show.OneLine(msg.unread.Error())
	case msg.err != nil:
		w.trouble = show.OneLine(msg.err.Error())
	case msg.job.State == Lost:
		w.trouble = reasons[Lost]
	case msg.job.State == Failed: // the file may be written just now
		w.trouble = show.OneLine(show.CleanLines(msg.job.Error)[0])
	case msg.job.State != Done || r == nil || r.Count == nil || r.Total == nil:
		m.print(m.palette.paint(boldRed, "error: ") + "the watch of " + show.OneLine(w.about.called(m.words)) + " has ended: " + show.OneLine(msg.job.Error))
		m.endWatch()
		return learn
	default:
		if len(r.Warnings) > 0 {
			w.trouble = show.OneLine(r.Warnings[0])
		}
		c := w.counted
		differs := c == nil || *c.Count != *r.Count || *c.Total != *r.Total || skipped(c) != skipped(r)
		if differs || !r.Cached || msg.same { // an answer that was kept says nothing of now
			w.at = time.Now()
		}
		if w.counted = r; differs {
			m.print(margin + m.watchedLine(c, r, w.at))
		}
	}
	m.watchTrouble(was)
	return tea.Batch(learn, w.due())
}

// watchTrouble notes above the prompt where a trouble begins and where it ends; an accessible session, where nothing is drawn, is told
// of each.
func (m *Model) watchTrouble(was string) {
	w := m.watching
	at := margin + time.Now().Format(time.TimeOnly) + "  "
	switch {
	case w.trouble != "" && (was == "" || m.accessible && w.trouble != was):
		for i, line := range show.Wrap(w.trouble, max(m.width-len(at), 20)) {
			if i > 0 {
				at = strings.Repeat(" ", len(at))
			}
			m.print(at + m.palette.paint(yellow, line))
		}
	case w.trouble == "" && was != "":
		m.print(at + "that is over: it is counted again")
	}
}

// skipped is how many rows could not be read, which no count has.
func skipped(r *record.Record) int {
	if r.RowsSkipped == nil {
		return 0
	}
	return *r.RowsSkipped
}

// watchedLine is a count that was found at a time, and by how much it is another than the one before.
func (m *canvas) watchedLine(was, r *record.Record, at time.Time) string {
	l := m.look()
	line := at.Format(time.TimeOnly) + "  " + l.As(show.Loud, show.Count(*r.Count)) + fmt.Sprintf(" of %s (%s)", show.Count(*r.Total), show.Share(*r.Count, *r.Total))
	if !r.Exact {
		line += m.words.dash + l.As(show.Doubtful, "estimate")
	}
	if n := skipped(r); n > 0 {
		line += m.words.dash + l.As(show.Doubtful, show.Plural(n, "row", "rows")+" could not be read")
	}
	if was == nil {
		return line
	}
	switch more := *r.Count - *was.Count; {
	case more > 0:
		line += m.words.dash + "+" + show.Count(more)
	case more < 0:
		line += m.words.dash + "-" + show.Count(-more)
	}
	return line
}

// mostTrouble is over how many lines a trouble may go where it stays.
const mostTrouble = 4

// watchLines are the line of what is watched, and why there is no count of now.
func (m *Model) watchLines() []string {
	w := m.watching
	if w == nil {
		return nil
	}
	said := []string{"watch of " + show.Fit(w.about.called(m.words), max(m.width/3, 12))}
	if w.counted != nil {
		said = append(said, show.Count(*w.counted.Count)+" at "+w.at.Format(time.TimeOnly))
	}
	if done, total := w.done.Load(), w.total.Load(); !w.asking.IsZero() && total > 0 && time.Since(w.asking) > patient {
		said = append(said, fmt.Sprintf("counting %d %%", show.Percent(done, total)))
	}
	said = append(said, "every "+seconds(w.every), "Ctrl-C ends it")
	for len(said) > 1 && show.Cells(strings.Join(said, between)) > m.width {
		said = said[:len(said)-1]
	}
	lines := []string{strings.Join(said, between)}
	if w.writing {
		lines = append(lines, margin+m.palette.paint(yellow, "the files are being written"))
	}
	if w.trouble != "" {
		for _, line := range show.Wrap(w.trouble, max(m.width-len(margin), 20)) {
			lines = append(lines, margin+m.palette.paint(yellow, line))
		}
	}
	return lines[:min(len(lines), 1+mostTrouble)]
}

// seconds writes how often.
func seconds(every time.Duration) string {
	return strconv.FormatFloat(every.Seconds(), 'f', -1, 64) + " s"
}

// endWatch ends what is watched, if anything is.
func (m *Model) endWatch() {
	w := m.watching
	if w == nil {
		return
	}
	w.stop()
	m.watching = nil
	line := "the watch has ended"
	if w.counted != nil {
		line += ": " + show.Count(*w.counted.Count) + " at " + w.at.Format(time.TimeOnly)
	}
	m.print(m.palette.paint(faint, margin+line))
}
