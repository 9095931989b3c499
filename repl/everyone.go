package repl

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/redisx/estimate"
	"github.com/segq/segq/repl/show"
)

const (
	// mostShared is how many jobs of everyone are listed, and mostSought among how many one is looked for by its id.
	mostShared = 100
	mostSought = 1000
	// wide is the width of a screen on which it is listed who runs them.
	wide = 140
	// idCells is how much of an id is shown, where that is enough to tell it apart.
	idCells = 8
)

// everyoneMsg is what everyone runs, and what is to be done with it.
type everyoneMsg struct {
	everyone Everyone
	err      error
	then     func(Everyone) tea.Cmd
}

// everyone asks what everyone in the tenant runs.
func (m *Model) everyone(then func(Everyone) tea.Cmd) tea.Cmd {
	b, ctx := m.backend, m.ctx
	return func() tea.Msg {
		limited, stop := context.WithTimeout(ctx, pulseFor)
		defer stop()
		e, err := b.Everyone(limited, mostSought)
		return everyoneMsg{e, err, then}
	}
}

// everyoneTold does what is to be done with it.
func (m *Model) everyoneTold(msg everyoneMsg) tea.Cmd {
	if msg.err != nil {
		m.print(m.palette.paint(boldRed, "error: ") + show.OneLine(msg.err.Error()))
		return nil
	}
	printed := len(m.out.waiting)
	cmd := msg.then(msg.everyone)
	m.listed(m.out.waiting[printed:])
	return cmd
}

// everyonesJobs prints them.
func (m *Model) everyonesJobs(e Everyone) tea.Cmd {
	m.shared = e.Jobs
	if len(e.Jobs) == 0 {
		m.print("nothing runs and nothing waits in tenant " + show.OneLine(e.Tenant))
		return nil
	}
	m.print(fmt.Sprintf("%s running, %s waiting in tenant %s", show.Count(e.Running), show.Count(e.Waiting), show.OneLine(e.Tenant)))
	shown := e.Jobs[:min(len(e.Jobs), mostShared)]
	names := m.namesOf(e.Jobs)
	if m.accessible {
		for i, j := range shown {
			m.print(fmt.Sprintf("%s: %s, %s, for %s: %s", names[i], j.Class, j.progressInWords(), show.Seconds(j.For), j.title()))
		}
	} else {
		m.print(m.jobLines(shown, names)...)
	}
	if alone := e.heldBy(); alone >= 0 {
		name := "a job of another tenant"
		if alone < len(names) {
			name = names[alone]
		}
		m.print(m.palette.paint(faint, "what waits starts when "+name+" has ended, or on another worker: it runs alone, since a worker was lost with it"))
	}
	if more := e.Running + e.Waiting - int64(len(shown)); more > 0 {
		m.print(fmt.Sprintf("and %s more", show.Count(more)))
	}
	return nil
}

// heldBy is which of the jobs runs alone, so that those that wait wait for it: as many as there are for one that is not among them, and below
// 0 for none.
func (e *Everyone) heldBy() int {
	i := slices.IndexFunc(e.Jobs, func(j SharedJob) bool { return j.State == Queued && j.Before != "" })
	if i < 0 {
		return -1
	}
	at := slices.IndexFunc(e.Jobs, func(j SharedJob) bool { return j.ID == e.Jobs[i].Before })
	if at < 0 {
		return len(e.Jobs)
	}
	return at
}

// jobLines is the table of jobs.
func (m *Model) jobLines(jobs []SharedJob, names []string) []string {
	rows := make([][]string, len(jobs))
	for i, j := range jobs {
		rows[i] = []string{names[i], j.Class, show.Seconds(j.For), j.progress(), j.title(), show.OneLine(j.Worker)}
	}
	look := m.look()
	look.Width = m.width
	columns := []show.Column{{Head: "job"}, {Head: "class", Spare: 1}, {Head: "for", Right: true}, {Head: "state"}, {Head: "asks", Fold: true}, {Head: "worker"}}
	if m.width < wide { // what is asked says more
		columns = columns[:5]
		for i := range rows {
			rows[i] = rows[i][:5]
		}
	}
	t := show.NewTable(columns, look, rows)
	lines := []string{t.Head()}
	for _, row := range rows {
		lines = append(lines, t.Line(row))
	}
	return lines
}

