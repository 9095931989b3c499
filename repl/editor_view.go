package repl

import (
	"fmt"
	"strings"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/editor"
	"github.com/segq/segq/repl/show"
)

// mark is a look of its own for a part of the text, such as a line below what is wrong.
type mark struct {
	at    ast.Span
	style style
}

// textView says how a text is shown.
type textView struct {
	palette palette
	width   int
	cursor  int // byte offset, or -1 for no cursor
	// marks are laid over the styles, the later over the earlier.
	marks []mark
	// ghost is what is suggested behind the text: one line, as much as its row holds.
	ghost string
	// commanding says that keys are commands of vi.
	commanding bool
	// fields are what there is, nil while that is not known.
	fields *lang.Fields
}

// renderText returns the rows of a text that is not typed any more.
func renderText(text string, v textView) []string {
	var e editor.Buffer
	e.Set(text)
	var t typed
	rows, _ := t.render(&e, v, 0)
	return rows
}

// render returns the rows of a text, at most height of them with that of the cursor, and its index. In the place of
// the first and of the last of them it says how many are out of sight. A height of 0 has no end.
func (t *typed) render(e *editor.Buffer, v textView, height int) (rows []string, cursorRow int) {
	t.follow(e, v.width, v.palette.on, v.fields)
	line, offset := e.Place()
	t.walk(line)
	cursorRow = t.above + t.lines[line].rowOf(offset)
	first := 0
	if height > 0 && t.rows > height {
		first = min(max(cursorRow-height/2, 0), t.rows-height)
	} else {
		height = t.rows
	}
	t.see(first, height)
	v.marks = append(t.brackets(e, v), v.marks...)
	rows = t.window(e, v, first, height)
	if first > 0 && cursorRow != first {
		rows[0] = show.Fit(fmt.Sprintf("  ↑ %d more", first+1), v.width)
	}
	if below := t.rows - first - height; below > 0 && cursorRow != first+height-1 {
		rows[height-1] = show.Fit(fmt.Sprintf("  ↓ %d more", below+1), v.width)
	}
	return rows, cursorRow - first
}

// find returns the line with a row, and which one of its rows it is, from where the rows were counted last.
func (t *typed) find(row int) (line, part int) {
	for t.above > row {
		t.walk(t.at - 1)
	}
	for t.above+t.lines[t.at].rows() <= row {
		t.walk(t.at + 1)
	}
	return t.at, row - t.above
}

// see looks at the words of all lines down to the last of the rows in sight.
func (t *typed) see(first, height int) {
	last, _ := t.find(first + height - 1)
	t.look(last + 1)
}

// window paints rows.
func (t *typed) window(e *editor.Buffer, v textView, first, height int) []string {
	line, part := t.find(first)
	start := t.startOf(e, line)
	cursorLine, _ := e.Place()
	rows := make([]string, 0, height)
	for len(rows) < height {
		l := t.lines[line]
		p := painter{textView: v, line: l, start: start, first: line == 0, cursor: -1}
		if v.cursor >= 0 && line == cursorLine {
			_, p.cursor = e.Place()
		}
		if line < len(t.lines)-1 {
			p.ghost = ""
		}
		for ; part < l.rows() && len(rows) < height; part++ {
			rows = append(rows, p.row(part))
		}
		start += len(l.text) + 1
		line, part = line+1, 0
	}
	return rows
}

// startOf returns the byte offset of a line, counted from the cursor.
func (t *typed) startOf(e *editor.Buffer, line int) int {
	at, col := e.Place()
	start := e.Cursor() - col
	for ; at < line; at++ {
		start += len(t.lines[at].text) + 1
	}
	for ; at > line; at-- {
		start -= len(t.lines[at-1].text) + 1
	}
	return start
}

// column returns the column of the screen in which a place of the text is, as far as it is on the line of the
// cursor: 0 for others.
func (t *typed) column(e *editor.Buffer, v textView, offset int) int {
	t.follow(e, v.width, v.palette.on, v.fields)
	line, col := e.Place()
	l := t.lines[line]
	if offset -= e.Cursor() - col; offset < 0 || offset > len(l.text) {
		return 0
	}
	row := l.rowOf(offset)
	from, _ := l.row(row)
	column := len(promptFirst) + cellsOf(l.text, offset) - cellsOf(l.text, from)
	if row > 0 {
		column += l.indent
	}
	return column
}

