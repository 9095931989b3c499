package repl

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// output is what was shown last and can be shown again: an answer, or the lines of a command.
type output struct {
	query *query // nil where there is no answer
	job   Job
	lines []string
	// again says that it is shown once more, since somebody wants to see all of it.
	again bool
}

// picture is an output as lines: those of the head and of what is said are never left out, those of the body may be.
type picture struct {
	head, body, said []string
	// exact says that the lines of the body are to be copied: the terminal breaks those that are too long.
	exact bool
}

func (p picture) all() []string {
	return append(append(p.head[:len(p.head):len(p.head)], p.body...), p.said...)
}

// drawnMsg is an output that was drawn: for the screen, and with nothing shortened for a pager.
type drawnMsg struct {
	output
	picture
	whole string
}

// atOnce is how many rows an answer has at most to be drawn where keys wait for it.
const atOnce = 200

// show shows how a query ended.
func (m *Model) show(q *query, j Job) tea.Cmd {
	o := output{query: q, job: j}
	if j.State == Done {
		m.output = o
	}
	return m.draw(o)
}

// draw draws an output, a large one while keys are heard.
func (m *Model) draw(o output) tea.Cmd {
	c, forms := m.canvas, m.backend
	draw := func() tea.Msg {
		msg := drawnMsg{output: o, picture: c.draw(o, forms)}
		whole := c.wholly()
		msg.whole = strings.Join(whole.draw(o, forms).all(), "\n") + "\n"
		return msg
	}
	if c.mode != "" || rowsOf(o.job.Answer) > atOnce || len(o.lines) > atOnce {
		return draw
	}
	return m.drawn(draw().(drawnMsg))
}

// rowsOf is how many rows an answer has, nearly.
func rowsOf(r *record.Record) (n int) {
	if r == nil {
		return 0
	}
	n = len(r.Lift) + len(r.Sample) + len(r.Schema)
	if r.Rows != nil {
		n += len(r.Rows.Rows)
	}
	if r.Breakdown != nil {
		n += len(r.Breakdown.Values)
	}
	if r.Values != nil {
		n += len(r.Values.Top)
	}
	return n
}

// draw draws an output in the form of the canvas.
func (m *canvas) draw(o output, forms Forms) (p picture) {
	if o.query == nil {
		return picture{head: o.lines[:1], body: o.lines[1:]}
	}
	outcome, body, said := m.renderEnd(o.query, o.job)
	p.head = headline(o.query, outcome, m.palette, m.words, m.width)
	if m.whole {
		p.head = wholeHeadline(o.query, outcome, m.palette, m.words, m.width)
	}
	p.body, p.said = indent(body), indent(said)
	if m.mode == "" || o.job.State != Done || o.job.Answer == nil {
		return p
	}
	lines, err := forms.Form(m.mode, o.job.Answer, m.look())
	if err != nil {
		p.said = append(p.said, indent([]string{m.palette.paint(boldRed, "error: ") + show.OneLine(err.Error())})...)
		return p
	}
	p.body, p.exact = lines, true
	if m.mode != "json" && m.mode != "ndjson" { // which say it themselves
		p.said = append(p.said, indent(show.MaskedOf(o.job.Answer, m.look()))...)
	}
	return p
}

// wholeHeadline is a headline with the whole query, on one line where that fits.
func wholeHeadline(q *query, outcome string, p palette, w words, width int) []string {
	lines := wrap(p.paint(bold, fmt.Sprintf("%s%d  ", w.number, q.number))+show.OneLine(q.text), width)
	if q.name != "" {
		lines[0] += "  (" + show.Clean(q.name) + ")"
	}
	if behind := "  " + w.arrow + "  " + outcome; len(lines) == 1 && show.Cells(lines[0]+behind) <= width {
		return []string{lines[0] + behind}
	}
	return append(lines, indent([]string{w.arrow + "  " + outcome})...)
}

// drawn prints an output, or has it shown in a pager where it is longer than the screen and nobody is about to do
// something else.
func (m *Model) drawn(msg drawnMsg) tea.Cmd {
	long := m.taken(msg.all()) > m.height-2
	switch {
	case m.paging.off() || !m.pageable():
		m.printPicture(msg.picture)
		m.scrolls(m.taken(msg.all()))
	case !msg.again && m.idle(msg.query) && (long || m.paging.mode == pageAlways):
		return m.turn(msg)
	case msg.again && (long || msg.whole != strings.Join(msg.all(), "\n")+"\n"):
		return m.page(msg)
	case long && !msg.again:
		m.printPicture(m.beginning(msg.picture))
	default:
		m.printPicture(msg.picture)
	}
	return nil
}

// printPicture prints an output.
func (m *Model) printPicture(p picture) {
	m.print(p.head...)
	if p.exact {
		for _, line := range p.body {
			if strings.Contains(line, "\t") && !m.accessible {
				line = ansi.EraseScreenBelow + line // a tab leaves what the screen has there
			}
			m.out.waiting = append(m.out.waiting, line)
		}
	} else {
		m.print(p.body...)
	}
	m.print(p.said...)
}

// idle says whether who gave a query waits for its answer alone.
func (m *Model) idle(q *query) bool {
	last := q == nil || q.number == m.numbers
	return last && m.editor.Empty() && m.search == nil && len(m.queries) == 0 && len(m.entered) == 0 && m.reopening == nil && !m.away && !m.out.leaving
}

// beginning is what the screen keeps of an output that is longer.
func (m *Model) beginning(p picture) picture {
	room := max(m.height/2-m.taken(p.head)-m.taken(p.said)-1, 1)
	n := 0
	for n < len(p.body) && m.taken(p.body[:n+1]) <= room {
		n++
	}
	more := fmt.Sprintf("… %s; .last shows all", show.Plural(len(p.body)-n, "more line", "more lines"))
	p.body = append(p.body[:n:n], indent([]string{m.palette.paint(faint, more)})...)
	return p
}
