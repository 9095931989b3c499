package repl_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/creack/pty"

	"github.com/segq/segq/repl"
)

// onTerminal starts a session on a pseudo-terminal, and returns where to type and what was shown.
func onTerminal(t *testing.T, b repl.Backend) (io.Writer, *screen) {
	t.Helper()
	master, terminal, err := pty.Open()
	if err != nil {
		if runtime.GOOS == "linux" {
			t.Fatal(err)
		}
		t.Skipf("no pseudo-terminal can be had here: %v", err)
	}
	if err := pty.Setsize(terminal, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	out := newScreen()
	go io.Copy(out, master) // ends with the terminal
	ended := make(chan error, 1)
	go func() { ended <- repl.Run(context.Background(), b, repl.Options{In: terminal, Out: terminal}) }()
	t.Cleanup(func() {
		enter(t, master, "\x03\x04")
		if err := errors.Join(<-ended, terminal.Close(), master.Close()); err != nil {
			t.Error(err)
		}
	})
	out.until(t, "segq> ")
	return master, out
}

// script writes a shell script and returns its path. In it, $DIR is the folder of the test.
func shellScript(t *testing.T, text string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the editor of this test is a script of sh")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "my editor") // with a space, which is quoted
	if err := os.WriteFile(path, []byte("#!/bin/sh\nDIR='"+dir+"'\n"+text), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func fileIn(t *testing.T, script, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(filepath.Dir(script), name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestEditor(t *testing.T) {
	editor := shellScript(t, `
[ "$1" = -w ] || exit 5
shift
[ -t 0 ] && [ -t 1 ] || exit 6
case "$1" in *.pql) ;; *) exit 7 ;; esac
ls -l "$1" >"$DIR/mode"
echo "$1" >"$DIR/name"
cp "$1" "$DIR/seen"
printf '\357\273\277b = 2 and\r\n  c = 3\r\n' >"$1"
`)
	t.Setenv("VISUAL", "")
	t.Setenv("EDITOR", `"`+editor+`" -w`)
	b := &prompt{}
	keyboard, out := onTerminal(t, b)
	enter(t, keyboard, "a = 1")
	out.until(t, "segq> a = 1")
	enter(t, keyboard, "\x18\x05")
	out.until(t, " ...>   c = 3")
	if got := fileIn(t, editor, "seen"); got != "a = 1\n" {
		t.Errorf("the editor was given %q", got)
	}
	if got := fileIn(t, editor, "mode"); !strings.HasPrefix(got, "-rw------- ") {
		t.Errorf("others may read %s", got)
	}
	if _, err := os.Stat(strings.TrimSpace(fileIn(t, editor, "name"))); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is still there: %v", err)
	}
	enter(t, keyboard, "\x1f!") // what was there comes back, and what was edited has not run
	out.until(t, "segq> a = 1!")
	if len(b.submitted) > 0 {
		t.Errorf("%v ran by itself", b.submitted)
	}
}

// An editor that fails, or is not there, leaves the input as it was.
func TestEditorFails(t *testing.T) {
	editor := shellScript(t, "echo rubbish >$1\nexit 3\n")
	for name, want := range map[string]string{
		`"` + editor + `"`:    "the input is as it was: the editor failed (exit status 3)",
		"/nowhere/no-editor":  "the input is as it was: there is no editor /nowhere/no-editor",
		"no-such-editor here": "the input is as it was: there is no editor no-such-editor here",
	} {
		t.Run(want, func(t *testing.T) {
			t.Setenv("VISUAL", name)
			t.Setenv("EDITOR", "true")
			keyboard, out := onTerminal(t, &prompt{})
			enter(t, keyboard, "a = 1")
			out.until(t, "segq> a = 1")
			enter(t, keyboard, "\x1be")
			out.until(t, want)
			enter(t, keyboard, " and")
			out.until(t, "segq> a = 1 and")
		})
	}
}

// Interrupts while the editor is open are the editor's.
func TestInterruptsOfTheEditor(t *testing.T) {
	editor := shellScript(t, `
trap '' INT
kill -INT $PPID; kill -INT $PPID; kill -INT $PPID
echo 'or b = 2' >>"$1"
`)
	link := filepath.Join(filepath.Dir(editor), "editor") // without a space, so that there is no shell in between
	if err := os.Symlink(editor, link); err != nil {
		t.Fatal(err)
	}
	t.Setenv("VISUAL", link)
	keyboard, out := onTerminal(t, &prompt{})
	enter(t, keyboard, "a = 1")
	out.until(t, "segq> a = 1")
	enter(t, keyboard, "\x18\x05")
	out.until(t, " ...> or b = 2")
	enter(t, keyboard, "!")
	out.until(t, " ...> or b = 2!")
}

// What is typed while the editor starts comes behind what was edited, as what is typed while it ends does.
func TestTypedAhead(t *testing.T) {
	editor := shellScript(t, `echo 'or b = 2' >>"$1"`)
	t.Setenv("VISUAL", `'`+editor+`'`)
	keyboard, out := onTerminal(t, &prompt{})
	enter(t, keyboard, "a = 1\x18\x05 or c\x18\x05 = 3")
	out.until(t, " ...> or b = 2 or c")
	out.until(t, " ...> or b = 2 = 3")
}

func TestEditCommand(t *testing.T) {
	editor := shellScript(t, `echo 'or b = 2' >>"$1"`)
	t.Setenv("VISUAL", `'`+editor+`'`)
	b := &prompt{}
	keyboard, out := onTerminal(t, b)
	enter(t, keyboard, "a = 1\r")
	out.until(t, "123 of 456")
	enter(t, keyboard, ".jobs\r.edit\r")
	out.until(t, " ...> or b = 2")
	if len(b.submitted) != 1 {
		t.Errorf("%v ran", b.submitted)
	}
}