// cellsOf is how many cells a line takes up to a byte offset.
func cellsOf(line string, offset int) int {
	cells := 0
	for at := 0; at < offset; {
		n := editor.ClusterLen(line[at:])
		_, w := editor.Shown(line[at:at+n], cells)
		at, cells = at+n, cells+w
	}
	return cells
}

// painter paints the rows of one line.
type painter struct {
	textView
	line   *typedLine
	start  int  // of the line in the text
	first  bool // it is the first line of the text
	cursor int  // byte offset in the line, or -1

	out      strings.Builder
	run      strings.Builder // cells of one style that are still to be painted
	runStyle style
	used     int
}

// row returns a row of the line, with its prompt. One over which nothing is laid is painted once.
func (p *painter) row(i int) string {
	l := p.line
	bare := p.cursor < 0 && p.ghost == "" && !p.marked()
	if bare && i < len(l.painted) && l.painted[i] != "" {
		return l.painted[i]
	}
	from, to := l.row(i)
	p.prompt(i)
	cell, look := cellsOf(l.text, from), 0
	for at := from; at < to; {
		n := editor.ClusterLen(l.text[at:])
		shown, w := editor.Shown(l.text[at:at+n], cell)
		var st style
		st, look = p.styleAt(at, at+n, look)
		p.put(shown, st, at == p.cursor)
		at, cell, p.used = at+n, cell+w, p.used+w
	}
	if i == l.rows()-1 {
		p.end()
	}
	p.endRun()
	s := p.out.String()
	p.out.Reset()
	if bare {
		if l.painted == nil {
			l.painted = make([]string, l.rows())
		}
		l.painted[i] = s
	}
	return s
}

// prompt begins a row.
func (p *painter) prompt(row int) {
	prompt := promptNext
	switch {
	case row > 0:
		prompt = promptWrap + strings.Repeat(" ", p.line.indent)
	case p.first:
		prompt = promptFirst
	}
	if p.commanding && p.cursor >= 0 {
		prompt = strings.Replace(prompt, ">", ":", 1)
	}
	p.out.WriteString(p.palette.paint(faint, prompt))
	p.used = len(prompt)
}

// marked says whether a mark is on the line.
func (p *painter) marked() bool {
	for _, m := range p.marks {
		if m.at.Start <= p.start+len(p.line.text) && p.start < m.at.End {
			return true
		}
	}
	return false
}

// styleAt returns the style of a cluster. look is the part that the one before it was in.
func (p *painter) styleAt(from, to, look int) (style, int) {
	var st style
	parts := p.line.parts
	for look < len(parts) && parts[look].end <= from {
		look++
	}
	if look < len(parts) && parts[look].start <= from {
		st = parts[look].shown(p.cursor)
	}
	for _, m := range p.marks {
		if m.at.Start < p.start+to && p.start+from < m.at.End {
			st = st.over(m.style)
		}
	}
	return st, look
}

// end puts the cursor behind the line, and the ghost.
func (p *painter) end() {
	line, _, more := strings.Cut(p.ghost, "\n")
	ghost := show.Clean(line)
	if more {
		ghost += "…"
	}
	if p.cursor == len(p.line.text) {
		under := " "
		if n := editor.ClusterLen(ghost); n > 0 {
			under, ghost = ghost[:n], ghost[n:]
			p.put(under, faint, true)
		} else {
			p.put(under, plain, true)
		}
		p.used += show.Cells(under)
	}
	if room := p.width - p.used; room > 0 && ghost != "" {
		p.put(show.Fit(ghost, room), faint, false)
	}
}

// put adds a cell, or a text of one style.
func (p *painter) put(shown string, st style, cursor bool) {
	if cursor {
		p.endRun()
		p.out.WriteString(p.palette.cursor(st, shown))
		return
	}
	if st != p.runStyle {
		p.endRun()
		p.runStyle = st
	}
	p.run.WriteString(shown)
}

// endRun paints the cells that were put since the style last changed.
func (p *painter) endRun() {
	p.out.WriteString(p.palette.paint(p.runStyle, p.run.String()))
	p.run.Reset()
}
