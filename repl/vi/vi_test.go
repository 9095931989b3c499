package vi_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/segq/segq/repl/editor"
	"github.com/segq/segq/repl/vi"
)

// TestAsVim compares what keys do with what Vim does (testdata/vim.py).
func TestAsVim(t *testing.T) {
	data, err := os.ReadFile("testdata/vim.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	n, bad := 0, 0
	for line := range strings.Lines(string(data)) {
		var c struct {
			Text, Keys, Got          string
			Row, Col, GotRow, GotCol int
		}
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		n++
		var e editor.Buffer
		e.Reset(c.Text)
		e.MoveTo(offset(c.Text, c.Row, c.Col))
		var k vi.Keys
		command(&k, &e, offset(c.Text, c.Row, c.Col))
		for _, key := range c.Keys {
			if out := press(&k, &e, string(key)); out == vi.Other {
				e.Insert(string(key))
			} else if out != vi.Done {
				break // where Vim stops too
			}
		}
		if !k.Commanding() {
			press(&k, &e, "\x1b")
		}
		if got, want := e.Text(), c.Got; got != want || e.Cursor() != offset(want, c.GotRow, c.GotCol) {
			if bad++; bad <= 20 {
				t.Errorf("%q from %d: %q\n got %q at %d\nwant %q at %d", c.Text, offset(c.Text, c.Row, c.Col), c.Keys, got, e.Cursor(), want, offset(want, c.GotRow, c.GotCol))
			}
		}
	}
	if n < 1000 || bad > 0 {
		t.Errorf("%d of %d cases differ", bad, n)
	}
}

// command goes over to commands, with the cursor at an offset.
func command(k *vi.Keys, e *editor.Buffer, at int) {
	k.Press("esc", e)
	e.MoveTo(at)
}

func press(k *vi.Keys, e *editor.Buffer, key string) vi.Outcome {
	switch key {
	case "\x1b":
		key = "esc"
	case "\x12":
		key = "ctrl+r"
	}
	return k.Press(key, e)
}

// offset is that of a place in a text.
func offset(text string, row, col int) int {
	for range row {
		i := strings.IndexByte(text, '\n')
		col += i + 1
		text = text[i+1:]
	}
	return col
}

// Undoing goes back and forth.
func TestUndo(t *testing.T) {
	var e editor.Buffer
	var k vi.Keys
	e.Reset("a b c")
	command(&k, &e, 0)
	for _, step := range []struct{ key, want string }{
		{"x", " b c"}, {"x", "b c"}, {"u", " b c"}, {"u", "a b c"}, {"\x12", " b c"}, {"2", " b c"}, {"u", "a b c"},
	} {
		press(&k, &e, step.key)
		if e.Text() != step.want {
			t.Errorf("after %q: %q, want %q", step.key, e.Text(), step.want)
		}
	}
	if out := press(&k, &e, "u"); out != vi.Refused {
		t.Errorf("undone what was not done: %d", out)
	}
}

// What the input cannot do itself is left to the session.
func TestLeft(t *testing.T) {
	for key, want := range map[string]vi.Outcome{"k": vi.Earlier, "j": vi.Later, "/": vi.Search, "v": vi.Editor, "enter": vi.Other, "ctrl+c": vi.Other, "Q": vi.Refused} {
		var e editor.Buffer
		var k vi.Keys
		e.Reset("one line")
		command(&k, &e, 3)
		if got := press(&k, &e, key); got != want {
			t.Errorf("%s: %d, want %d", key, got, want)
		}
	}
}

// Any keys leave a text, and a cursor in it.
func FuzzKeys(f *testing.F) {
	f.Add("a = 1\nand (b)", "dwiX\x1b.3f(ci(y\x1bGpggu", 3)
	f.Add("é 日本", "ylp2x~.\x12", 0)
	f.Fuzz(func(t *testing.T, text, keys string, at int) {
		var e editor.Buffer
		var k vi.Keys
		e.Reset(text)
		command(&k, &e, at)
		for _, key := range keys[:min(len(keys), 200)] {
			if press(&k, &e, string(key)) == vi.Other {
				e.Insert(string(key))
			}
			if len(e.Text()) > 1<<20 {
				return
			}
			if at := e.Cursor(); at < 0 || at > len(e.Text()) {
				t.Fatalf("the cursor is at %d of %d", at, len(e.Text()))
			}
		}
	})
}
