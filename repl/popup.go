package repl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"github.com/segq/segq/repl/show"
)

// popup is the list of choices below the input. The one that is marked is what Tab takes; only
// when the list was entered, with Down, Enter takes it too, and else runs what is typed.
type popup struct {
	choices
	at      int // the one that is marked
	first   int // the first in sight
	entered bool
	// asked says that Tab has opened it: it then stays where it would not have opened by itself.
	asked bool
	// dismissed says that Esc was pressed in the word that begins at span: it gets no popup by itself any more.
	dismissed bool
}

// open says whether there is anything to see.
func (p *popup) open() bool { return len(p.all) > 0 || p.pending }

// begins says whether somebody wants the popup: who has opened or entered it, or writes the beginning of a choice.
func (p *popup) begins() bool {
	return p.asked || p.entered || slices.ContainsFunc(p.all, func(c choice) bool { return begins(c.Text, p.typed()) })
}

// close takes the popup away. Where the word begins is remembered for dismissed.
func (p *popup) close() {
	*p = popup{choices: choices{span: p.span}, dismissed: p.dismissed}
}

// leave goes back to the text.
func (p *popup) leave() { p.entered = false }

// show opens the popup with choices. Those of the same text keep the mark where it is.
func (p *popup) show(c choices) {
	marked := ""
	if p.input == c.input && p.at < len(p.all) {
		marked = p.all[p.at].Text
	} else {
		p.entered, p.first = false, 0
	}
	p.choices, p.at = c, 0
	for i := range c.all {
		if marked != "" && c.all[i].Text == marked {
			p.at = i
			return
		}
	}
	p.first = 0
	// What is written already is no way to go on.
	if len(c.all) > 1 && c.all[0].Text == c.typed() {
		p.at = 1
	}
}

// step moves the mark, and what is in sight with it, in a popup of so many rows. It says whether it was the
// popup that the key was for.
func (p *popup) step(n, rows int) bool {
	switch {
	case len(p.all) == 0 || !p.entered && n < 0:
		return false
	case !p.entered:
		p.entered = true
	case p.at+n < 0:
		p.entered = false
	default:
		p.at = min(p.at+n, len(p.all)-1)
	}
	p.first, _, _ = p.inSight(rows)
	return true
}

// fits says whether the choices are those of a text.
func (p *popup) fits(at input) bool { return len(p.all) > 0 && p.input == at }

// popupRows is how many choices a popup shows on a screen of a height: what runs, the input and its hint have
// the other half. It is 0 where there is no room at all.
func popupRows(height int) int { return min(max(height/2-2, 0), 8) }

// inSight returns the first of the choices in sight, how many there are, and how many more below them; a row of
// its own says that.
func (p *popup) inSight(rows int) (first, shown, more int) {
	n := len(p.all)
	switch {
	case n <= rows && p.more == 0:
		return 0, n, 0
	case rows < 2:
		return p.at, min(rows, n), 0
	}
	first = max(min(p.first, p.at), p.at-(rows-2))
	if p.more == 0 && first+rows >= n {
		return n - rows, rows, 0
	}
	shown = min(rows-1, n-first)
	return first, shown, n - first - shown + p.more
}

// columns are the widths in which choices are shown. A column of none is left out.
type columns struct{ label, kind, number int }

// frame is what a row of a popup has beside its columns: borders, the mark and the space behind it, and one
// before the right border.
const frame = 5

// width is that of the popup.
func (c columns) width() int {
	w := frame + c.label
	if c.kind > 0 {
		w += 2 + c.kind
	}
	if c.number > 0 {
		w += 2 + c.number
	}
	return w
}

// The widths to which columns are narrowed before one is left out.
const (
	leastLabel = 24
	leastKind  = 6
)

// fitInto narrows and leaves out columns until they fit into room: what they are goes first, then how many.
func (c columns) fitInto(room int) columns {
	narrow := func(column *int, least int) {
		*column = min(*column, max(*column-(c.width()-room), least))
	}
	whole := c.label
	narrow(&c.kind, 2*leastKind)
	narrow(&c.label, leastLabel)
	narrow(&c.kind, leastKind)
	if c.width() > room {
		c.kind, c.label = 0, whole
		narrow(&c.label, leastLabel/2)
	}
	if c.width() > room {
		c.number, c.label = 0, whole
		narrow(&c.label, 1)
	}
	return c
}

