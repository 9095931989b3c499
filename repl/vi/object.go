package vi

import "strings"

// objects are what an operator may be about with an i before it for what is in it, or an a for all of it: words, texts
// in quotes, what is in brackets.
const objects = "wW\"'`()b[]{}B"

// object returns the part of the text that an object is.
func (v view) object(key string) (from, to int, ok bool) {
	all := key[0] == 'a'
	switch kind := key[1:]; kind {
	case "w", "W":
		return v.wordObject(kind == "W", all)
	case `"`, "'", "`":
		return v.quoted(kind, all)
	case "(", ")", "b":
		return v.bracketed('(', ')', all)
	case "[", "]":
		return v.bracketed('[', ']', all)
	}
	return v.bracketed('{', '}', all)
}

// wordObject is the word at the place, or the blanks there; all of it has the blanks behind it too, else those before.
func (v view) wordObject(big, all bool) (from, to int, ok bool) {
	if v.start() == v.end() {
		return 0, 0, false
	}
	run := func(at int) (int, int) {
		c, from := v.class(at, big), at
		for from > v.start() && v.class(v.prev(from), big) == c {
			from = v.prev(from)
		}
		for at < v.end() && v.class(at, big) == c {
			at = v.next(at)
		}
		return from, at
	}
	from, to = run(v.at)
	if !all {
		return from, to, true
	}
	blank := v.class(v.at, big) == 0
	switch {
	case to < v.end() && (blank || v.class(to, big) == 0):
		_, to = run(to)
	case blank:
		return 0, 0, false
	case from > v.start() && v.class(v.prev(from), big) == 0:
		if start, _ := run(v.prev(from)); start > v.start() { // what a line begins with stays
			from = start
		}
	}
	return from, to, true
}

// quoted is the text in quotes of the line that is at the place or behind it.
func (v view) quoted(quote string, all bool) (from, to int, ok bool) {
	line := v.text[v.start():v.end()]
	for at := 0; ; {
		i := strings.Index(line[at:], quote)
		if i < 0 {
			return 0, 0, false
		}
		from = at + i
		to = from + 1
		for to < len(line) && line[to] != quote[0] {
			if line[to] == '\\' {
				to++
			}
			to++
		}
		if to >= len(line) {
			return 0, 0, false
		}
		if v.start()+to >= v.at {
			break
		}
		at = to + 1
	}
	if !all {
		return v.start() + from + 1, v.start() + to, true
	}
	to++
	if blank := len(line[to:]) - len(strings.TrimLeft(line[to:], " \t")); blank > 0 {
		to += blank
	} else {
		from = len(strings.TrimRight(line[:from], " \t"))
	}
	return v.start() + from, v.start() + to, true
}

// bracketed is what is in the brackets around the place, else in the next ones.
func (v view) bracketed(open, shut byte, all bool) (from, to int, ok bool) {
	depth := 0
	for from = v.at; from >= 0; from-- {
		if from < len(v.text) && v.text[from] == shut && from != v.at {
			depth++
		} else if from < len(v.text) && v.text[from] == open {
			if depth--; depth < 0 {
				break
			}
		}
	}
	if from < 0 {
		next := strings.IndexByte(v.text[v.at:], open)
		if next < 0 {
			return 0, 0, false
		}
		from = v.at + next
	}
	at, ok := view{v.text, from}.mate()
	if !ok {
		return 0, 0, false
	}
	if all {
		return from, at.to + 1, true
	}
	return from + 1, at.to, true
}
