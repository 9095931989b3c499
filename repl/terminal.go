package repl

import (
	"io"
	"os"
	"strings"
	"sync"

	"github.com/charmbracelet/x/ansi"
	"github.com/segq/segq/repl/show"
)

// keyboard is the input of a session on a terminal. Bubble Tea takes no notice of its end, which comes
// when the terminal is gone and the signal that tells so is ignored.
type keyboard struct {
	io.Reader
	ended func()
}

// Read reads, and tells of the end.
func (k *keyboard) Read(p []byte) (int, error) {
	n, err := k.Reader.Read(p)
	if err == io.EOF {
		go k.ended()
	}
	return n, err
}

// keyboardFile is a keyboard that is a file, which is how Bubble Tea knows a terminal.
type keyboardFile struct {
	*os.File
	keyboard *keyboard
}

// Read reads as the keyboard does.
func (f keyboardFile) Read(p []byte) (int, error) { return f.keyboard.Read(p) }

// reader returns the keyboard as Bubble Tea takes it.
func (k *keyboard) reader() io.Reader {
	if f, ok := k.Reader.(*os.File); ok {
		return keyboardFile{f, k}
	}
	return k
}

// display is the output of a session on a terminal. Most terminals wrap the lines that are too long for
// a new width, so that what Bubble Tea draws over the old rows leaves some of them behind.
type display struct {
	io.Writer
	wraps bool // it wraps lines anew

	mu    sync.Mutex
	first string // what to write before all else
}

// newDisplay returns the display that o has. Some terminals cut lines off instead of wrapping them.
func newDisplay(o Options) *display {
	name := os.Getenv("TERM")
	cuts := os.Getenv("XTERM_VERSION") != "" || name == "linux" || strings.HasPrefix(name, "rxvt") ||
		strings.HasPrefix(name, "screen") && os.Getenv("TMUX") == ""
	return &display{Writer: o.Out, wraps: !cuts}
}

// displayFile is a display that is a file.
type displayFile struct {
	*os.File
	display *display
}

// Write writes as the display does.
func (f displayFile) Write(p []byte) (int, error) { return f.display.Write(p) }

// WriteString writes as the display does.
func (f displayFile) WriteString(s string) (int, error) { return f.display.Write([]byte(s)) }

// writer returns the display as Bubble Tea takes it.
func (d *display) writer() io.Writer {
	if f, ok := d.Writer.(*os.File); ok {
		return displayFile{f, d}
	}
	return d
}

// Write writes what is to come first, and p.
func (d *display) Write(p []byte) (int, error) {
	d.mu.Lock()
	first := d.first
	d.first = ""
	d.mu.Unlock()
	if first != "" {
		if _, err := io.WriteString(d.Writer, first); err != nil {
			return 0, err
		}
	}
	return d.Writer.Write(p)
}

// resized makes the next thing written take away what is left of a view when the screen has become
// narrower. The cursor stands in the first column of the last line of the view, as Bubble Tea leaves it,
// and is put back into the row that this line had.
func (d *display) resized(view string, was, width int) {
	if !d.wraps || width <= 0 || width >= was {
		return
	}
	lines := strings.Split(view, "\n")
	above := 0
	for _, l := range lines[:len(lines)-1] {
		above += max((show.Cells(l)+width-1)/width, 1)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.first = "\r"
	if above > 0 {
		d.first += ansi.CursorUp(above)
	}
	d.first += ansi.EraseScreenBelow + strings.Repeat("\n", len(lines)-1)
}
