package editor

import (
	"slices"
	"strings"
	"testing"

	"github.com/rivo/uniseg"
	"pgregory.net/rapid"
)

// boundaries returns the offsets between the grapheme clusters of text, found by
// one pass of uniseg over the whole of it.
func boundaries(text string) []int {
	all := []int{0}
	g := uniseg.NewGraphemes(text)
	for g.Next() {
		_, to := g.Positions()
		all = append(all, to)
	}
	return all
}

var pieces = []string{
	"a", "é", "e\u0301", "\u0301", "日", "👩‍👩‍👧", "🇳🇴", "\U0001F1F3", "\u200d", " ", "\n", "\t", "foo bar", "\x1b[2J", "x\r\ny", "_1", "\n\n",
}

// situation is a text with a cursor, and what is between clusters beside it.
type situation struct {
	text        string
	cursor      int
	left, right int // the cursor one cluster on
}

func seen(t *rapid.T, e *Buffer) situation {
	s := situation{text: e.Text(), cursor: e.Cursor()}
	all := boundaries(s.text)
	i := slices.Index(all, s.cursor)
	if i < 0 {
		t.Fatalf("cursor %d of %q is inside a cluster", s.cursor, s.text)
	}
	s.left, s.right = all[max(i-1, 0)], all[min(i+1, len(all)-1)]
	return s
}

// operations are what keys do, and what they mean for a text cut into clusters: the text
// after it, and the cursor, -1 where the joining of clusters may move it on.
var operations = map[string]func(t *rapid.T, e *Buffer, s situation) (string, int){
	"insert": func(t *rapid.T, e *Buffer, s situation) (string, int) {
		piece := rapid.SampledFrom(pieces).Draw(t, "text")
		e.Insert(piece)
		return s.text[:s.cursor] + strings.ReplaceAll(piece, "\r\n", "\n") + s.text[s.cursor:], -1
	},
	"paste": func(t *rapid.T, e *Buffer, s situation) (string, int) {
		piece := rapid.SampledFrom(pieces).Draw(t, "text")
		e.Paste(piece)
		return s.text[:s.cursor] + strings.ReplaceAll(piece, "\r\n", "\n") + s.text[s.cursor:], -1
	},
	"replace": func(t *rapid.T, e *Buffer, s situation) (string, int) {
		e.Replace(s.left, s.right, "new")
		return s.text[:s.left] + "new" + s.text[s.right:], -1
	},
	"left":  func(_ *rapid.T, e *Buffer, s situation) (string, int) { e.Left(); return s.text, s.left },
	"right": func(_ *rapid.T, e *Buffer, s situation) (string, int) { e.Right(); return s.text, s.right },
	"backspace": func(_ *rapid.T, e *Buffer, s situation) (string, int) {
		e.DeleteLeft()
		return s.text[:s.left] + s.text[s.cursor:], -1
	},
	"delete": func(_ *rapid.T, e *Buffer, s situation) (string, int) {
		e.DeleteRight()
		return s.text[:s.cursor] + s.text[s.right:], -1
	},
	"home": func(_ *rapid.T, e *Buffer, s situation) (string, int) {
		e.LineStart()
		return s.text, strings.LastIndex(s.text[:s.cursor], "\n") + 1
	},
	"end": func(_ *rapid.T, e *Buffer, s situation) (string, int) {
		e.LineEnd()
		return s.text, s.cursor + len(strings.SplitN(s.text[s.cursor:], "\n", 2)[0])
	},
	"top":    func(_ *rapid.T, e *Buffer, s situation) (string, int) { e.Top(); return s.text, 0 },
	"bottom": func(_ *rapid.T, e *Buffer, s situation) (string, int) { e.Bottom(); return s.text, len(s.text) },
	"cutLeft": func(_ *rapid.T, e *Buffer, s situation) (string, int) {
		e.CutToLineStart()
		return s.text[:strings.LastIndex(s.text[:s.cursor], "\n")+1] + s.text[s.cursor:], -1
	},
	"cutAndYank": func(_ *rapid.T, e *Buffer, s situation) (string, int) {
		// What is cut to the end of the line comes back as it was, unless it joined the cluster before.
		if s.cursor == s.right {
			return s.text, s.cursor
		}
		e.CutToLineEnd()
		if e.Cursor() == s.cursor {
			e.Yank()
			return s.text, -1
		}
		return e.Text(), -1
	},
	"moveTo": func(t *rapid.T, e *Buffer, s situation) (string, int) {
		e.MoveTo(rapid.IntRange(0, len(s.text)).Draw(t, "offset"))
		return s.text, -1
	},
	"up":   func(t *rapid.T, e *Buffer, s situation) (string, int) { return vertically(t, e, s, -1) },
	"down": func(t *rapid.T, e *Buffer, s situation) (string, int) { return vertically(t, e, s, 1) },
	"word": func(t *rapid.T, e *Buffer, s situation) (string, int) {
		e.WordLeft()
		if e.Cursor() > s.cursor {
			t.Fatalf("word left went right, from %d to %d in %q", s.cursor, e.Cursor(), s.text)
		}
		return s.text, -1
	},
}

