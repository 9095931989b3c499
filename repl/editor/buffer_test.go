package editor

import (
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

func at(all []int, offset int) int {
	for i, b := range all {
		if b == offset {
			return i
		}
	}
	return -1
}

var operations = []string{
	"insert", "left", "right", "backspace", "delete", "home", "end", "cutLeft", "yank", "up", "down", "word",
}

// The editor against the plain meaning of each operation on a text cut into
// clusters.
func TestEditorAgainstClusters(t *testing.T) {
	pieces := []string{"a", "é", "e\u0301", "\u0301", "日", "👩‍👩‍👧", "🇳🇴", " ", "\n", "\t", "foo bar", "\x1b[2J", "x\r\ny", "_1"}
	rapid.Check(t, func(t *rapid.T) {
		var e Buffer
		e.Set("")
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			all := boundaries(e.text)
			i := at(all, e.cursor)
			if i < 0 {
				t.Fatalf("cursor %d of %q is inside a cluster", e.cursor, e.text)
			}
			left, right := all[max(i-1, 0)], all[min(i+1, len(all)-1)]
			before, cursor := e.text, e.cursor
			wantText, wantCursor := before, cursor
			op := rapid.SampledFrom(operations).Draw(t, "op")
			switch op {
			case "insert":
				s := rapid.SampledFrom(pieces).Draw(t, "text")
				e.Insert(s)
				wantText = before[:cursor] + strings.ReplaceAll(s, "\r\n", "\n") + before[cursor:]
				wantCursor = -1 // checked at the next step: between clusters
			case "left":
				e.MoveTo(e.before(e.cursor))
				wantCursor = left
			case "right":
				e.MoveTo(e.after(e.cursor))
				wantCursor = right
			case "backspace":
				e.cut(e.before(e.cursor), e.cursor)
				wantText, wantCursor = before[:left]+before[cursor:], -1
			case "delete":
				e.cut(e.cursor, e.after(e.cursor))
				wantText, wantCursor = before[:cursor]+before[right:], -1
			case "home":
				e.MoveTo(e.lineStart(e.cursor))
				wantCursor = strings.LastIndex(before[:cursor], "\n") + 1
			case "end":
				e.MoveTo(e.lineEnd(e.cursor))
				wantCursor = cursor + len(strings.SplitN(before[cursor:], "\n", 2)[0])
			case "cutLeft":
				start := e.lineStart(cursor)
				e.kill(start, cursor)
				wantText, wantCursor = before[:start]+before[cursor:], -1
			case "yank":
				// What is cut to the end of the line comes back as it was.
				if e.after(cursor) == cursor {
					continue
				}
				e.kill(cursor, e.killEnd())
				if e.cursor == cursor { // else it joined the cluster before
					e.Insert(e.killed)
				} else {
					wantText = e.text
				}
				wantCursor = -1
			case "up", "down":
				steps, ahead := 1, before[cursor:]
				if op == "up" {
					steps, ahead = -1, before[:cursor]
				}
				moved := e.Vertical(steps)
				if moved != strings.Contains(ahead, "\n") {
					t.Fatalf("%s at %d of %q gave %v", op, cursor, before, moved)
				}
				if moved && strings.Count(before[:e.cursor], "\n") != strings.Count(before[:cursor], "\n")+steps {
					t.Fatalf("%s went from %d to %d in %q", op, cursor, e.cursor, before)
				}
				wantCursor = -1
			case "word":
				e.MoveTo(e.wordLeft())
				if e.cursor > cursor {
					t.Fatalf("word left went right, from %d to %d in %q", cursor, e.cursor, before)
				}
				wantCursor = -1
			}
			if e.text != wantText || wantCursor >= 0 && e.cursor != wantCursor {
				t.Fatalf("from %q at %d: %q at %d, want %q at %d", before, cursor, e.text, e.cursor, wantText, wantCursor)
			}
		}
	})
}

func TestWordMoves(t *testing.T) {
	e := Buffer{text: "homeAddress.city = \"Os lo\""}
	var right, left []string
	for e.cursor < len(e.text) {
		e.MoveTo(e.wordRight())
		right = append(right, e.text[:e.cursor])
	}
	for e.cursor > 0 {
		e.MoveTo(e.wordLeft())
		left = append(left, e.text[e.cursor:])
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
	if got := e.text[e.cursor:]; got != "789" {
		t.Errorf("two lines down the rest is %q", got)
	}
	e.Vertical(-1)
	e.Vertical(-1)
	if got := e.text[e.cursor:]; !strings.HasPrefix(got, "bc\n") {
		t.Errorf("back up the rest is %q", got)
	}
	if e.Vertical(-1) {
		t.Error("went up from the first line")
	}
}
