package console

import (
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
)

// Screen is the size of a terminal, in cells.
type Screen struct{ Width, Height int }

// SizeOf returns that of the terminal that f is; the size that terminals once had where
// it does not say.
func SizeOf(f *os.File) Screen {
	width, height, err := term.GetSize(f.Fd())
	if err != nil || width == 0 || height == 0 {
		return Screen{80, 24}
	}
	return Screen{width, height}
}

// Fit cuts a line that is too wide. The last column stays free: some terminals begin a
// new line after it.
func (s Screen) Fit(line string) string { return ansi.Truncate(line, max(s.Width-1, 1), "…") }

// Repaint shows the first lines of a text in place of what is on the screen, without
// clearing it first, which flickers.
func (s Screen) Repaint(w io.Writer, text string) error {
	var b strings.Builder
	b.WriteString("\x1b[H")
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if i == s.Height-1 {
			break
		}
		b.WriteString(s.Fit(line) + "\x1b[K\n")
	}
	b.WriteString("\x1b[J")
	_, err := io.WriteString(w, b.String())
	return err
}