func vertically(t *rapid.T, e *Buffer, s situation, steps int) (string, int) {
	ahead := s.text[s.cursor:]
	if steps < 0 {
		ahead = s.text[:s.cursor]
	}
	moved := e.Vertical(steps)
	if moved != strings.Contains(ahead, "\n") {
		t.Fatalf("%d from %d of %q gave %v", steps, s.cursor, s.text, moved)
	}
	if moved && strings.Count(s.text[:e.Cursor()], "\n") != strings.Count(s.text[:s.cursor], "\n")+steps {
		t.Fatalf("%d went from %d to %d in %q", steps, s.cursor, e.Cursor(), s.text)
	}
	return s.text, -1
}

// names are those of operations, in a fixed order.
var names = func() []string {
	var all []string
	for n := range operations {
		all = append(all, n)
	}
	slices.Sort(all)
	return all
}()

// The editor against the plain meaning of each operation on a text cut into
// clusters.
func TestEditorAgainstClusters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var e Buffer
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			s := seen(t, &e)
			op := rapid.SampledFrom(names).Draw(t, "op")
			text, cursor := operations[op](t, &e, s)
			if e.Text() != text || cursor >= 0 && e.Cursor() != cursor {
				t.Fatalf("%s, from %q at %d: %q at %d, want %q at %d", op, s.text, s.cursor, e.Text(), e.Cursor(), text, cursor)
			}
			if e.Empty() != (text == "") {
				t.Fatalf("%q is empty: %v", text, e.Empty())
			}
		}
	})
}

// Lines, and the place of the cursor in them, are those of the text, and what Renewed says is as it was is so.
func TestLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var e Buffer
		old := []string{""}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			op := rapid.SampledFrom(append([]string{"undo", "redo"}, names...)).Draw(t, "op")
			switch op {
			case "undo":
				e.Undo()
			case "redo":
				e.Redo()
			default:
				operations[op](t, &e, seen(t, &e))
			}
			lines := strings.Split(e.Text(), "\n")
			var got []string
			for i := range e.Lines() {
				got = append(got, e.Line(i))
			}
			row, col := e.Place()
			if !slices.Equal(got, lines) || len(strings.Join(lines[:row], "\n"))+min(row, 1)+col != e.Cursor() {
				t.Fatalf("%q at %d: lines %q, cursor %d, %d", e.Text(), e.Cursor(), got, row, col)
			}
			if rapid.Bool().Draw(t, "look") {
				head, tail := e.Renewed()
				if !slices.Equal(lines[:head], old[:head]) || !slices.Equal(lines[len(lines)-tail:], old[len(old)-tail:]) {
					t.Fatalf("%q became %q, and %d and %d are said to be the same", old, lines, head, tail)
				}
				old = lines
			}
		}
	})
}

func TestWordMoves(t *testing.T) {
	var e Buffer
	e.Set("homeAddress.city = \"Os lo\"")
	e.Top()
	var right, left []string
	for e.Cursor() < len(e.Text()) {
		e.WordRight()
		right = append(right, e.Text()[:e.Cursor()])
	}
	for e.Cursor() > 0 {
		e.WordLeft()
		left = append(left, e.Text()[e.Cursor():])
	}
	if got, want := strings.Join(right, "|"), `homeAddress|homeAddress.city|homeAddress.city = "Os|homeAddress.city = "Os lo|homeAddress.city = "Os lo"`; got != want {
		t.Errorf("right: %s", got)
	}
	if got, want := strings.Join(left, "|"), `lo"|Os lo"|city = "Os lo"|homeAddress.city = "Os lo"`; got != want {
		t.Errorf("left: %s", got)
	}
}

// Up and down keep the column that they started from across a short line.
func TestVerticalKeepsColumn(t *testing.T) {
	e := Buffer{}
	e.Set("日本語abc\nx\n0123456789")
	e.MoveTo(len("日本語a")) // seven cells in
	e.Vertical(1)
	e.Vertical(1)
	if got := e.Text()[e.Cursor():]; got != "789" {
		t.Errorf("two lines down the rest is %q", got)
	}
	e.Vertical(-1)
	e.Vertical(-1)
	if got := e.Text()[e.Cursor():]; !strings.HasPrefix(got, "bc\n") {
		t.Errorf("back up the rest is %q", got)
	}
	if e.Vertical(-1) {
		t.Error("went up from the first line")
	}
}
