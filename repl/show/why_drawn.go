package show

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// widestClause is how wide the clauses of a tree are at most, in hundredths of the screen, before their values.
const widestClause = 60

// marked returns a mark in its look.
func (l Look) marked(mark string) string {
	if mark == holds {
		return l.As(Exact, mark)
	}
	return l.As(Wrong, mark)
}

// drawn draws the tree: a line a clause with its mark, and its values beside it, in one column.
func (t *whyTree) drawn() []string {
	wide := 0
	for _, line := range t.lines {
		if !line.element && line.values != "" {
			wide = max(wide, 2*line.depth+2+Cells(line.clause))
		}
	}
	if t.look.Width > 0 {
		wide = min(wide, t.look.Width*widestClause/100)
	}
	folded, lines := false, []string(nil)
	for _, line := range t.lines {
		if line.element {
			lines = append(lines, t.drawnElement(line)...)
			continue
		}
		room := wide - 2*line.depth - 2
		text := line.clause
		if line.values == "" && t.look.Width > 0 {
			room = t.look.Width - 2*line.depth - 2
		}
		if Cells(text) > room && t.look.Width > 0 {
			text, folded = fitMiddle(text, max(room, narrowest)), true
		}
		mark := "·"
		if m, ok := whyMarks[line.verdict]; ok {
			mark = t.look.marked(m)
		}
		drawn := strings.Repeat("  ", line.depth) + mark + " " + text
		if line.values != "" {
			values := line.values
			if t.look.Width > 0 && Cells(values) > t.look.Width-wide-gap {
				values, folded = Fit(values, max(t.look.Width-wide-gap, narrowest)), true
			}
			drawn += strings.Repeat(" ", max(room-Cells(text), 0)+gap) + values
		}
		lines = append(lines, drawn)
	}
	if folded {
		lines = append(lines, t.look.more("texts with this mark are shortened", Folded)...)
	}
	return lines
}

// fitMiddle shortens a clause and keeps its end, which says what is compared.
func fitMiddle(text string, width int) string {
	tail := ansi.TruncateLeft(text, Cells(text)-width/3, "")
	return Fit(text, width-Cells(tail)) + tail
}

// drawnElement draws an element of a list, on as many lines as it takes.
func (t *whyTree) drawnElement(line whyLine) []string {
	indent := strings.Repeat("  ", line.depth)
	texts := append([]string{line.clause}, line.parts...)
	if line.values != "" {
		texts = append(texts, line.values)
	}
	width := t.look.Width
	if width > 0 {
		width = max(width-len(indent)-2, narrowest)
	}
	lines := Flow(texts, "  ", width)
	for i, one := range lines {
		if width > 0 {
			one = Fit(one, width)
		}
		for _, mark := range []string{holds, fails} {
			one = strings.ReplaceAll(one, mark+" ", t.look.marked(mark)+" ")
		}
		lines[i] = indent + one
		if i > 0 {
			lines[i] = indent + "  " + one
		}
	}
	return lines
}
