package main

import (
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
)

// screen is the size of a terminal, in cells.
type screen struct{ width, height int }

// screenSize gives that of the terminal that f is; the size that terminals once had where
// it does not say.
func screenSize(f *os.File) screen {
	width, height, err := term.GetSize(f.Fd())
	if err != nil || width == 0 || height == 0 {
		return screen{80, 24}
	}
	return screen{width, height}
}

// fit cuts a line that is too wide. The last column stays free: some terminals begin a
// new line behind it.
func (s screen) fit(line string) string { return ansi.Truncate(line, max(s.width-1, 1), "…") }

// repaint shows the first lines of a text in place of what is on the screen, without
// clearing it first, which flickers.
func (s screen) repaint(w io.Writer, text string) error {
	var b strings.Builder
	b.WriteString("\x1b[H")
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if i == s.height-1 {
			break
		}
		b.WriteString(s.fit(line) + "\x1b[K\n")
	}
	b.WriteString("\x1b[J")
	_, err := io.WriteString(w, b.String())
	return err
}
