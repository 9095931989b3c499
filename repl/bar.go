package repl

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/segq/segq/repl/show"
)

const (
	// mostBars is how many queries have a line each; of more, the newest newestBars have one beside that of all.
	mostBars, newestBars = 5, 2
	// The least and the most cells of a bar, and the least of a text before there is a share, and before a bar.
	leastBar, mostBar     = 8, 20
	leastTitle, goodTitle = 10, 24
)

// barLine is the line of a running query: what it is, what is known of its count, and how far it is. One that waits
// says why in the place of the rest.
type barLine struct {
	query              *query
	number             string
	finds, share, left string
	look               style
	waits, waitsShort  string
	waitLook           style
	done, total        int64 // of the bar; none where total is 0
}

// barLineOf returns the line of a query.
func barLineOf(q *query) barLine {
	b := barLine{query: q, number: fmt.Sprintf("#%d", q.number)}
	if b.waits, b.waitsShort, b.waitLook = q.waits(); b.waits != "" {
		return b
	}
	b.finds, b.share, b.look = q.finds()
	rows, _, total := q.seen()
	if b.done, b.total = rows, total; q.loads() != "" {
		b.done, b.total = q.loading.Done, q.loading.Total
	} else if !q.cancelling && rows < total {
		b.left = q.pace.left(total)
	}
	if silent := q.pace.silent(); silent != "" && !q.cancelling {
		b.left = silent
	}
	return b
}

// barColumns are the cells of the columns of the lines: nothing jumps where a number has a digit more, since they only
// grow as long as something runs.
type barColumns struct {
	width, widest                          int // of the screen, and of the titles
	number, title, finds, share, bar, left int
}

// fit lays out the columns for lines on a screen: what a query is and what is known of its count come first, then the
// percentage, the share, how long it takes, and the bar.
func (c *barColumns) fit(lines []barLine, width int) {
	if c.width != width {
		*c = barColumns{width: width}
	}
	title := 0
	for _, b := range lines {
		c.number = max(c.number, show.Cells(b.number))
		title = max(title, show.Cells(b.query.called()))
		if b.waits == "" {
			c.finds = max(c.finds, show.Cells(b.finds))
		}
	}
	c.widest = max(c.widest, title)
	title = c.widest
	const percent, share, left = len("100 %"), len("<0.01 %"), len("no news 59 s")
	room := width - c.number - len(gap) - len(gap) - c.finds
	c.title = min(title, leastTitle)
	room -= c.title
	give := func(cells int) bool {
		if room >= cells {
			room -= cells
			return true
		}
		return false
	}
	widen := func(to int) {
		more := max(min(min(to, title)-c.title, room), 0)
		c.title, room = c.title+more, room-more
	}
	c.share, c.bar, c.left = 0, 0, 0
	if give(len(gap) + percent) {
		c.bar = percent
	}
	if give(len(gap) + share) {
		c.share = share
	}
	widen(goodTitle)
	if give(len(gap) + left) {
		c.left = left
	}
	if c.bar > 0 && give(leastBar+1) {
		c.bar += leastBar + 1
		more := min(mostBar-leastBar, max(room-max(title-c.title, 0), room/3))
		c.bar, room = c.bar+more, room-more
	}
	widen(title)
}

// gap is between two columns.
const gap = "  "

// render returns a line. Neighbours are the queries that it is to be told from.
func (b *barLine) render(c *barColumns, p palette, neighbours []*query) string {
	line := p.paint(bold, pad(b.number, c.number)) + gap
	if b.waits != "" {
		return line + b.waiting(c.width-c.number-len(gap), c, p, neighbours)
	}
	line += pad(title(b.query, c.title, neighbours), c.title) + gap
	line += strings.Repeat(" ", max(c.finds-show.Cells(b.finds), 0)) + p.paint(b.look, b.finds)
	if c.share > 0 {
		line += gap + fmt.Sprintf("%*s", c.share, b.share)
	}
	if c.bar > 0 && b.total > 0 {
		line += gap
		if cells := c.bar - len("100 %") - 1; cells > 0 {
			line += show.Bar(b.done, b.total, cells) + " "
		}
		line += fmt.Sprintf("%5s", share(b.done, b.total))
		if c.left > 0 {
			line += gap + p.paint(faint, b.left)
		}
	}
	return show.Fit(strings.TrimRight(line, " "), c.width)
}

