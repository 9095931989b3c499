package repl

import (
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
)

// keyboard is the input of a session on a terminal. Bubble Tea takes no notice of its end, which comes
// when the terminal is gone and the signal that tells so is ignored.
type keyboard struct {
	io.Reader
	ended func()
	// mu is held by who reads from a file, or while that is another's.
	mu sync.Mutex
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

// Read reads as the keyboard does, of which Bubble Tea knows that it has something. While it is another's, that may be
// gone by the time it is the session's again, and Bubble Tea has to look anew.
func (f keyboardFile) Read(p []byte) (int, error) {
	if !f.keyboard.mu.TryLock() {
		f.keyboard.mu.Lock()
		defer f.keyboard.mu.Unlock()
		return 0, nil
	}
	defer f.keyboard.mu.Unlock()
	return f.keyboard.Read(p)
}

// reader returns the keyboard as Bubble Tea takes it.
func (k *keyboard) reader() io.Reader {
	if f, ok := k.Reader.(*os.File); ok {
		return keyboardFile{f, k}
	}
	return k
}

// display is the output of a session on a terminal. What Bubble Tea draws over the rows of its last view holds only
// as long as the terminal leaves them where they are. But most wrap them anew when they become narrower, each in its
// way, and move what does not fit any more above the screen. So the cursor, which they all keep at its character,
// waits on the first row of the view and not on its last one, and after a change of the size all below it is drawn anew.
type display struct {
	io.Writer
	size func() (columns, rows int)

	mu            sync.Mutex // held by who writes, or while the terminal is another's
	columns, rows int
	// below are the rows between the cursor and where Bubble Tea has left it.
	below int
	// fresh says that the view was taken away, since the terminal was another's: the next one begins at the cursor.
	fresh bool
}

// newDisplay returns the display that o has.
func newDisplay(o Options) *display {
	d := &display{Writer: o.Out, size: func() (int, int) { return 0, 0 }}
	if f, ok := o.Out.(term.File); ok {
		d.size = func() (int, int) {
			columns, rows, err := term.GetSize(f.Fd())
			if err != nil {
				return 0, 0
			}
			return columns, rows
		}
	}
	d.columns, d.rows = d.size()
	return d
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

const (
	// viewStart is before the first row of a view. It means nothing to a terminal.
	viewStart = "\x1b[0;0m"
	// clearBelow empties the row of the cursor and all below. It does so in two steps, since tmux takes a screen that
	// is cleared from its first cell on as one that is to be kept above.
	clearBelow = "\r" + ansi.EraseLineRight + "\x1b[C" + ansi.EraseScreenBelow + "\r"
	// cutRows makes the terminal cut rows that are too long, wrapRows wrap them again.
	cutRows, wrapRows = "\x1b[?7l", "\x1b[?7h"
)

// Write writes what Bubble Tea's renderer (v1.3.10) has to say: views, and between them single sequences. It begins
// by going up to the first row of the last view, and leaves the cursor in the first column of the last row. When
// it stops, it takes that row away.
func (d *display) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	text := string(p)
	switch {
	case text == ansi.EraseEntireLine:
		text = clearBelow
		d.below, d.fresh = 0, true
	case text == ansi.CursorHomePosition:
		d.below = 0
	case len(text) > 1 && strings.HasSuffix(text, "\r"):
		text = d.view(text)
	}
	if _, err := io.WriteString(d.Writer, text); err != nil {
		return 0, err
	}
	return len(p), nil
}

// between writes what moves nothing on the screen, between two views.
func (d *display) between(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.Writer.Write(p)
}

// goingUp is how a view begins that is not the first.
var goingUp = regexp.MustCompile(`^\x1b\[([0-9]*)A`)

// view returns what is to be written for a view.
func (d *display) view(text string) string {
	var begin string
	up := 0
	if m := goingUp.FindStringSubmatch(text); m != nil {
		text = text[len(m[0]):]
		up = 1
		if n, err := strconv.Atoi(m[1]); err == nil {
			up = n
		}
	}
	if steps := up - d.below; steps > 0 && !d.fresh {
		begin = ansi.CursorUp(steps)
	}
	if columns, rows := d.size(); columns != d.columns || rows != d.rows {
		begin += clearBelow
		d.columns, d.rows = columns, rows
	}
	// What is printed above the view comes first. It is there for good, and may wrap.
	printed, rest, found := strings.Cut(text, viewStart)
	if !found {
		printed, rest = "", text
	}
	d.below, d.fresh = strings.Count(rest, "\n"), false
	if found && !strings.Contains(printed, "\r\n") { // rows of the view that have not changed
		d.below += strings.Count(printed, "\n")
	}
	text = begin + printed + cutRows + clearedFirst(rest) + wrapRows
	if d.below > 0 {
		text += ansi.CursorUp(d.below)
	}
	return text
}

// clearedFirst returns a view that clears what is below it before it draws its last row, and not behind it: there the
// cursor may stand on the last cell of the row, which would be cleared, too.
func clearedFirst(view string) string {
	rows, clears := strings.CutSuffix(view, ansi.EraseScreenBelow+"\r")
	last := strings.LastIndexByte(rows, '\n') + 1
	if !clears || last == len(rows) {
		return view
	}
	return rows[:last] + clearBelow + rows[last:] + "\r"
}
