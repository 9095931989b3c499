package vi

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/segq/segq/repl/editor"
)

// motions are the keys of motions of one letter.
const motions = "hl0^$wbeWBEfFtT;,jkG%"

// moves says whether a key is a motion.
func moves(key string) bool {
	return len(key) == 1 && strings.Contains(motions, key) || key == "gg" || key == "ge" || key == "backspace" || key == " "
}

// reach is what a motion reaches.
type reach struct {
	to int
	// last says that the character there is taken by an operator, too, and lines that whole lines are.
	last, lines bool
}

// find is a search for a character in the line.
type find struct{ key, char string }

// view is a text and a place in it.
type view struct {
	text string
	at   int
}

// start and end are those of the line, without its line end.
func (v view) start() int { return strings.LastIndexByte(v.text[:v.at], '\n') + 1 }

func (v view) end() int {
	if i := strings.IndexByte(v.text[v.at:], '\n'); i >= 0 {
		return v.at + i
	}
	return len(v.text)
}

// next and prev are the places of the characters beside one, as they are seen.
func (v view) next(at int) int {
	if at >= len(v.text) {
		return at
	}
	return at + editor.ClusterLen(v.text[at:])
}

func (v view) prev(at int) int {
	if at == 0 {
		return 0
	}
	from := strings.LastIndexByte(v.text[:at-1], '\n') + 1
	for {
		next := v.next(from)
		if next >= at {
			return from
		}
		from = next
	}
}

// reach returns what the motion of a command reaches, and false where there is no such place.
func (k *Keys) reach(c command, v view) (reach, bool) {
	switch c.key {
	case "h", "backspace":
		return v.beside(-c.count)
	case "l", " ":
		r, ok := v.beside(c.count)
		return r, ok || c.operator == "c"
	case "0":
		return reach{to: v.start()}, true
	case "^":
		return reach{to: v.indented()}, true
	case "$":
		if v.end() == v.start() {
			return reach{to: v.at}, true
		}
		return reach{to: v.prev(v.end()), last: true}, true
	case "w", "W", "b", "B", "e", "E", "ge", "cw", "cW":
		return v.words(c)
	case "f", "F", "t", "T":
		k.find = find{c.key, c.char}
		return v.char(k.find, c.count, false)
	case ";", ",":
		f := k.find
		if c.key == "," {
			f.key = map[string]string{"f": "F", "F": "f", "t": "T", "T": "t"}[f.key]
		}
		return v.char(f, c.count, true)
	case "j", "k":
		return v.vertical(c)
	case "G", "gg":
		return v.row(c)
	case "%":
		return v.mate()
	}
	return reach{}, false
}

// beside is some characters away, in the line.
func (v view) beside(n int) (reach, bool) {
	to := v.at
	for ; n > 0 && to < v.end(); n-- {
		to = v.next(to)
	}
	for ; n < 0 && to > v.start(); n++ {
		to = v.prev(to)
	}
	return reach{to: to}, to != v.at
}

// indented is the first character of the line that is no blank.
func (v view) indented() int {
	line := v.text[v.start():v.end()]
	if blank := len(line) - len(strings.TrimLeft(line, " \t")); blank < len(line) {
		return v.start() + blank
	}
	return max(v.prev(v.end()), v.start())
}

// class is what of characters a word is made: 0 for blanks; where big, all others are of one.
func (v view) class(at int, big bool) int {
	r, _ := utf8.DecodeRuneInString(v.text[at:])
	switch {
	case unicode.IsSpace(r):
		return 0
	case big || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
		return 1
	}
	return 2
}

// words is the place some words away.
func (v view) words(c command) (reach, bool) {
	from, big := v.at, strings.ToUpper(c.key) == c.key || c.key == "cW"
	for n := range c.count {
		before := v.at
		switch c.key {
		case "cw", "cW":
			v.at = v.changed(big, n == 0)
		case "w", "W":
			v.at = v.word(big)
		case "b", "B":
			v.at = v.wordBack(big)
		case "ge":
			v.at = v.wordEndBack()
		default:
			v.at = v.wordEnd(big)
		}
		if v.at == before && c.key[0] != 'c' {
			break
		}
	}
	return reach{to: v.at, last: slices.Contains([]string{"e", "E", "ge", "cw", "cW"}, c.key)}, c.operator != "" && c.key != "ge" || v.at != from && (v.at < len(v.text) || v.next(from) < v.at)
}

// changed is where the word ends that a change of words takes: of the first one, which need not go on, the end is
// its own.
func (v view) changed(big, first bool) int {
	if !first {
		return v.wordEnd(big)
	}
	at := v.at
	for next := v.next(at); next < len(v.text) && v.class(next, big) == v.class(at, big); next = v.next(at) {
		at = next
	}
	return at
}