// waiting returns the rest of the line of a query that waits.
func (b *barLine) waiting(room int, c *barColumns, p palette, neighbours []*query) string {
	least := min(c.title, leastTitle)
	text := b.waits
	if least+len(gap)+show.Cells(text) > room {
		text = b.waitsShort
	}
	cells := max(min(c.title, room-show.Cells(text)-len(gap)), least)
	line := pad(title(b.query, cells, neighbours), cells) + gap + p.paint(b.waitLook, text)
	if known := b.query.known(); known != "" && show.Cells(line+gap+known) <= room {
		line += gap + p.paint(faint, known)
	}
	if start := gap + b.query.starting(); b.query.unserved != "" && show.Cells(line+start) <= room {
		line += p.paint(faint, start)
	}
	return show.Fit(line, room)
}

// share is a part in percent: less than one is not nothing.
func share(done, total int64) string {
	if p := show.Percent(done, total); p > 0 || done == 0 {
		return fmt.Sprintf("%d %%", p)
	}
	return "<1 %"
}

// starting is how to start a worker for the query.
func (q *query) starting() string { return "start one: " + q.unserved }

// called is the name of a query, or its text.
func (q *query) called() string {
	if q.name != "" {
		return show.Clean(q.name)
	}
	return show.OneLine(q.text)
}

// running returns the lines of the running queries, at most room: of many, one for all and those of the newest.
func (m *Model) running(room int) []string {
	qs := m.queries
	var lines []string
	if n := len(qs); n > mostBars || n > room {
		if room <= 0 {
			return nil
		}
		lines = append(lines, m.palette.paint(faint, crowd(qs, m.width)))
		qs = qs[n-min(newestBars, room-1, n):]
	}
	bars := make([]barLine, len(qs))
	for i, q := range qs {
		bars[i] = barLineOf(q)
	}
	m.bars.fit(bars, m.width)
	var start string // what no line above has room for
	for i := range bars {
		line := bars[i].render(&m.bars, m.palette, qs)
		if q := bars[i].query; q.unserved != "" && !q.cancelling && !strings.Contains(line, q.starting()) {
			start = q.starting()
		}
		lines = append(lines, line)
	}
	if start != "" && len(lines) < room {
		lines = append(lines, m.palette.paint(faint, show.Fit(strings.Repeat(" ", m.bars.number)+gap+start, m.width)))
	}
	return lines
}

// while says what is waited for that runs alone, "" for nothing.
func while(alone string) string {
	if alone == "" {
		return ""
	}
	return " while " + alone + " runs alone"
}

// between is between what a line says of several.
const between = " · "

// crowd says of many queries how many run and wait, and how far the slowest is, as much as the screen has room for.
func crowd(qs []*query, width int) string {
	var running, loading, waiting, cancelling, lost int
	slowest, unserved, takers, alone := -1, "", "", ""
	for _, q := range qs {
		waits, _, _ := q.waits()
		unserved, takers = cmp.Or(q.unserved, unserved), cmp.Or(q.takers, takers)
		if q.state == Queued {
			alone = cmp.Or(alone, q.before)
		}
		switch {
		case q.cancelling:
			cancelling++
		case q.state == Suspect, q.behind():
			lost++
		case waits != "":
			waiting++
		case q.loads() != "":
			loading++
		default:
			running++
			if _, _, total := q.seen(); total > 0 && (slowest < 0 || q.percent() < slowest) {
				slowest = q.percent()
			}
		}
	}
	var said []string
	for _, one := range []struct {
		n    int
		what string
	}{{running, "running"}, {loading, "loading"}, {waiting, "waiting" + while(alone)}, {lost, "lost their worker"}, {cancelling, "cancelling"}} {
		if one.n > 0 {
			said = append(said, show.Count(one.n)+" "+one.what)
		}
	}
	switch {
	case slowest == 0 && running > 1:
		said = append(said, "slowest <1 %")
	case slowest > 0 && running > 1:
		said = append(said, fmt.Sprintf("slowest %d %%", slowest))
	}
	if unserved != "" {
		said = append(said, "no worker serves this data; start one: "+unserved)
	}
	if takers != "" {
		said = append(said, takers)
	}
	said = append(said, ".jobs lists them")
	for len(said) > 1 && show.Cells(strings.Join(said, between)) > width {
		said = said[:len(said)-1]
	}
	return show.Fit(strings.Join(said, between), width)
}
