package repl

import (
	"context"
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/show"
)

// The times between two questions how the workers are, and how long an answer may take.
const (
	pulseEvery = 2 * time.Second
	pulseSoon  = 500 * time.Millisecond
	pulseFor   = 5 * time.Second
	// regroup is how long workers have for a sign of life after the queue was away, in which they could give none: they
	// connect anew, and count as silent after some 7 s. slow is how long it takes to answer where it was away, too.
	regroup = 10 * time.Second
	slow    = 2 * time.Second
)

// crew is what a session knows of the workers that it asks, where they are not of this process.
type crew struct {
	now   Crew
	known bool
	// away is since when the queue cannot be reached, zero when it can, and trouble why; back is when it last answered again.
	away    time.Time
	back    time.Time
	trouble string
}

// crewMsg is how the workers are; crewDueMsg says that it is time to ask again.
type (
	crewMsg struct {
		crew *Crew
		err  error
		took time.Duration
	}
	crewDueMsg struct{}
)

// pulse asks how the workers are.
func (m *Model) pulse() tea.Cmd {
	b, ctx := m.backend, m.ctx
	return func() tea.Msg {
		limited, stop := context.WithTimeout(ctx, pulseFor)
		defer stop()
		asked := time.Now()
		c, err := b.Crew(limited)
		return crewMsg{c, err, time.Since(asked)}
	}
}

// heard takes how the workers are, says what has changed, and plans the next question: there is none where the workers
// are of this process.
func (m *Model) heard(msg crewMsg) tea.Cmd {
	next := pulseEvery
	var cmds []tea.Cmd
	switch {
	case m.out.leaving, msg.err == nil && msg.crew == nil:
		return nil
	case msg.err != nil:
		m.silence(msg.err)
	default:
		if msg.crew.Doubt {
			next = pulseSoon
		}
		cmds = append(cmds, m.answers())
		if msg.took > slow {
			m.crew.back = time.Now()
		}
		m.compare(*msg.crew)
		cmds = append(cmds, m.renewed())
	}
	return tea.Batch(append(cmds, tea.Tick(next, func(time.Time) tea.Msg { return crewDueMsg{} }))...)
}

// silence notes that the queue cannot be reached.
func (m *Model) silence(err error) {
	if m.crew.away.IsZero() {
		m.crew.away = time.Now()
		if m.accessible {
			m.print("no answer from the queue, trying again: " + show.OneLine(err.Error()))
		}
	}
	m.crew.trouble = show.OneLine(err.Error())
}

// answers notes that the queue can be reached, and asks again for what could not be asked meanwhile.
func (m *Model) answers() tea.Cmd {
	if at := m.crew.away; !at.IsZero() {
		m.crew.away, m.crew.back, m.crew.trouble = time.Time{}, time.Now(), ""
		m.note("the queue answers again, after " + show.Seconds(time.Since(at)))
	}
	return m.again()
}

// note prints a sentence that the user should read.
func (m *Model) note(text string) { m.print(m.palette.paint(yellow, "note: ") + text) }

// compare says what has changed of the workers.
func (m *Model) compare(next Crew) {
	before, known := m.crew.now, m.crew.known
	if known && next.Alive < before.Alive && m.regroups() {
		return // who is lost is seen when all could have given a sign of life
	}
	m.crew.now, m.crew.known = next, true
	if !known {
		return // the banner says it
	}
	gone := m.gone(before, next)
	have := show.Plural(next.Alive, "worker", "workers")
	switch lost := before.Alive - next.Alive; {
	case next.Alive == 0 && lost > 0:
		said := "no worker is left: " + gone + "; queries wait for one"
		if m.accessible { // the others see it as long as it lasts
			said += ", which starts with " + show.OneLine(next.Start)
		}
		if takers := next.takers(); takers != "" {
			said = "no worker with this data is left: " + gone + "; " + takers
		}
		m.note(said)
	case lost > 0:
		m.note(fmt.Sprintf("%s lost: %s; %s left", show.Plural(lost, "worker", "workers"), gone, isLeft(next.Alive)))
	case before.Alive == 0 && lost < 0:
		m.note("a worker is there: attached to " + have)
	case lost < 0:
		m.note(fmt.Sprintf("%s more: attached to %s", show.Plural(-lost, "worker", "workers"), have))
	}
	if next.Note != "" && next.Note != before.Note {
		m.note(show.OneLine(next.Note))
	}
}

