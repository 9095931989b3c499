package repl

import (
	"fmt"
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/editor"
	"github.com/segq/segq/repl/show"
)

// The prompts have one width, so that the lines of a query stay aligned.
const (
	promptFirst = "segq> "
	promptNext  = " ...> "
	promptWrap  = "      "
)

// mark is a look of its own for a part of the text, such as a line below what is wrong.
type mark struct {
	at    ast.Span
	style style
}

// cell is one grapheme cluster as it is shown.
type cell struct {
	shown  string
	style  style
	offset int
}

// textView lays text out in rows of cells under the prompts. It wraps long
// lines, but loses nothing.
type textView struct {
	palette palette
	width   int
	styles  []style // one for each byte of the text, or nil
	cursor  int     // byte offset, or -1 for no cursor
	// marks are laid over the styles, the later over the earlier.
	marks []mark
	// ghost is what is suggested behind the text: one line, as much as its row holds.
	ghost string

	rows      []string
	row       strings.Builder
	run       strings.Builder // cells of one style that are still to be painted
	runStyle  style
	used      int
	cursorRow int
}

// renderText returns the rows of text, and the index of the row with the cursor.
func renderText(text string, v textView) ([]string, int) {
	offset := 0
	for i, line := range strings.Split(text, "\n") {
		prompt := promptNext
		if i == 0 {
			prompt = promptFirst
		}
		v.begin(v.palette.paint(faint, prompt))
		v.line(line, offset)
		offset += len(line) + 1
	}
	v.suggest()
	v.endRun()
	v.rows = append(v.rows, v.row.String())
	return v.rows, v.cursorRow
}

// begin ends the row under way, if any, and starts one with the given prompt.
func (v *textView) begin(prompt string) {
	v.endRun()
	if v.row.Len() > 0 {
		v.rows = append(v.rows, v.row.String())
		v.row.Reset()
	}
	v.row.WriteString(prompt)
	v.used = len(promptFirst)
}

// line puts the clusters of one line, which starts at offset.
func (v *textView) line(line string, offset int) {
	for len(line) > 0 {
		n := editor.ClusterLen(line)
		c := cell{shown: shownAs(line[:n]), offset: offset}
		if offset < len(v.styles) {
			c.style = v.styles[offset]
		}
		for _, m := range v.marks {
			if m.at.Start < offset+n && offset < m.at.End {
				c.style = c.style.over(m.style)
			}
		}
		v.put(c)
		line, offset = line[n:], offset+n
	}
	if v.cursor == offset {
		v.put(cell{shown: " ", offset: offset})
	}
}

// suggest puts the ghost behind the text, as far as the row goes.
func (v *textView) suggest() {
	line, _, more := strings.Cut(v.ghost, "\n")
	shown := show.Clean(line)
	if more {
		shown += "…"
	}
	if room := v.width - v.used; room > 0 && shown != "" {
		v.endRun()
		v.row.WriteString(v.palette.paint(faint, show.Fit(shown, room)))
	}
}

// shownAs is what stands on the screen for a cluster.
func shownAs(cluster string) string {
	if cluster == "\t" {
		return "    "
	}
	return show.Clean(cluster)
}

// put adds a cell, on a new row where it does not fit.
func (v *textView) put(c cell) {
	w := show.Cells(c.shown)
	if v.used+w > v.width && v.used > len(promptFirst) {
		v.begin(promptWrap)
	}
	v.used += w
	if c.offset == v.cursor {
		v.endRun()
		v.cursorRow = len(v.rows)
		v.row.WriteString(v.palette.cursor(c.style, c.shown))
		return
	}
	if c.style != v.runStyle {
		v.endRun()
		v.runStyle = c.style
	}
	v.run.WriteString(c.shown)
}

// endRun paints the cells that were put since the style last changed.
func (v *textView) endRun() {
	v.row.WriteString(v.palette.paint(v.runStyle, v.run.String()))
	v.run.Reset()
}

// window returns at most height of the rows, with the cursor's among them, and
// says in the first or last of them how many are out of sight.
func window(rows []string, cursorRow, height int) []string {
	height = max(height, 1)
	if len(rows) <= height {
		return rows
	}
	first := min(max(cursorRow-height/2, 0), len(rows)-height)
	shown := append([]string(nil), rows[first:first+height]...)
	if first > 0 && cursorRow != first {
		shown[0] = fmt.Sprintf("  ↑ %d more", first+1)
	}
	if below := len(rows) - first - height; below > 0 && cursorRow != first+height-1 {
		shown[height-1] = fmt.Sprintf("  ↓ %d more", below+1)
	}
	return shown
}