// word is where the next word begins, or the next empty line; else the end.
func (v view) word(big bool) int {
	at := v.at
	if at >= len(v.text) {
		return at
	}
	for c := v.class(at, big); at < len(v.text) && c != 0 && v.class(at, big) == c; {
		at = v.next(at)
	}
	for at < len(v.text) && v.class(at, big) == 0 {
		if at > v.at && v.text[at] == '\n' && v.text[at-1] == '\n' {
			return at
		}
		at = v.next(at)
	}
	return at
}

// wordEnd is where the next word ends.
func (v view) wordEnd(big bool) int {
	at := v.next(v.at)
	for at < len(v.text) && v.class(at, big) == 0 {
		at = v.next(at)
	}
	if at >= len(v.text) {
		return max(v.prev(len(v.text)), v.at)
	}
	for c := v.class(at, big); v.next(at) < len(v.text) && v.class(v.next(at), big) == c; {
		at = v.next(at)
	}
	return at
}

// wordBack is where the word before begins, or the empty line.
func (v view) wordBack(big bool) int {
	at := v.at
	for at > 0 && v.class(v.prev(at), big) == 0 {
		at = v.prev(at)
		if at > 0 && v.text[at] == '\n' && v.text[at-1] == '\n' {
			return at
		}
	}
	if at == 0 {
		return 0
	}
	for c := v.class(v.prev(at), big); at > 0 && v.class(v.prev(at), big) == c; {
		at = v.prev(at)
	}
	return at
}

// wordEndBack is where the word before ends.
func (v view) wordEndBack() int {
	at := v.at
	if at < len(v.text) {
		for c := v.class(at, false); at > 0 && c != 0 && v.class(at, false) == c; {
			at = v.prev(at)
		}
	}
	for at > 0 && v.class(at, false) == 0 {
		at = v.prev(at)
	}
	return at
}

// char is the n-th place of a character in the line. A repeated t does not stay before the one where it is.
func (v view) char(f find, n int, repeated bool) (reach, bool) {
	ahead, before := f.key == "f" || f.key == "t", f.key == "t" || f.key == "T"
	step, at := v.prev, v.at
	if ahead {
		step = v.next
	}
	if repeated && before {
		at = step(at)
	}
	inLine := func(at int) bool { return at >= v.start() && at < v.end() }
	for last := at; n > 0; n-- {
		for at = step(at); inLine(at) && at != last && !strings.HasPrefix(v.text[at:], f.char); at = step(at) {
			last = at
		}
		if !inLine(at) || at == last || f.char == "" {
			return reach{}, false
		}
		last = at
	}
	if before && ahead {
		at = v.prev(at)
	} else if before {
		at = v.next(at)
	}
	return reach{to: at, last: ahead}, true
}

// vertical is the place some lines away.
func (v view) vertical(c command) (reach, bool) {
	column, from := v.at-v.start(), v.start()
	for range c.count {
		switch {
		case c.key == "j" && v.end() < len(v.text):
			v.at = v.end() + 1
		case c.key == "k" && v.start() > 0:
			v.at = v.start() - 1
			v.at = v.start()
		case v.start() == from:
			return reach{}, false
		}
	}
	v.at = v.start()
	start, to := v.at, v.at
	for to < v.end() && to-start < column {
		to = v.next(to)
	}
	return reach{to: to, lines: true}, true
}

// row is the line of the command's count; without one the last, of gg the first.
func (v view) row(c command) (reach, bool) {
	rows := strings.Count(v.text, "\n") + 1
	n := rows
	if c.counted {
		n = min(c.count, rows)
	} else if c.key == "gg" {
		n = 1
	}
	v.at = 0
	for ; n > 1; n-- {
		v.at = v.end() + 1
	}
	return reach{to: v.indented(), lines: true}, true
}

// mate is the bracket that goes with the next one of the line.
func (v view) mate() (reach, bool) {
	const brackets = "()[]{}"
	i := strings.IndexAny(v.text[v.at:v.end()], brackets)
	if i < 0 {
		return reach{}, false
	}
	at := v.at + i
	kind := strings.IndexByte(brackets, v.text[at])
	step, mate := 1, brackets[kind^1]
	if kind%2 == 1 {
		step = -1
	}
	for depth, j := 0, at; j >= 0 && j < len(v.text); j += step {
		switch v.text[j] {
		case brackets[kind]:
			depth++
		case mate:
			if depth--; depth == 0 {
				return reach{to: j, last: true}, true
			}
		}
	}
	return reach{}, false
}
