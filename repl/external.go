package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/show"
)

// mostEdited is the size of the largest file that is taken back from an editor.
const mostEdited = 64 << 20

// external is the text of the input in the user's own editor, which runs while the terminal is the editor's.
type external struct {
	text string
	// The files of the terminal itself: an editor needs them, not what a session reads through.
	in      io.Reader
	out     io.Writer
	ctx     context.Context // an editor that is open when it ends is to end, too
	signals *signals
}

// run returns when the editor is closed. The text is then what was saved.
func (x *external) run() (err error) {
	f, err := os.CreateTemp("", "segq-*.pql") // which nobody else may read
	if err != nil {
		return fmt.Errorf("no file for the editor: %w", err)
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	_, err = io.WriteString(f, x.text+"\n")
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("no file for the editor: %w", err)
	}
	name, c := editorOn(x.ctx, f.Name())
	if c == nil {
		return errors.New("there is no editor: set EDITOR, such as EDITOR=nano")
	}
	c.Stdin, c.Stdout, c.Stderr = x.in, x.out, os.Stderr
	gently(c)
	if x.signals != nil {
		x.signals.away.Store(true)
		defer x.signals.away.Store(false)
	}
	switch err := c.Run(); {
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("there is no editor %s", name)
	case err != nil:
		return fmt.Errorf("the editor failed (%w): %s", err, name)
	}
	x.text, err = readBack(f.Name())
	return err
}

// readBack returns a text as an editor has left it: with one line end behind it, perhaps those of Windows, and
// a mark at the start.
func readBack(path string) (string, error) {
	if info, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("what was edited is gone: %w", err)
	} else if info.Size() > mostEdited {
		return "", fmt.Errorf("what was edited is too long: %d bytes", info.Size())
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read what was edited: %w", err)
	}
	text := strings.TrimPrefix(string(b), "\ufeff")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.TrimSuffix(text, "\n"), nil
}

// editorOn returns the user's editor, and the command that opens a file in it: nil where there is none.
func editorOn(ctx context.Context, path string) (name string, c *exec.Cmd) {
	for _, variable := range []string{"VISUAL", "EDITOR"} {
		value := strings.TrimSpace(os.Getenv(variable))
		if value != "" {
			return value, commandOf(ctx, value, path)
		}
	}
	for _, name := range []string{"vi", "nano", "notepad"} {
		if found, err := exec.LookPath(name); err == nil {
			return name, exec.CommandContext(ctx, found, path)
		}
	}
	return "", nil
}

// commandOf returns the command that a user has written in a variable, with arguments behind it.
func commandOf(ctx context.Context, value string, args ...string) *exec.Cmd {
	if runtime.GOOS != "windows" && strings.ContainsAny(value, "|&;<>()$`\\\"'*?[#~=%") {
		return exec.CommandContext(ctx, "/bin/sh", append([]string{"-c", value + ` "$@"`, value}, args...)...) // as git does
	}
	words := strings.Fields(value)
	return exec.CommandContext(ctx, words[0], append(words[1:], args...)...)
}

// externalMsg is the text that comes back from an editor, or why none does.
type externalMsg struct {
	text string
	err  error
}

// openEditor opens the input in the user's editor.
func (m *Model) openEditor() tea.Cmd { return m.edit(m.editor.Text()) }

// edit opens a text in the user's editor. What comes back is the input.
func (m *Model) edit(text string) tea.Cmd {
	if m.accessible {
		m.print("an editor needs the terminal for itself, which a session of lines cannot give it")
		return nil
	}
	x := &external{text, m.in, m.terminal, m.ctx, m.signals}
	return m.lend(x.run, func(err error) tea.Msg { return externalMsg{x.text, err} })
}

// edited takes the text over that comes back from an editor. It never runs by itself. After a failure the input is
// as it was.
func (m *Model) edited(msg externalMsg) tea.Cmd {
	m.away, m.returned = false, time.Now()
	if msg.err != nil {
		m.hint = "the input is as it was: " + show.OneLine(msg.err.Error())
		return nil
	}
	version := m.editor.Version()
	if m.editor.Text() != msg.text {
		m.editor.Replace(0, len(m.editor.Text()), msg.text)
	}
	if m.editor.Version() == version {
		return nil
	}
	return m.changed()
}
