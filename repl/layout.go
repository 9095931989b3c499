package repl

import (
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/show"
)

// View draws, from the top, the running queries, the input, what helps with it, and what else is to be said.
// The input keeps at least one row; queries that find no room are counted.
func (m *Model) View() string {
	if m.out.leaving {
		return ""
	}
	under := append(m.besides(m.columnOf(m.assist.popup.span.Start)), m.below()...)
	room := max(m.height-len(under), 2)
	input := m.input(max(room-len(m.queries), room/2, 1))
	lines := m.openingLines(room - len(input))
	lines = append(append(lines, m.reopeningLines()...), m.watchLines()...)
	lines = append(lines, m.running(room-len(input)-len(lines))...)
	lines = append(lines, input...)
	lines = append(lines, under...)
	for kept := m.assist.rows - len(under); kept > 0 && len(lines) < m.height; kept-- {
		lines = append(lines, "")
	}
	for i, l := range lines {
		lines[i] = show.Fit(l, m.width)
	}
	return strings.Join(lines, "\n")
}

// input returns the rows of the text being typed, at most height, or of what was found in the history.
func (m *Model) input(height int) []string {
	if e := m.search.chosen(); e != nil {
		rows := renderText(e.Text, textView{palette: m.palette, width: m.width, cursor: -1, fields: m.known.fields})
		return rows[:min(len(rows), height)]
	}
	rows, _ := m.typed.render(&m.editor, m.inputView(), height)
	return rows
}

// columnOf returns the column of the screen in which a byte offset of the line of the cursor is shown.
func (m *Model) columnOf(offset int) int { return m.typed.column(&m.editor, m.inputView(), offset) }

func (m *Model) inputView() textView {
	return textView{
		palette: m.palette, width: m.width, cursor: m.editor.Cursor(), fields: m.known.fields, marks: m.wrong(), ghost: m.ghost(),
		commanding: m.vi != nil && m.vi.Commanding(),
	}
}

// ghost is what is suggested behind the text, nothing where somebody goes through the choices.
func (m *Model) ghost() string {
	if m.assist.popup.entered {
		return ""
	}
	return m.suggestion()
}

// wrong are the marks of what is wrong with the text.
func (m *Model) wrong() []mark {
	a := &m.assist
	var marks []mark
	for _, d := range a.findings.visible(m.at(), a.growing()) {
		st := style{underline: true, color: "1"}
		if d.Severity == ast.Warning {
			st.color = "3"
		}
		marks = append(marks, mark{d.At, st})
	}
	return marks
}

// numberRoom is the room on the right that the count has beside a popup; below a width of
// narrow cells the popup has it.
const (
	numberRoom = 24
	narrow     = 72
)

// besides returns what helps with the text: the popup below column, else what is wrong or what the clause at the
// cursor does; and the count, on the right of the first row.
func (m *Model) besides(column int) []string {
	a, at := &m.assist, m.at()
	if m.search != nil {
		return nil
	}
	number := m.palette.paint(faint, a.tally.number())
	if a.findings.visible(at, a.growing()).Failed() { // there is no count of what is wrong
		number = ""
	}
	if rows := popupRows(m.height); a.popup.open() && rows > 0 {
		room := m.width
		if room >= narrow {
			room -= max(numberRoom, show.Cells(number)+2)
		} else {
			number = ""
		}
		lines := a.popup.render(m.palette, column, room, rows)
		lines[0] = across(lines[0], number, m.width)
		return lines
	}
	var left string
	if d := a.findings.shown(at, a.growing()); d != nil {
		left = m.said(d, at.text, m.width)
	} else if a.aside.at == at && a.aside.why != "" && m.hint == "" {
		left = m.palette.paint(faint, show.Fit(a.aside.why, m.width-show.Cells(number)-2))
	} else if a.tally.Note != "" {
		left = a.tally.why(m.palette, m.width-show.Cells(number)-2)
	} else {
		left = m.palette.paint(faint, a.tally.clauseAt(at.cursor, m.width-show.Cells(number)-2))
	}
	if left == "" && number == "" {
		return nil
	}
	return []string{across(left, number, m.width)}
}

// across puts one text on the left of a line and one on the right, where there is room for it.
func across(left, right string, width int) string {
	gap := width - show.Cells(left) - show.Cells(right)
	if right == "" || gap < 2 && left != "" {
		return left
	}
	return left + strings.Repeat(" ", max(gap, 0)) + right
}

// below returns what stands under the input and its help: the search, the broker's silence or
// a hint, if there is any.
func (m *Model) below() []string {
	var lines []string
	if m.search != nil {
		lines = append(lines, m.search.render(m.palette, m.width, m.height)...)
	}
	if said := m.crewLine(); said != "" {
		lines = append(lines, said)
	} else if m.polls.trouble != "" {
		lines = append(lines, m.palette.paint(yellow, "no answer from the queue, trying again: ")+m.polls.trouble)
	}
	if m.hint != "" {
		lines = append(lines, m.palette.paint(faint, m.hint))
	}
	return lines
}
