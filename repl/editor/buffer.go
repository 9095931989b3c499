// Package editor is the text that one types: lines, a cursor, and what keys do to them. It knows
// no screen and no keys.
//
// The tour: [Buffer] is the text; its methods are what keys are bound to: moves in move.go, cuts in
// cut.go. All that changes the text goes through one method, which undo.go writes down, so that it can be
// undone. What a key costs depends on the line that it changes, not on the text.
package editor

import (
	"slices"
	"strings"
)

// Buffer is a text of any number of lines, and a cursor in it. The zero value is empty.
//
// The cursor always stands between two grapheme clusters, so that what looks like one
// character is passed and deleted as one.
type Buffer struct {
	lines []string // of a Buffer that was never changed there are none
	at    place    // the cursor
	above int      // bytes before the cursor's line
	size  int      // bytes of the text
	// text is the lines joined, where joined says so, or was that before the one change last.
	text    string
	joined  bool
	last    *splice
	version int
	// head and tail are how many of the first and of the last lines are as [Buffer.Renewed] left them.
	head, tail int
	// killed is what the last kill took, for Yank.
	killed string
	// goal is one more than the cell column that up and down aim for; 0 when the last key
	// was neither.
	goal int
	past past
}

// place is a byte offset in a line.
type place struct{ row, col int }

// splice is a change of the text: put stands at an offset where gone bytes were.
type splice struct {
	at, gone int
	put      string
}

// Text returns the text, with \n between its lines.
func (e *Buffer) Text() string {
	switch l := e.last; {
	case e.joined:
		return e.text
	case l != nil:
		e.text = e.text[:l.at] + l.put + e.text[l.at+l.gone:]
	default:
		e.text = strings.Join(e.lines, "\n")
	}
	e.joined, e.last = true, nil
	return e.text
}

// Empty says whether there is no text.
func (e *Buffer) Empty() bool { return e.size == 0 }

// Cursor returns the byte offset of the cursor.
func (e *Buffer) Cursor() int { return e.above + e.at.col }

// Place returns the line of the cursor, from 0, and the byte offset of the cursor in it.
func (e *Buffer) Place() (line, offset int) { return e.at.row, e.at.col }

// Lines returns how many lines the text has, and Line one of them, without its line end.
func (e *Buffer) Lines() int { return max(len(e.lines), 1) }

// Line is described at [Buffer.Lines].
func (e *Buffer) Line(i int) string {
	if len(e.lines) == 0 {
		return ""
	}
	return e.lines[i]
}

// Version returns a number that is another after each change of the text.
func (e *Buffer) Version() int { return e.version }

// Renewed returns how many of the first lines and of the last are as they were when it was called before:
// those between were put in the place of what stood there.
func (e *Buffer) Renewed() (head, tail int) {
	head, tail = e.head, e.tail
	e.head, e.tail = e.Lines(), e.Lines()
	return head, tail
}

// Set replaces the text and puts the cursor after it. Several in a row are undone as one.
func (e *Buffer) Set(text string) {
	e.record(whole, place{}, e.end(), clean(text))
}

// Reset replaces the text as [Buffer.Set] does, and forgets what could be undone: it begins another text.
func (e *Buffer) Reset(text string) {
	e.Set(text)
	e.past = past{}
}

// Insert puts s at the cursor and steps past it. Line ends become \n; all
// else is kept as it is. What is inserted key by key is undone word by word.
func (e *Buffer) Insert(s string) {
	s = clean(s)
	e.record(e.typing(s), e.at, e.at, s)
}

// Paste is Insert for what is undone as one.
func (e *Buffer) Paste(s string) {
	e.record(alone, e.at, e.at, clean(s))
}

// Replace puts s in the place of the text between two offsets, which stand between clusters, and the
// cursor behind it.
func (e *Buffer) Replace(from, to int, s string) {
	e.record(alone, e.place(from), e.place(to), clean(s))
}

// clean makes text from elsewhere one with \n at the ends of its lines.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// end is the place after the text.
func (e *Buffer) end() place {
	last := e.Lines() - 1
	return place{last, len(e.Line(last))}
}

// place finds an offset from the cursor's line on; one outside of the text is its start or its end.
func (e *Buffer) place(offset int) place {
	row, start := e.at.row, e.above
	for row > 0 && offset < start {
		row--
		start -= len(e.lines[row]) + 1
	}
	for row < e.Lines()-1 && offset > start+len(e.lines[row]) {
		start += len(e.lines[row]) + 1
		row++
	}
	return place{row, min(max(offset-start, 0), len(e.Line(row)))}
}

// set puts the cursor at a place.
func (e *Buffer) set(p place) {
	for e.at.row < p.row {
		e.above += len(e.lines[e.at.row]) + 1
		e.at.row++
	}
	for e.at.row > p.row {
		e.at.row--
		e.above -= len(e.lines[e.at.row]) + 1
	}
	e.at.col = p.col
}

// change puts s in the place of what is between two places, and the cursor behind it. It returns what was
// there. It is called by what can be undone, and by undoing.
func (e *Buffer) change(from, to place, s string) string {
	if len(e.lines) == 0 {
		e.lines = []string{""}
	}
	gone := e.between(from, to)
	if gone == "" && s == "" {
		e.settle(from)
		return ""
	}
	e.head, e.tail = min(e.head, from.row), min(e.tail, len(e.lines)-1-to.row)
	e.set(place{from.row, 0})
	start, rest := e.lines[from.row][:from.col], e.lines[to.row][to.col:]
	put := strings.Split(s, "\n")
	last := len(put) - 1
	end := place{from.row + last, len(put[last])}
	if last == 0 {
		end.col += from.col
	}
	put[0] = start + put[0]
	put[last] += rest
	if last == 0 && from.row == to.row {
		e.lines[from.row] = put[0]
	} else {
		e.lines = slices.Replace(e.lines, from.row, to.row+1, put...)
	}
	e.size += len(s) - len(gone)
	if e.last = nil; e.joined {
		e.last = &splice{e.above + from.col, len(gone), s}
	}
	e.joined = false
	e.version++
	e.settle(end)
	return gone
}

// between returns the text between two places.
func (e *Buffer) between(from, to place) string {
	if from.row == to.row {
		return e.Line(from.row)[from.col:to.col]
	}
	var b strings.Builder
	b.WriteString(e.lines[from.row][from.col:])
	for _, l := range e.lines[from.row+1 : to.row] {
		b.WriteString("\n" + l)
	}
	b.WriteString("\n" + e.lines[to.row][:to.col])
	return b.String()
}
