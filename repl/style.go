package repl

import (
	"io"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// style is the look of a piece of text. The colours are the eight that every
// terminal has and that its user has chosen; none is a background, so that they
// can be read on light and dark alike. Nothing is said by colour alone.
type style struct {
	color                           string // a number from 0 to 7, "" for the terminal's own
	bold, faint, underline, reverse bool
}

var (
	plain   = style{}
	bold    = style{bold: true}
	faint   = style{faint: true}
	red     = style{color: "1"}
	yellow  = style{color: "3"}
	blue    = style{color: "4"}
	magenta = style{color: "5"}
	cyan    = style{color: "6"}
	boldRed = style{color: "1", bold: true}
)

// renderer is for what lipgloss draws: frames and tables. It is told what the terminal is like, so that
// it never asks it.
var renderer = func() *lipgloss.Renderer {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(termenv.ANSI)
	r.SetHasDarkBackground(true)
	return r
}()

// over returns st with all that other adds to it, and its colour where it has one.
func (st style) over(other style) style {
	if other.color != "" {
		st.color = other.color
	}
	st.bold, st.faint = st.bold || other.bold, st.faint || other.faint
	st.underline, st.reverse = st.underline || other.underline, st.reverse || other.reverse
	return st
}

// palette paints text. Where colours are off, it leaves all away but lines below and reverse video, which
// are no colours: without these nobody could see where they type and what is wrong.
type palette struct {
	on bool
}

// paint returns s in style st.
func (p palette) paint(st style, s string) string {
	if !p.on {
		st = style{underline: st.underline, reverse: st.reverse}
	}
	if st == plain || s == "" {
		return s
	}
	return st.render(s)
}

// cursor returns s as the cell under the cursor, combined with style st.
func (p palette) cursor(st style, s string) string {
	st.reverse = true
	return p.paint(st, s)
}

// render writes the codes itself: lipgloss paints what is underlined rune by rune, which tears emoji and
// accents apart.
func (st style) render(s string) string {
	var codes []byte
	for _, c := range [...]struct {
		on   bool
		code byte
	}{{st.bold, '1'}, {st.faint, '2'}, {st.underline, '4'}, {st.reverse, '7'}} {
		if c.on {
			codes = append(codes, c.code, ';')
		}
	}
	if st.color != "" {
		codes = append(codes, '3')
		codes = append(codes, st.color...)
		codes = append(codes, ';')
	}
	return "\x1b[" + string(codes[:len(codes)-1]) + "m" + s + "\x1b[0m"
}