// hasLeft is how a worker is gone that is not in the roster any more.
const hasLeft = "it has left"

func isLeft(n int) string {
	if n == 1 {
		return "1 is"
	}
	return show.Count(n) + " are"
}

// regroups says whether the queue was away so lately that the workers may not have been able to give a sign of life since.
func (m *Model) regroups() bool {
	return !m.crew.back.IsZero() && time.Since(m.crew.back) < regroup
}

// gone says how it is known that a worker is not there any more.
func (m *Model) gone(before, next Crew) string {
	left := map[string]bool{}
	for _, w := range before.Workers {
		left[w.Name] = !w.Silent && !w.Other
	}
	how := hasLeft
	for _, w := range next.Workers {
		if !left[w.Name] {
			continue
		}
		switch {
		case w.Silent:
			return "no sign of life for " + show.Seconds(w.Quiet)
		case w.Other:
			how = "it has other data"
		case next.Doubt && how == hasLeft:
			how = "its connection has ended"
		}
	}
	if how == hasLeft && m.wasAway(time.Now()) { // it may have, and may as well have lost its way to the queue
		how = "it has not come back since the queue was away"
	}
	return how
}

// crewLine is what is to be said of the workers as long as it lasts, "" for nothing.
func (m *Model) crewLine() string {
	c := &m.crew
	switch {
	case !c.away.IsZero():
		line := "no answer from the queue"
		if out := time.Since(c.away); out >= time.Second {
			line += " for " + show.Seconds(out)
		}
		return m.palette.paint(yellow, line+", trying again: ") + c.trouble
	case c.known && c.now.takers() != "":
		return m.palette.paint(yellow, "no worker has this data any more") + between + c.now.takers()
	case c.known && c.now.Alive == 0:
		return m.palette.paint(yellow, "no worker answers") + m.palette.paint(faint, "   start one: "+show.OneLine(c.now.Start))
	}
	for _, w := range c.now.Workers {
		if w.Silent && !w.Other && w.Running > 0 {
			return m.palette.paint(yellow, fmt.Sprintf("no sign of a worker for %s, which has %s%s%s", show.Seconds(w.Quiet), show.Plural(w.Running, "job", "jobs"), between, w.givenUp()))
		}
	}
	return ""
}

// takers says who takes over soon, where no worker has the data that answers come from; "" for nobody.
func (c *Crew) takers() string {
	if c.Alive > 0 || c.Others == 0 {
		return ""
	}
	take := "workers with other data take over "
	if c.Others == 1 {
		take = "worker with other data takes over "
	}
	return show.Count(c.Others) + " " + take + inSome(c.TakeOver)
}

// hangs says of a worker that gives no sign of life when its jobs are not its own any more, "" of one that does.
func (c *Crew) hangs(worker string) string {
	for _, w := range c.Workers {
		if w.Name == worker && w.Silent {
			return "no sign of its worker for " + show.Seconds(w.Quiet) + ", " + w.givenUp()
		}
	}
	return ""
}

// givenUp says when the jobs of a silent worker are given up.
func (w *Worker) givenUp() string { return "given up " + inSome(w.GivenUp) }

// inSome says in how long something is, about.
func inSome(d time.Duration) string {
	if s := int((d + time.Second - 1) / time.Second); s > 0 {
		return fmt.Sprintf("in some %d s", s)
	}
	return "in a moment"
}
