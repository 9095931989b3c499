//go:build unix

package main

import (
	"cmp"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
)

// screen is a program on a pseudo-terminal, with what the terminal shows: the part of a VT100 that a
// session uses. It knows no program beside the one that it starts.
type screen struct {
	*testing.T
	terminal *os.File
	command  *exec.Cmd
	ended    chan struct{} // closed when the program is

	mu         sync.Mutex
	more       chan struct{} // closed and made anew when something is written
	raw        strings.Builder
	held       string // the beginning of a sequence
	cols, rows int
	above      []string // what has left the screen at its top
	cells      [][]cell
	pen        string // the attributes of what is written next, as the numbers of SGR
	goesOn     []bool // which rows are one line with the next
	x, y       int
	modes      map[string]bool // that were set (h) or reset (l)
	kind       kind
	limit      time.Duration // how long something is waited for; 0 is 20 seconds
	cut        bool          // rows that are too long are cut as they are written
}

// cell is what one place of the screen shows: a character, with its attributes; nothing where the one before it
// is wide.
type cell struct {
	text string
	pen  string
}

// kind is what a terminal does with rows that are too long for a new width.
type kind int

const (
	wraps kind = iota // puts the rest on another row, for which empty rows at the bottom make room
	tmux              // the same, but what is at the top makes room; and keeps above what is cleared from the first cell on
	cuts              // takes the rest away
)

// newScreen starts a command on a screen of its own, whose size 0 by 0 is that of a terminal which does
// not say it: it shows 80 by 24.
func newScreen(t *testing.T, c *exec.Cmd, cols, rows int) *screen {
	t.Helper()
	s := &screen{T: t, command: c, ended: make(chan struct{}), more: make(chan struct{}), cols: cols, rows: rows, modes: map[string]bool{}}
	if cols == 0 {
		s.cols, s.rows = 80, 24
	}
	s.cells, s.goesOn = blank(s.cols, s.rows), make([]bool, s.rows)
	if c.Env == nil {
		c.Env = os.Environ()
	}
	var err error
	size, itsOwn := &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)}, &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 1}
	if s.terminal, err = pty.StartWithAttrs(c, size, itsOwn); err != nil { // what it reads may be something else
		t.Fatal(err)
	}
	go s.listen()
	t.Cleanup(func() {
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) // unless it has ended
		s.terminal.Close()                                // which ends what it has started and left
		_ = c.Wait()
		<-s.ended
	})
	return s
}

// listen shows what the program writes, until it ends.
func (s *screen) listen() {
	defer close(s.ended)
	piece := make([]byte, 1<<16)
	for {
		n, err := s.terminal.Read(piece)
		s.mu.Lock()
		s.raw.Write(piece[:n])
		s.write(s.held + string(piece[:n]))
		close(s.more)
		s.more = make(chan struct{})
		s.mu.Unlock()
		if err != nil { // a pseudo-terminal whose last writer is gone reads as an error on Linux
			return
		}
	}
}

// keys types texts.
func (s *screen) keys(texts ...string) {
	s.Helper()
	for _, text := range texts {
		if _, err := s.terminal.WriteString(text); err != nil {
			s.Fatal(err)
		}
	}
}

// until waits until the screen shows a text, and returns all of it.
func (s *screen) until(text string) string {
	s.Helper()
	return s.wait(text, func(all string) bool { return strings.Contains(all, strings.TrimRight(text, " ")) })
}

// without waits until the screen shows a text no more.
func (s *screen) without(text string) string {
	s.Helper()
	return s.wait("no "+text, func(all string) bool { return !strings.Contains(all, text) })
}