// namesOf returns what jobs are called: those of this session by their numbers, others by as much of their ids as tells them
// apart.
func (m *Model) namesOf(jobs []SharedJob) []string {
	names := make([]string, len(jobs))
	cells := idCells
	for ; cells < 64; cells++ {
		if !alike(jobs, cells) {
			break
		}
	}
	for i, j := range jobs {
		if at := slices.IndexFunc(m.queries, func(q *query) bool { return q.id == j.ID }); at >= 0 {
			names[i] = fmt.Sprintf("%s%d", m.words.number, m.queries[at].number)
			continue
		}
		names[i] = show.OneLine(j.ID[:min(cells, len(j.ID))])
	}
	return names
}

// alike says whether two jobs have ids with the same beginning.
func alike(jobs []SharedJob, cells int) bool {
	seen := map[string]bool{}
	for _, j := range jobs {
		begin := j.ID[:min(cells, len(j.ID))]
		if seen[begin] {
			return true
		}
		seen[begin] = true
	}
	return false
}

// progress is how far a job is: a bar, its place, or its state.
func (j *SharedJob) progress() string {
	rows, matched, total := estimate.Sum(j.Partitions)
	switch {
	case rows == 0 && j.Loading.Total > 0:
		return fmt.Sprintf("%s %3d %%  loading", show.Bar(j.Loading.Done, j.Loading.Total, 10), show.Percent(j.Loading.Done, j.Loading.Total))
	case total > 0 && j.State == Running:
		return fmt.Sprintf("%s %3d %%  %s so far", show.Bar(rows, total, 10), show.Percent(rows, total), show.Count(matched)) + j.alone()
	case j.State == Queued:
		return queuedAt(j.Place)
	}
	return j.stateInWords()
}

// progressInWords is the same without a bar.
func (j *SharedJob) progressInWords() string {
	rows, matched, total := estimate.Sum(j.Partitions)
	switch {
	case rows == 0 && j.Loading.Total > 0:
		return fmt.Sprintf("loading, %d percent", show.Percent(j.Loading.Done, j.Loading.Total))
	case total > 0 && j.State == Running:
		return fmt.Sprintf("%d percent, %s matched so far", show.Percent(rows, total), show.Count(matched)) + j.alone()
	}
	return j.progress()
}

// alone says of a job that it runs alone.
func (j *SharedJob) alone() string {
	if !j.Alone {
		return ""
	}
	return ", alone"
}

// stateInWords says the states of jobs in a word that is not that of the protocol.
func (j *SharedJob) stateInWords() string {
	switch j.State {
	case Delayed:
		return "met an error, waits"
	case Suspect:
		return "waits to run alone"
	}
	return show.OneLine(string(j.State))
}

// sharedCancelMsg says what became of the cancellation of a job of the tenant.
type sharedCancelMsg struct {
	name string
	err  error
}

// cancelShared cancels the job of the tenant whose id begins so, if it is one.
func (m *Model) cancelShared(begin string) tea.Cmd {
	return m.everyone(func(e Everyone) tea.Cmd {
		var found []SharedJob
		for _, j := range e.Jobs {
			if strings.HasPrefix(j.ID, begin) {
				found = append(found, j)
			}
		}
		if len(found) != 1 {
			said := fmt.Sprintf("error: no open job of tenant %s has an id that begins with %s", show.OneLine(e.Tenant), show.OneLine(begin))
			if len(found) > 1 {
				said = fmt.Sprintf("error: the ids of %d jobs begin with %s: give more of it", len(found), show.OneLine(begin))
			}
			m.print(said+"; nothing was cancelled", "hint: .jobs all lists them")
			return nil
		}
		b, ctx, id, title := m.backend, m.ctx, found[0].ID, found[0].title()
		return func() tea.Msg {
			return sharedCancelMsg{show.OneLine(id) + "  " + title, b.Cancel(ctx, id)}
		}
	})
}

// sharedCancelled says that it was asked for.
func (m *Model) sharedCancelled(msg sharedCancelMsg) tea.Cmd {
	if msg.err != nil {
		m.print(m.palette.paint(boldRed, "error: ")+"not cancelled: "+show.OneLine(msg.err.Error()), margin+show.Fit(msg.name, m.width-len(margin)))
		return nil
	}
	m.print("asked to cancel", margin+show.Fit(msg.name, m.width-len(margin)))
	return nil
}
