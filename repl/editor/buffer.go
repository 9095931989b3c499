// Package editor is the text that one types: lines, a cursor, and what keys do to them. It knows
// no screen and no keys.
//
// The tour: [Buffer] is the text; its methods are what keys are bound to.
package editor

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"github.com/segq/segq/repl/show"
)

// Buffer is a text of any number of lines, and a cursor in it. The zero value is empty.
//
// The cursor is a byte offset that always stands between two grapheme clusters,
// so that what looks like one character is passed and deleted as one.
type Buffer struct {
	text   string
	cursor int
	// killed is what the last kill took, for Yank.
	killed string
	// goal is one more than the cell column that up and down aim for; 0 when the last key
	// was neither.
	goal int
}

// Text returns the text, with \n between its lines.
func (e *Buffer) Text() string { return e.text }

// Cursor returns the byte offset of the cursor.
func (e *Buffer) Cursor() int { return e.cursor }

// Set replaces the text and puts the cursor after it.
func (e *Buffer) Set(text string) {
	e.text, e.cursor, e.goal = text, len(text), 0
}

// Insert puts s at the cursor and steps past it. Line ends become \n; all
// else is kept as it is.
func (e *Buffer) Insert(s string) {
	s = strings.ToValidUTF8(s, "\ufffd")
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	e.text = e.text[:e.cursor] + s + e.text[e.cursor:]
	e.MoveTo(e.cursor + len(s))
}

// MoveTo puts the cursor at offset, or after the cluster that covers it.
func (e *Buffer) MoveTo(offset int) {
	start := e.lineStart(min(offset, len(e.text)))
	for start < offset {
		start += ClusterLen(e.text[start:])
	}
	e.cursor, e.goal = start, 0
}

// ClusterLen returns the length in bytes of the first grapheme cluster of s. A line
// end is always a cluster of its own, so that offsets can be found line by line.
func ClusterLen(s string) int {
	c, _, _, _ := uniseg.FirstGraphemeClusterInString(s, -1)
	return len(c)
}

// lineStart and lineEnd are the ends of the line that holds offset.
func (e *Buffer) lineStart(offset int) int {
	return strings.LastIndexByte(e.text[:offset], '\n') + 1
}

func (e *Buffer) lineEnd(offset int) int {
	if i := strings.IndexByte(e.text[offset:], '\n'); i >= 0 {
		return offset + i
	}
	return len(e.text)
}

// before is the offset one cluster before offset; after, one cluster after it.
func (e *Buffer) before(offset int) int {
	if offset == 0 {
		return 0
	}
	i := e.lineStart(offset)
	if i == offset {
		return offset - 1
	}
	for {
		next := i + ClusterLen(e.text[i:])
		if next >= offset {
			return i
		}
		i = next
	}
}

func (e *Buffer) after(offset int) int {
	if offset == len(e.text) {
		return offset
	}
	return offset + ClusterLen(e.text[offset:])
}

// inWord says whether r belongs to a word for word moves: names and numbers.
func inWord(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// wordLeft is the start of the word at or before the cursor.
func (e *Buffer) wordLeft() int {
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
func (e *Buffer) wordRight() int {
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
func (e *Buffer) cut(from, to int) string {
	gone := e.text[from:to]
	e.text = e.text[:from] + e.text[to:]
	e.MoveTo(from)
	return gone
}

// kill cuts, and keeps what was cut for [Buffer.Yank].
func (e *Buffer) kill(from, to int) {
	if from < to {
		e.killed = e.cut(from, to)
	}
}

// Vertical moves the cursor by steps lines, aiming for the column in cells from
// which the first of a row of such moves began. It says false at the first or
// last line, where it does nothing.
func (e *Buffer) Vertical(steps int) bool {
	start := e.lineStart(e.cursor)
	goal := e.goal - 1
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
	e.cursor, e.goal = target, goal+1
	return true
}

// killEnd is the end of the line, or after its line end when the cursor is
// there already.
func (e *Buffer) killEnd() int {
	if end := e.lineEnd(e.cursor); end > e.cursor {
		return end
	}
	return e.after(e.cursor)
}

// What keys do to the cursor.

// Left and Right step over one cluster.
func (e *Buffer) Left() { e.MoveTo(e.before(e.cursor)) }

// Right is like Left.
func (e *Buffer) Right() { e.MoveTo(e.after(e.cursor)) }

// WordLeft steps to the start of the word at or before the cursor.
func (e *Buffer) WordLeft() { e.MoveTo(e.wordLeft()) }

// WordRight steps to the end of the word at or after the cursor.
func (e *Buffer) WordRight() { e.MoveTo(e.wordRight()) }

// LineStart steps to the start of the line.
func (e *Buffer) LineStart() { e.MoveTo(e.lineStart(e.cursor)) }

// LineEnd steps to the end of the line.
func (e *Buffer) LineEnd() { e.MoveTo(e.lineEnd(e.cursor)) }

// Top steps to the start of the text.
func (e *Buffer) Top() { e.MoveTo(0) }

// Bottom steps to the end of the text.
func (e *Buffer) Bottom() { e.MoveTo(len(e.text)) }

// What keys do to the text.

// DeleteLeft takes away the cluster before the cursor.
func (e *Buffer) DeleteLeft() { e.cut(e.before(e.cursor), e.cursor) }

// DeleteRight takes away the cluster at the cursor.
func (e *Buffer) DeleteRight() { e.cut(e.cursor, e.after(e.cursor)) }

// CutWord takes away what is from the start of the word, for [Buffer.Yank] as the other cuts.
func (e *Buffer) CutWord() { e.kill(e.wordLeft(), e.cursor) }

// CutWordRight takes away what is up to the end of the word.
func (e *Buffer) CutWordRight() { e.kill(e.cursor, e.wordRight()) }

// CutToLineStart takes away what is before the cursor on its line.
func (e *Buffer) CutToLineStart() { e.kill(e.lineStart(e.cursor), e.cursor) }

// CutToLineEnd takes away what is behind the cursor on its line, or the line end.
func (e *Buffer) CutToLineEnd() { e.kill(e.cursor, e.killEnd()) }

// CutAll takes away everything.
func (e *Buffer) CutAll() { e.kill(0, len(e.text)) }

// Yank inserts what was cut last.
func (e *Buffer) Yank() { e.Insert(e.killed) }

// Replace puts s in the place of the text between two offsets, which stand between clusters, and the
// cursor behind it.
func (e *Buffer) Replace(from, to int, s string) {
	e.cut(from, to)
	e.Insert(s)
}
