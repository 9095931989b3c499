package repl

import (
	"io"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// style is the look of a piece of text. The colours are the sixteen that every
// terminal has and that its user has chosen; none is a background, so that they
// can be read on light and dark alike. Nothing is said by colour alone.
type style struct {
	color                string // a number from 0 to 15, "" for the terminal's own
	bold, faint, reverse bool
}

var (
	plain   = style{}
	bold    = style{bold: true}
	faint   = style{faint: true}
	red     = style{color: "1"}
	green   = style{color: "2"}
	yellow  = style{color: "3"}
	blue    = style{color: "4"}
	magenta = style{color: "5"}
	cyan    = style{color: "6"}
	boldRed = style{color: "1", bold: true}
)

// renderer is told what the terminal is like, so that it never asks it.
var renderer = func() *lipgloss.Renderer {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(termenv.ANSI)
	r.SetHasDarkBackground(true)
	return r
}()

// palette paints text, or leaves it alone where colours are off.
type palette struct {
	on bool
}

// paint returns s in style st.
func (p palette) paint(st style, s string) string {
	if !p.on || st == plain || s == "" {
		return s
	}
	return st.render(s)
}

// cursor returns s as the cell under the cursor, combined with style st. Reverse
// video is not a colour: without it nobody could see where they type.
func (p palette) cursor(st style, s string) string {
	if !p.on {
		st = plain
	}
	st.reverse = true
	return st.render(s)
}

func (st style) render(s string) string {
	l := renderer.NewStyle().Bold(st.bold).Faint(st.faint).Reverse(st.reverse).Inline(true)
	if st.color != "" {
		l = l.Foreground(lipgloss.Color(st.color))
	}
	return l.Render(s)
}