// widen gives a popup at least this width, and leaves the numbers at its right edge.
func (c columns) widen(width int) columns {
	more := max(width-c.width(), 0)
	if c.kind > 0 {
		c.kind += more
	} else {
		c.label += more
	}
	return c
}

// maxLabel is how wide a choice is shown at most, and maxFooter how long what is said about one, before they are
// folded; a wide screen has room for more of that.
const (
	maxLabel  = 40
	maxFooter = 48
)

// render draws the popup below column, at most room wide and rows choices high.
func (p *popup) render(pal palette, column, room, rows int) []string {
	c := columns{min(p.label, maxLabel), p.kind, p.number}.fitInto(room).widen(min(p.footerWidth(room)+frame-1, room))
	first, shown, more := p.inSight(rows)
	var lines []string
	for i := first; i < first+shown; i++ {
		lines = append(lines, p.row(i, c, pal))
	}
	if more > 0 {
		lines = append(lines, pal.paint(faint, pad(fmt.Sprintf("  … %s more", show.Count(more)), c.width()-2)))
	}
	if p.pending && len(p.all) == 0 {
		lines = append(lines, pal.paint(faint, pad("  …", c.width()-2)))
	}
	box := renderer.NewStyle().Border(lipgloss.NormalBorder(), true, true, false).
		MarginLeft(max(min(column, room-c.width()), 0))
	if pal.on {
		box = box.BorderForeground(lipgloss.Color(frameColor))
	}
	return append(strings.Split(box.Render(strings.Join(lines, "\n")), "\n"), p.bottom(pal, max(min(column, room-c.width()), 0), c.width()))
}

// frameColor is the grey of the frame.
const frameColor = "8"

// footerWidth is how wide a popup should be so that what is said below it can be read: it does not change with
// the mark.
func (p *popup) footerWidth(room int) int {
	return min(max(p.doc, show.Cells(p.note)), max(maxFooter, room/2))
}

// footer is what is said about the marked choice, or about all.
func (p *popup) footer() string {
	if p.at < len(p.all) && p.all[p.at].doc != "" {
		return p.all[p.at].doc
	}
	return p.note
}

// bottom is the lower edge, with what is said in it: lipgloss's borders hold no text.
func (p *popup) bottom(pal palette, left, width int) string {
	b := lipgloss.NormalBorder()
	said := ""
	if f := p.footer(); f != "" && width > frame {
		said = " " + show.Fit(f, width-4) + " "
	}
	edge := b.BottomLeft + said + strings.Repeat(b.Bottom, max(width-2-show.Cells(said), 0)) + b.BottomRight
	if pal.on {
		edge = renderer.NewStyle().Foreground(lipgloss.Color(frameColor)).Render(edge)
	}
	return strings.Repeat(" ", left) + edge
}

// row is one choice. The mark stands before it, and what Enter would take is in reverse.
func (p *popup) row(i int, c columns, pal palette) string {
	it := p.all[i]
	mark := "  "
	switch {
	case i == p.at && p.entered:
		mark = "» " // without colours, too, one sees that Down has entered the list
	case i == p.at:
		mark = "› "
	}
	line := mark + pad(it.fit(c.label), c.label)
	var beside string
	if c.kind > 0 {
		beside += "  " + pad(show.Fit(it.kind, c.kind), c.kind)
	}
	if c.number > 0 {
		beside += "  " + strings.Repeat(" ", max(c.number-show.Cells(it.number), 0)) + it.number
	}
	beside += " "
	if i == p.at && p.entered {
		return pal.paint(style{reverse: true}, line+beside)
	}
	if i == p.at {
		line = pal.paint(bold, line)
	}
	return line + pal.paint(faint, beside)
}

// pad fills a text with spaces.
func pad(s string, width int) string { return s + strings.Repeat(" ", max(width-show.Cells(s), 0)) }
