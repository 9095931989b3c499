package editor

import (
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"github.com/segq/segq/repl/show"
)

// TabWidth is the distance of tab stops, from the start of a line.
const TabWidth = 4

// ClusterLen returns the length in bytes of the first grapheme cluster of s. A line
// end is always a cluster of its own, so that offsets can be found line by line.
func ClusterLen(s string) int {
	if len(s) > 0 && s[0] < utf8.RuneSelf && (len(s) == 1 || s[1] < utf8.RuneSelf) && s[0] != '\r' {
		return 1
	}
	c, _, _, _ := uniseg.FirstGraphemeClusterInString(s, -1)
	return len(c)
}

// Shown returns what stands on the screen for a cluster that begins at a cell of its line, and how many
// cells that takes: a tab goes to the next tab stop.
func Shown(cluster string, cell int) (string, int) {
	if cluster == "\t" {
		n := TabWidth - cell%TabWidth
		return "    "[:n], n
	}
	if len(cluster) == 1 && cluster[0] >= ' ' && cluster[0] < 0x7f {
		return cluster, 1
	}
	shown := show.Clean(cluster)
	return shown, show.Cells(shown)
}

// MoveTo puts the cursor at offset, or after the cluster that covers it.
func (e *Buffer) MoveTo(offset int) {
	e.move(e.place(offset))
}

// move puts the cursor at a place that a key asks for: what is typed next is another step.
func (e *Buffer) move(p place) {
	if p != e.at {
		e.past.rest()
	}
	e.settle(p)
}

// settle puts the cursor at a place, or after the cluster that covers it.
func (e *Buffer) settle(p place) {
	line := e.Line(p.row)
	col := safe(line, p.col)
	for col < p.col {
		col += ClusterLen(line[col:])
	}
	e.set(place{p.row, col})
	e.goal = 0
}

// safe returns an offset at or before col at which a cluster begins for certain: two bytes of ASCII beside
// each other in a line are never of one cluster.
func safe(line string, col int) int {
	for col > 0 && col < len(line) && (line[col] >= utf8.RuneSelf || line[col-1] >= utf8.RuneSelf) {
		col--
	}
	return col
}

// before is the place one cluster before p; after, one cluster after it.
func (e *Buffer) before(p place) place {
	if p.col == 0 {
		if p.row == 0 {
			return p
		}
		return place{p.row - 1, len(e.lines[p.row-1])}
	}
	line := e.lines[p.row]
	col := safe(line, p.col-1)
	for {
		next := col + ClusterLen(line[col:])
		if next >= p.col {
			return place{p.row, col}
		}
		col = next
	}
}

func (e *Buffer) after(p place) place {
	line := e.Line(p.row)
	switch {
	case p.col < len(line):
		return place{p.row, p.col + ClusterLen(line[p.col:])}
	case p.row < e.Lines()-1:
		return place{p.row + 1, 0}
	}
	return p
}

// inWord says whether r belongs to a word for word moves: names and numbers.
func inWord(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// wordLeft is the start of the word at or before the cursor.
func (e *Buffer) wordLeft() place {
	p, inside := e.at, false
	for {
		for p.col > 0 {
			r, n := utf8.DecodeLastRuneInString(e.lines[p.row][:p.col])
			if inside && !inWord(r) {
				return p
			}
			inside = inside || inWord(r)
			p.col -= n
		}
		if inside || p.row == 0 {
			return p
		}
		p = e.before(p)
	}
}

// wordRight is the end of the word at or after the cursor.
func (e *Buffer) wordRight() place {
	p, inside := e.at, false
	for {
		for line := e.Line(p.row); p.col < len(line); {
			r, n := utf8.DecodeRuneInString(line[p.col:])
			if inside && !inWord(r) {
				return p
			}
			inside = inside || inWord(r)
			p.col += n
		}
		if inside || p.row == e.Lines()-1 {
			return p
		}
		p = e.after(p)
	}
}

// Vertical moves the cursor by steps lines, aiming for the column in cells from
// which the first of a row of such moves began. It says false at the first or
// last line, where it does nothing.
func (e *Buffer) Vertical(steps int) bool {
	row := e.at.row + 1
	if steps < 0 {
		row = e.at.row - 1
	}
	if row < 0 || row >= e.Lines() {
		return false
	}
	goal := e.goal - 1
	if goal < 0 {
		_, goal = along(e.lines[e.at.row], e.at.col, -1)
	}
	col, _ := along(e.lines[row], -1, goal)
	e.move(place{row, col})
	e.goal = goal + 1
	return true
}

// along goes through a line until a byte offset or, where that is below 0, as far as it takes no more than
// so many cells. It returns both.
func along(line string, offset, cells int) (int, int) {
	at, cell := 0, 0
	for at < len(line) && (offset < 0 || at < offset) {
		n := ClusterLen(line[at:])
		_, w := Shown(line[at:at+n], cell)
		if offset < 0 && cell+w > cells {
			break
		}
		at, cell = at+n, cell+w
	}
	return at, cell
}

// What keys do to the cursor.

// Left and Right step over one cluster.
func (e *Buffer) Left() { e.move(e.before(e.at)) }

// Right is like Left.
func (e *Buffer) Right() { e.move(e.after(e.at)) }

// WordLeft steps to the start of the word at or before the cursor.
func (e *Buffer) WordLeft() { e.move(e.wordLeft()) }

// WordRight steps to the end of the word at or after the cursor.
func (e *Buffer) WordRight() { e.move(e.wordRight()) }

// LineStart steps to the start of the line.
func (e *Buffer) LineStart() { e.move(place{e.at.row, 0}) }

// LineEnd steps to the end of the line.
func (e *Buffer) LineEnd() { e.move(place{e.at.row, len(e.Line(e.at.row))}) }

// Top steps to the start of the text.
func (e *Buffer) Top() { e.move(place{}) }

// Bottom steps to the end of the text.
func (e *Buffer) Bottom() { e.move(e.end()) }
