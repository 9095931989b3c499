package repl

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"

	"github.com/segq/segq/repl/show"
)

// mostCopied is how many bytes are copied at most: in base64 they are 100,000, and many terminals take no more.
const mostCopied = 74_994

// clipboard is where texts are copied to: the terminal, which may be far away, and the program of the system where
// the session is not.
type clipboard struct {
	terminal func(sequence string) error
	getenv   func(string) string
}

// copy copies a text. That the terminal takes it cannot be known.
func (c *clipboard) copy(text string) error {
	if len(text) > mostCopied {
		return fmt.Errorf("%s are too much: terminals take %s at most; .export FILE has room for all", show.Plural(len(text), "byte", "bytes"), show.Count(mostCopied))
	}
	native := c.native(text)
	if c.getenv("TERM") == "dumb" {
		if native != nil {
			return fmt.Errorf("the terminal does not copy (TERM=dumb), and %w", native)
		}
		return nil
	}
	return c.terminal(c.sequence(text))
}

// sequence is what tells a terminal to copy a text (OSC 52), also through tmux and screen.
func (c *clipboard) sequence(text string) string {
	s := ansi.SetSystemClipboard(text)
	switch {
	case c.getenv("TMUX") != "":
		return s + ansi.TmuxPassthrough(s) // one for each of the two ways in which it may be set up
	case c.getenv("STY") != "":
		return ansi.ScreenPassthrough(s, screenLimit)
	}
	return s
}

// screenLimit is how long a string may be that screen passes through.
const screenLimit = 768

// programs copy what they read, by the variable that says that they can be used.
var programs = []struct{ system, variable, command string }{
	{"darwin", "", "pbcopy"},
	{"windows", "", "clip"},
	{"", "WAYLAND_DISPLAY", "wl-copy"},
	{"", "DISPLAY", "xclip -selection clipboard"},
	{"", "DISPLAY", "xsel --input --clipboard"},
}

// copying is how long such a program may take.
const copying = 2 * time.Second

// native copies a text with a program of this system, unless the terminal is elsewhere.
func (c *clipboard) native(text string) error {
	if c.getenv("SSH_CONNECTION") != "" || c.getenv("SSH_TTY") != "" {
		return fmt.Errorf("the session is behind ssh")
	}
	for _, p := range programs {
		words := strings.Fields(p.command)
		if p.system != "" && p.system != runtime.GOOS || p.variable != "" && c.getenv(p.variable) == "" {
			continue
		}
		if _, err := exec.LookPath(words[0]); err != nil {
			continue
		}
		ctx, stop := context.WithTimeout(context.Background(), copying)
		defer stop()
		run := exec.CommandContext(ctx, words[0], words[1:]...)
		run.Stdin = strings.NewReader(text)
		return run.Run()
	}
	return fmt.Errorf("there is no program that copies")
}

// clipboardOf returns what copies onto the clipboard of the terminal to which write writes, nil where that is none.
func clipboardOf(out io.Writer, write func([]byte) (int, error)) func(string) error {
	if f, ok := out.(term.File); !ok || !term.IsTerminal(f.Fd()) {
		return nil
	}
	c := &clipboard{getenv: os.Getenv, terminal: func(sequence string) error {
		_, err := write([]byte(sequence))
		return err
	}}
	return c.copy
}
