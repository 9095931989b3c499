package editor

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// maxPast bounds what is kept for undoing, in bytes. When it is full, the oldest quarter is forgotten.
const maxPast = 4 << 20

// kind says which changes are undone as one when they follow each other.
type kind uint8

const (
	alone    kind = iota // pasted, cut or replaced
	starting             // typed, and begins a step
	typed                // typed
	erasing              // deleted to the left
	eating               // deleted to the right
	whole                // another text
)

// edit is one change: put stands at a place where gone was.
type edit struct {
	at        place
	gone, put string
}

// step is what is undone at once, and where the cursor was before and after it.
type step struct {
	edit
	before, after place
}

func (s *step) size() int { return 128 + len(s.gone) + len(s.put) }

// past is what has been done. Of the steps the first can be undone, and those behind them, which were
// undone, can be done again.
type past struct {
	steps []step
	done  int
	size  int
	// last is the kind of the newest step, alone where nothing may join it any more.
	last kind
}

// rest ends the newest step.
func (p *past) rest() { p.last = alone }

// typing is the kind of what is typed: a word, and what follows it up to the next, is one step.
func (e *Buffer) typing(s string) kind {
	if strings.Contains(s, "\n") {
		return alone
	}
	before, _ := utf8.DecodeLastRuneInString(e.Line(e.at.row)[:e.at.col])
	if first, _ := utf8.DecodeRuneInString(s); inWord(first) && !inWord(before) {
		return starting
	}
	return typed
}

// record makes a change that can be undone. It returns what was taken away.
func (e *Buffer) record(k kind, from, to place, s string) string {
	before := e.at
	gone := e.change(from, to, s)
	if gone == s {
		return gone
	}
	p := &e.past
	for _, undone := range p.steps[p.done:] {
		p.size -= undone.size()
	}
	p.steps = p.steps[:p.done]
	ed := edit{from, gone, s}
	if p.joins(k, ed) {
		newest := &p.steps[p.done-1]
		p.size -= newest.size()
		newest.join(k, ed)
		newest.after = e.at
		p.size += newest.size()
		if newest.gone == newest.put { // back where it began
			p.size -= newest.size()
			p.done--
			p.steps = p.steps[:p.done]
			k = alone
		}
	} else {
		p.steps = append(p.steps, step{ed, before, e.at})
		p.size += p.steps[p.done].size()
		p.done++
	}
	p.last = k
	p.bound()
	return gone
}

// joins says whether a change belongs to the newest step.
func (p *past) joins(k kind, next edit) bool {
	if p.done == 0 {
		return false
	}
	newest := p.steps[p.done-1].edit
	switch k {
	case typed:
		return (p.last == typed || p.last == starting) && newest.at.behind(newest.put) == next.at
	case erasing:
		return p.last == erasing && next.at.behind(next.gone) == newest.at
	case eating:
		return p.last == eating && next.at == newest.at
	case whole:
		return p.last == whole
	}
	return false
}

// join adds a change to a step.
func (s *step) join(k kind, next edit) {
	switch k {
	case typed:
		s.put += next.put
	case erasing:
		s.at, s.gone = next.at, next.gone+s.gone
	case eating:
		s.gone += next.gone
	default:
		s.put = next.put
	}
}

// behind is the place after s that begins at p.
func (p place) behind(s string) place {
	if i := strings.LastIndexByte(s, '\n'); i >= 0 {
		return place{p.row + strings.Count(s, "\n"), len(s) - i - 1}
	}
	return place{p.row, p.col + len(s)}
}

// bound forgets the oldest steps where there are too many.
func (p *past) bound() {
	if p.size <= maxPast {
		return
	}
	n := 0
	for ; n < p.done-1 && p.size > maxPast/4*3; n++ {
		p.size -= p.steps[n].size()
	}
	p.steps, p.done = slices.Delete(p.steps, 0, n), p.done-n
}

// Undo takes the newest step back, and the cursor to where it was before. It says false where there is none.
func (e *Buffer) Undo() bool {
	p := &e.past
	if p.done == 0 {
		return false
	}
	p.rest()
	p.done--
	s := p.steps[p.done]
	e.change(s.at, s.at.behind(s.put), s.gone)
	e.settle(s.before)
	return true
}

// Redo does the step again that was undone last. It says false where there is none.
func (e *Buffer) Redo() bool {
	p := &e.past
	if p.done == len(p.steps) {
		return false
	}
	p.rest()
	s := p.steps[p.done]
	p.done++
	e.change(s.at, s.at.behind(s.gone), s.put)
	e.settle(s.after)
	return true
}