func (s *screen) wait(what string, there func(all string) bool) string {
	s.Helper()
	limit := time.After(cmp.Or(s.limit, 20*time.Second))
	for {
		s.mu.Lock()
		all, more := s.shown(), s.more
		s.mu.Unlock()
		if there(all) {
			return all
		}
		select {
		case <-more:
		case <-s.ended:
			s.mu.Lock()
			all = s.shown()
			s.mu.Unlock()
			if !there(all) {
				s.Fatalf("the program has ended; wanted %s on\n%s", what, all)
			}
		case <-limit:
			s.Fatalf("wanted %s on\n%s", what, all)
		}
	}
}

// text returns what is and was on the screen, line by line.
func (s *screen) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown()
}

// written returns all bytes that the program has written.
func (s *screen) written() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.raw.String()
}

// mode says whether a private mode of the terminal is on: 25 is the cursor, 2004 that pasted text is marked.
func (s *screen) mode(number string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.modes["?"+number]
}

// end waits for the end of the program, and returns its status.
func (s *screen) end() int {
	s.Helper()
	select {
	case <-s.ended:
	case <-time.After(cmp.Or(s.limit, 20*time.Second)):
		s.Fatalf("it does not end; it shows\n%s", s.text())
	}
	_ = s.command.Wait() // the status is returned
	return s.command.ProcessState.ExitCode()
}

// resize changes the size of the terminal, which wraps the lines that have become too long, as most do. A
// size of 0 by 0 is none: what is shown stays.
func (s *screen) resize(cols, rows int) {
	s.Helper()
	s.mu.Lock()
	if cols > 0 {
		s.rewrap(cols, rows)
	}
	s.mu.Unlock()
	if err := pty.Setsize(s.terminal, &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)}); err != nil {
		s.Fatal(err)
	}
}

// rewrap puts the lines into rows of another length. The cursor stays at its character.
func (s *screen) rewrap(cols, rows int) {
	var wrapped [][]cell
	var goesOn []bool
	x, y := s.x, s.y
	for first := 0; first < len(s.cells); {
		last := first
		for s.goesOn[last] {
			last++
		}
		line := slices.Concat(s.cells[first : last+1]...)
		for len(line) > 0 && line[len(line)-1].text == " " {
			line = line[:len(line)-1]
		}
		if s.kind == cuts {
			line = line[:min(len(line), cols)]
			s.x = min(s.x, cols-1)
		}
		if first <= s.y && s.y <= last {
			at := (s.y-first)*s.cols + s.x
			x, y = at%cols, len(wrapped)+at/cols
		}
		for len(line) > cols {
			wrapped, goesOn, line = append(wrapped, line[:cols]), append(goesOn, true), line[cols:]
		}
		wrapped = append(wrapped, append(slices.Clone(line), blank(cols-len(line), 1)[0]...))
		goesOn = append(goesOn, false)
		first = last + 1
	}
	least := 0
	if s.kind == tmux {
		least = len(wrapped) - max(s.rows-rows, 0)
	}
	for len(wrapped) > max(y+1, least) && lineOf(wrapped[len(wrapped)-1]) == "" {
		wrapped = wrapped[:len(wrapped)-1]
	}
	for len(wrapped) > rows {
		s.above = append(s.above, lineOf(wrapped[0]))
		wrapped, goesOn = wrapped[1:], goesOn[1:]
		y--
	}
	s.cols, s.rows, s.cells, s.x, s.y = cols, rows, append(wrapped, blank(cols, rows-len(wrapped))...), x, max(y, 0)
	s.goesOn = append(goesOn[:len(wrapped)], make([]bool, rows-len(wrapped))...)
}

func blank(cols, rows int) [][]cell {
	cells := make([][]cell, rows)
	for i := range cells {
		cells[i] = slices.Repeat([]cell{{text: " "}}, cols)
	}
	return cells
}

// lineOf is the text of a row, without the blanks at its end.
func lineOf(row []cell) string {
	var line strings.Builder
	for _, c := range row {
		line.WriteString(c.text)
	}
	return strings.TrimRight(line.String(), " ")
}

