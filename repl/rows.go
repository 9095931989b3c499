package repl

import "github.com/segq/segq/repl/editor"

// column is the column of the screen that Up and Down keep, and the place of the text to which they moved last.
type column struct{ goal, at, version int }

// moveRow moves the cursor one row of the screen up or down, in its line or to the one beside it, and says whether
// there is such a row.
func (m *Model) moveRow(steps int) bool {
	e, v, t := &m.editor, m.inputView(), &m.typed
	here := t.column(e, v, e.Cursor())
	if m.column.at != e.Cursor() || m.column.version != e.Version() {
		m.column.goal = here
	}
	line, offset := e.Place()
	row := t.lines[line].rowOf(offset) + steps
	switch {
	case row < 0 && line == 0, row >= t.lines[line].rows() && line == len(t.lines)-1:
		return false
	case row < 0:
		line--
		row = t.lines[line].rows() - 1
	case row >= t.lines[line].rows():
		line, row = line+1, 0
	}
	e.MoveTo(t.startOf(e, line) + t.lines[line].under(row, m.column.goal-len(promptFirst)))
	m.column.at, m.column.version = e.Cursor(), e.Version()
	return true
}

// under returns the byte offset of what stands in a row at a cell of it, or of its end.
func (l *typedLine) under(row, cell int) int {
	from, to := l.row(row)
	if row > 0 {
		cell -= l.indent
	}
	start := cellsOf(l.text, from)
	used, at := 0, from
	for at < to {
		n := editor.ClusterLen(l.text[at:])
		_, w := editor.Shown(l.text[at:at+n], start+used)
		if used+w > cell || at+n == to && row < l.rows()-1 { // behind the last of a row is the next row
			break
		}
		at, used = at+n, used+w
	}
	return at
}
