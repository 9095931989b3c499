package show

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// alike shortens texts so that those that begin alike can be told apart: what differs stays. Of a
// text with a name before it, what is behind the name counts too: names differ, and say less.
type alike struct {
	sorted []string
	common []int  // common[i] is how many bytes sorted[i-1] and sorted[i] begin with in common
	behind *alike // the texts without their names, nil where none has one
}

func newAlike(texts []string) *alike {
	a := sortedAlike(texts)
	behind, named := make([]string, len(texts)), false
	for i, text := range texts {
		at := nameEnd(text)
		behind[i], named = text[at:], named || at > 0
	}
	if named {
		a.behind = sortedAlike(behind)
	}
	return a
}

func sortedAlike(texts []string) *alike {
	a := &alike{sorted: slices.Compact(slices.Sorted(slices.Values(texts)))}
	a.common = make([]int, len(a.sorted))
	for i := 1; i < len(a.sorted); i++ {
		a.common[i] = inCommon(a.sorted[i-1], a.sorted[i])
	}
	return a
}

// nameEnd is where what is behind the name of a text begins, 0 where it has none.
func nameEnd(text string) int {
	name, _, ok := strings.Cut(text, ": ")
	if !ok || strings.ContainsAny(name, " \"'()[]{}=") {
		return 0
	}
	return len(name) + len(": ")
}

// inCommon is how many bytes two texts begin with in common, in whole characters.
func inCommon(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	for n > 0 && n < len(a) && !utf8.RuneStart(a[n]) {
		n--
	}
	return n
}

// forks are the places in a text at which it parts from some of the others, the last first.
func (a *alike) forks(text string) []int {
	out := a.parted(text)
	if a.behind != nil {
		at := nameEnd(text)
		for _, fork := range a.behind.parted(text[at:]) {
			out = append(out, at+fork)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	slices.Reverse(out)
	return out
}

// parted are the places at which a text parts from some of the others, in any order.
func (a *alike) parted(text string) []int {
	var out []int
	at, there := slices.BinarySearch(a.sorted, text)
	after := at
	if there {
		after++
	}
	least := len(text) + 1
	for i := after; i < len(a.sorted) && least > 0; i++ {
		if i == after {
			least = inCommon(text, a.sorted[i])
		} else {
			least = min(least, a.common[i])
		}
		out = append(out, least)
	}
	least = len(text) + 1
	for i := at - 1; i >= 0 && least > 0; i-- {
		if i == at-1 {
			least = inCommon(text, a.sorted[i])
		} else {
			least = min(least, a.common[i+1])
		}
		out = append(out, least)
	}
	return out
}

// excerpt is a text of which parts are shown.
type excerpt struct {
	runes []rune
	cells []int
	shown []bool
}

// fit shortens a text to width cells, with … in place of what is left out.
func (a *alike) fit(text string, width int) string {
	if Cells(text) <= width {
		return text
	}
	forks := a.forks(text)
	if len(forks) == 0 || beginningTells(text, forks[0], width) {
		return Fit(text, width)
	}
	e := &excerpt{runes: []rune(text)}
	e.shown, e.cells = make([]bool, len(e.runes)), make([]int, len(e.runes))
	for i, r := range e.runes {
		if e.cells[i] = Cells(string(r)); e.cells[i] == 0 && i > 0 { // some of these make what is before them wider
			before := string(e.runes[i-1])
			e.cells[i] = max(Cells(before+string(r))-Cells(before), 0)
		}
	}
	e.tell(forks, text, width)
	e.grow(width)
	return e.String()
}

// beginningTells says whether the word in which a text parts from others for the last time is to be
// seen where only its beginning is shown.
func beginningTells(text string, fork, width int) bool {
	end := fork
	for end < len(text) && (end == fork || !strings.ContainsRune(wordEnds, rune(text[end]))) {
		end++
	}
	return end <= width*utf8.UTFMax && Cells(text[:end]) < width
}

// tell shows the words in which a text differs from others: whole if there is room for all of them,
// else some characters of each.
func (e *excerpt) tell(forks []int, text string, width int) {
	for _, most := range []int{len(e.runes), 12, 6, 3} {
		clear(e.shown)
		all := true
		for _, fork := range forks {
			at := utf8.RuneCountInString(text[:fork])
			from, to := e.word(at)
			from, to = max(from, at-most/3), min(to, at+most)
			all = e.mark(from, to, width) && all
		}
		if all {
			return
		}
	}
}

// wordEnds are what words end with.
const wordEnds = " ()[]{},"

// word returns where the word that has a place begins and ends.
func (e *excerpt) word(at int) (from, to int) {
	from, to = at, at
	for from > 0 && (from == len(e.runes) || !strings.ContainsRune(wordEnds, e.runes[from-1])) {
		from--
	}
	for to < len(e.runes) && (to == at || !strings.ContainsRune(wordEnds, e.runes[to])) {
		to++
	}
	return from, to
}

// mark shows a part of the text if there is room for it.
func (e *excerpt) mark(from, to, width int) bool {
	before := slices.Clone(e.shown)
	for i := from; i < to; i++ {
		e.shown[i] = true
	}
	if e.width() > width {
		e.shown = before
		return false
	}
	return true
}

// grow shows more, as long as there is room: of the beginning, and before what is shown.
func (e *excerpt) grow(width int) {
	for grown := true; grown; {
		grown = false
		if at := slices.Index(e.shown, false); at >= 0 {
			grown = e.mark(at, at+1, width)
		}
		for i := 1; i < len(e.shown); i++ {
			if e.shown[i] && !e.shown[i-1] {
				grown = e.mark(i-1, i, width) || grown
				break
			}
		}
	}
	for i := range e.shown { // … would take as much
		alone := (i == 0 || e.shown[i-1]) && (i == len(e.shown)-1 || e.shown[i+1])
		e.shown[i] = e.shown[i] || alone && e.cells[i] <= 1
	}
}

// width is how many cells the excerpt takes.
func (e *excerpt) width() int {
	n := 0
	for i, shown := range e.shown {
		switch {
		case shown:
			n += e.cells[i]
		case i == 0 || e.shown[i-1]:
			n++
		}
	}
	return n
}

// String returns the excerpt.
func (e *excerpt) String() string {
	var b strings.Builder
	for i, shown := range e.shown {
		switch {
		case shown:
			b.WriteRune(e.runes[i])
		case i == 0 || e.shown[i-1]:
			b.WriteString("…")
		}
	}
	return b.String()
}