// shown returns the lines that have left the screen, and those on it, without the empty ones at the end.
func (s *screen) shown() string {
	lines := slices.Clone(s.above)
	for _, row := range s.cells {
		lines = append(lines, lineOf(row))
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// scroll moves the first row of the screen to what was on it.
func (s *screen) scroll() {
	s.above = append(s.above, lineOf(s.cells[0]))
	copy(s.cells, s.cells[1:])
	s.cells[len(s.cells)-1] = blank(s.cols, 1)[0]
	s.goesOn = append(s.goesOn[1:], false)
}

// control is a sequence that begins with ESC, whole.
var control = regexp.MustCompile(`^\x1b(?:\[([?<=>]?)([0-9;]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[^\[\]])`)

// write does what a terminal does with a text.
func (s *screen) write(text string) {
	for text != "" {
		n := 0
		switch c := text[0]; {
		case c == '\x1b':
			m := control.FindStringSubmatch(text)
			if m == nil {
				s.held = text
				return
			}
			s.do(m[1], m[2], m[3])
			n = len(m[0])
		case c == '\r':
			s.x, n = 0, 1
		case c == '\n':
			s.down()
			n = 1
		case c < ' ' || c == 0x7f:
			n = 1
		case !utf8.FullRuneInString(text):
			s.held = text
			return
		default:
			_, n = utf8.DecodeRuneInString(text)
			s.put(text[:n])
		}
		text = text[n:]
	}
	s.held = ""
}

func (s *screen) down() {
	if s.y++; s.y == s.rows {
		s.y--
		s.scroll()
	}
}

// put shows a character, on the next line where this one is full.
func (s *screen) put(text string) {
	width := ansi.StringWidth(text)
	if width == 0 { // it belongs to the one before
		if s.x > 0 {
			s.cells[s.y][s.x-1].text += text
		}
		return
	}
	if s.x+width > s.cols && s.cut {
		s.x = s.cols - width
	} else if s.x+width > s.cols {
		s.x, s.goesOn[s.y] = 0, true
		s.down()
	}
	s.cells[s.y][s.x] = cell{text, s.pen}
	for i := 1; i < width; i++ {
		s.cells[s.y][s.x+i] = cell{}
	}
	s.x += width
}

// do does what a sequence says.
func (s *screen) do(private, args, final string) {
	n, _ := strconv.Atoi(strings.Split(args, ";")[0])
	steps := max(n, 1)
	switch final {
	case "A":
		s.y = max(s.y-steps, 0)
	case "B":
		s.y = min(s.y+steps, s.rows-1)
	case "C":
		s.x = min(s.x+steps, s.cols-1)
	case "D":
		s.x = max(s.x-steps, 0)
	case "H":
		s.x, s.y = 0, 0
	case "J":
		if n == 2 {
			s.cells, s.goesOn = blank(s.cols, s.rows), make([]bool, s.rows)
			break
		}
		if s.kind == tmux && s.x == 0 && s.y == 0 {
			for range s.rows {
				s.scroll()
			}
		}
		s.clear(s.y, min(s.x, s.cols-1)) // behind the last cell of a row it still stands on that
		for y := s.y + 1; y < s.rows; y++ {
			s.clear(y, 0)
		}
	case "K":
		if n == 2 {
			s.clear(s.y, 0)
			break
		}
		s.clear(s.y, s.x)
	case "m":
		if s.pen += ";" + args; n == 0 {
			s.pen = ""
		}
	case "h", "l":
		for mode := range strings.SplitSeq(args, ";") {
			s.modes[private+mode] = final == "h"
			s.cut = s.cut && mode != "7" || private+mode == "?7" && final == "l"
		}
	}
}

// clear empties a row from a column on.
func (s *screen) clear(y, from int) {
	for x := min(from, s.cols); x < s.cols; x++ {
		s.cells[y][x] = cell{text: " "}
	}
	s.goesOn[y] = false
}
