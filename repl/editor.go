package repl

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"github.com/segq/segq/repl/show"
)

// editor is the input: a text of any number of lines, and a cursor in it.
//
// The cursor is a byte offset that always stands between two grapheme clusters,
// so that what looks like one character is passed and deleted as one.
type editor struct {
	text   string
	cursor int
	// killed is what the last kill took, for yank.
	killed string
	// goal is the cell column that up and down aim for; -1 when the last key
	// was neither.
	goal int
}

// set replaces the text and puts the cursor after it.
func (e *editor) set(text string) {
	e.text, e.cursor, e.goal = text, len(text), -1
}

// insert puts s at the cursor and steps past it. Line ends become \n; all
// else is kept as it is.
func (e *editor) insert(s string) {
	s = strings.ToValidUTF8(s, "\ufffd")
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	e.text = e.text[:e.cursor] + s + e.text[e.cursor:]
	e.moveTo(e.cursor + len(s))
}

// moveTo puts the cursor at offset, or after the cluster that covers it.
func (e *editor) moveTo(offset int) {
	start := e.lineStart(min(offset, len(e.text)))
	for start < offset {
		start += clusterLen(e.text[start:])
	}
	e.cursor, e.goal = start, -1
}

// clusterLen is the length in bytes of the first grapheme cluster of s. A line
// end is always a cluster of its own, so that offsets can be found line by line.
func clusterLen(s string) int {
	c, _, _, _ := uniseg.FirstGraphemeClusterInString(s, -1)
	return len(c)
}

// lineStart and lineEnd are the ends of the line that holds offset.
func (e *editor) lineStart(offset int) int {
	return strings.LastIndexByte(e.text[:offset], '\n') + 1
}

func (e *editor) lineEnd(offset int) int {
	if i := strings.IndexByte(e.text[offset:], '\n'); i >= 0 {
		return offset + i
	}
	return len(e.text)
}

// before is the offset one cluster before offset; after, one cluster after it.
func (e *editor) before(offset int) int {
	if offset == 0 {
		return 0
	}
	i := e.lineStart(offset)
	if i == offset {
		return offset - 1
	}
	for {
		next := i + clusterLen(e.text[i:])
		if next >= offset {
			return i
		}
		i = next
	}
}

func (e *editor) after(offset int) int {
	if offset == len(e.text) {
		return offset
	}
	return offset + clusterLen(e.text[offset:])
}

// inWord says whether r belongs to a word for word moves: names and numbers.
func inWord(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// wordLeft is the start of the word at or before the cursor.
func (e *editor) wordLeft() int {
	i, inside := e.cursor, false
	for i > 0 {
		r, n := utf8.DecodeLastRuneInString(e.text[:i])
		if inside && !inWord(r) {
			break
		}
		inside = inside || inWord(r)
		i -= n
	}
	return i
}

// wordRight is the end of the word at or after the cursor.
func (e *editor) wordRight() int {
	i, inside := e.cursor, false
	for i < len(e.text) {
		r, n := utf8.DecodeRuneInString(e.text[i:])
		if inside && !inWord(r) {
			break
		}
		inside = inside || inWord(r)
		i += n
	}
	return i
}

// cut takes the text between two offsets away and leaves the cursor there.
func (e *editor) cut(from, to int) string {
	gone := e.text[from:to]
	e.text = e.text[:from] + e.text[to:]
	e.moveTo(from)
	return gone
}

// kill cuts, and keeps what was cut for yank.
func (e *editor) kill(from, to int) {
	if from < to {
		e.killed = e.cut(from, to)
	}
}

// vertical moves the cursor by steps lines, aiming for the column in cells from
// which the first of a row of such moves began. It says false at the first or
// last line, where it does nothing.
func (e *editor) vertical(steps int) bool {
	start := e.lineStart(e.cursor)
	goal := e.goal
	if goal < 0 {
		goal = show.Cells(show.Clean(e.text[start:e.cursor]))
	}
	var target int
	switch {
	case steps < 0 && start > 0:
		target = e.lineStart(start - 1)
	case steps > 0 && e.lineEnd(e.cursor) < len(e.text):
		target = e.lineEnd(e.cursor) + 1
	default:
		return false
	}
	end := e.lineEnd(target)
	for column := 0; target < end; {
		next := e.after(target)
		column += show.Cells(show.Clean(e.text[target:next]))
		if column > goal {
			break
		}
		target = next
	}
	e.cursor, e.goal = target, goal
	return true
}

// killEnd is the end of the line, or after its line end when the cursor is
// there already.
func (e *editor) killEnd() int {
	if end := e.lineEnd(e.cursor); end > e.cursor {
		return end
	}
	return e.after(e.cursor)
}
