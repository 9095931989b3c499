package vi

import (
	"strings"
	"unicode"

	"github.com/segq/segq/repl/editor"
)

// register is what was cut or copied; lines says that it is whole lines, which are put below or above the line.
type register struct {
	text  string
	lines bool
}

// shorthands are commands that are an operator with a motion.
var shorthands = map[string]command{
	"x": {operator: "d", key: "l"}, "X": {operator: "d", key: "h"}, "D": {operator: "d", key: "$"}, "C": {operator: "c", key: "$"},
	"s": {operator: "c", key: "l"}, "S": {operator: "c", key: "c"}, "Y": {operator: "y", key: "y"},
}

// run does a command, which these keys are.
func (k *Keys) run(c command, keys []string, e *editor.Buffer) Outcome {
	if long, ok := shorthands[c.key]; ok && c.operator == "" {
		c.operator, c.key = long.operator, long.key
	}
	v := view{e.Text(), e.Cursor()}
	var out Outcome
	switch {
	case c.operator != "":
		out = k.operate(c, keys, v, e)
	case moves(c.key):
		out = k.move(c, v, e)
	default:
		out = k.other(c, keys, v, e)
	}
	if k.commanding {
		onCharacter(e)
	}
	return out
}

// onCharacter puts the cursor on a character of its line, if that has one.
func onCharacter(e *editor.Buffer) {
	v := view{e.Text(), e.Cursor()}
	if v.at == v.end() && v.at > v.start() {
		e.Left()
	}
}

// move goes where a motion goes. Beyond the first line and the last are other texts.
func (k *Keys) move(c command, v view, e *editor.Buffer) Outcome {
	r, ok := k.reach(c, v)
	switch {
	case ok && (c.key == "j" || c.key == "k"):
		for range c.count {
			e.Vertical(map[string]int{"j": 1, "k": -1}[c.key])
		}
		return Done
	case ok:
		e.MoveTo(r.to)
		return Done
	case c.key == "k":
		return Earlier
	case c.key == "j":
		return Later
	}
	return Refused
}

// operate does an operator on what a motion reaches.
func (k *Keys) operate(c command, keys []string, v view, e *editor.Buffer) Outcome {
	if c.operator == "c" && (c.key == "w" || c.key == "W") && v.at < len(v.text) && v.class(v.at, false) != 0 {
		c.key = "c" + c.key // without the blanks behind it
	}
	from, to, lines, ok := k.taken(c, v)
	if !ok {
		return Refused
	}
	k.cut = register{v.text[from:to], lines}
	if c.operator == "y" {
		if !lines {
			e.MoveTo(from)
		} else if r, ok := k.reach(c, v); ok && r.to < v.at {
			e.MoveTo(r.to)
		}
		return Done
	}
	switch {
	case lines && c.operator == "d":
		deleteLines(e, v.text, from, to)
	default:
		e.Replace(from, to, "")
	}
	if c.operator == "c" {
		return k.insert(keys, e)
	}
	k.change = change{keys: keys}
	return Done
}

// taken is the part of the text that a command with an operator is about.
func (k *Keys) taken(c command, v view) (from, to int, lines, ok bool) {
	if len(c.key) == 2 && (c.key[0] == 'i' || c.key[0] == 'a') {
		from, to, ok = v.object(c.key)
		return from, to, false, ok
	}
	r := reach{lines: true}
	if c.key == c.operator {
		r.to = v.at
		for range c.count - 1 {
			if r.to = (view{v.text, r.to}).end() + 1; r.to > len(v.text) {
				return 0, 0, false, false
			}
		}
	} else if r, ok = k.reach(c, v); !ok {
		return 0, 0, false, false
	}
	from, to = min(v.at, r.to), max(v.at, r.to)
	if r.lines {
		return (view{v.text, from}).start(), (view{v.text, to}).end(), true, true
	}
	if r.last && to < len(v.text) {
		to = v.next(to)
	}
	switch {
	case (c.key == "w" || c.key == "W") && c.operator == "c" && v.start() == v.end():
		to = v.at
	case c.key == "w" || c.key == "W":
		to = v.withinLine(to)
	case !r.last && to > from && v.text[to-1] == '\n':
		to-- // what ends where a line begins ends with the line before
	}
	return from, to, false, true
}

// withinLine ends what is taken of words where the last of them ends, or its line, where that is not the first thing
// that is taken.
func (v view) withinLine(to int) int {
	text := v.text[v.at:to]
	last := len(strings.TrimRight(text, " \t\n"))
	if i := strings.IndexByte(text[last:], '\n'); i >= 0 && last+i > 0 {
		return v.at + last + i
	}
	return to
}

// deleteLines takes lines away with their line end, and the cursor to the line that is there then.
func deleteLines(e *editor.Buffer, text string, from, to int) {
	switch {
	case to < len(text):
		to++
	case from > 0:
		from--
	}
	e.Replace(from, to, "")
	v := view{e.Text(), e.Cursor()}
	e.MoveTo(v.indented())
}

// other does a command that is neither a motion nor an operator.
func (k *Keys) other(c command, keys []string, v view, e *editor.Buffer) Outcome {
	switch c.key {
	case "i", "I", "a", "A", "o", "O":
		return k.beginInsert(c.key, keys, v, e)
	case "p", "P":
		return k.put(c, keys, v, e)
	case "r", "~":
		return k.replace(c, keys, v, e)
	case "u", "ctrl+r":
		return again(c.count, map[string]func() bool{"u": e.Undo, "ctrl+r": e.Redo}[c.key])
	case ".":
		return k.again(e)
	case "/":
		return Search
	case "v":
		return Editor
	}
	return Refused
}

// again undoes or redoes as often as it can, up to n times.
func again(n int, do func() bool) Outcome {
	out := Refused
	for ; n > 0 && do(); n-- {
		out = Done
	}
	return out
}

// beginInsert goes to where text is inserted.
func (k *Keys) beginInsert(key string, keys []string, v view, e *editor.Buffer) Outcome {
	switch key {
	case "I":
		e.MoveTo(v.start() + len(v.text[v.start():v.end()]) - len(strings.TrimLeft(v.text[v.start():v.end()], " \t")))
	case "a":
		e.MoveTo(min(v.next(v.at), v.end()))
	case "A":
		e.MoveTo(v.end())
	case "o":
		e.MoveTo(v.end())
		e.Paste("\n")
	case "O":
		e.MoveTo(v.start())
		e.Paste("\n")
		e.Left()
	}
	return k.insert(keys, e)
}

// put inserts what was cut behind the cursor, or before it.
func (k *Keys) put(c command, keys []string, v view, e *editor.Buffer) Outcome {
	text := strings.Repeat(k.cut.text, c.count)
	switch {
	case k.cut == register{}:
		return Refused
	case k.cut.lines && c.key == "p":
		text = strings.Repeat("\n"+k.cut.text, c.count)
		e.Replace(v.end(), v.end(), text)
		e.MoveTo((view{e.Text(), v.end() + 1}).indented())
	case k.cut.lines:
		e.Replace(v.start(), v.start(), strings.Repeat(k.cut.text+"\n", c.count))
		e.MoveTo((view{e.Text(), v.start()}).indented())
	default:
		at := v.at
		if c.key == "p" {
			at = min(v.next(at), v.end())
		}
		e.Replace(at, at, text)
		if strings.Contains(text, "\n") {
			e.MoveTo(at)
		} else {
			e.Left()
		}
	}
	k.change = change{keys: keys}
	return Done
}

// replace puts another character in the place of each, or the same in the other case.
func (k *Keys) replace(c command, keys []string, v view, e *editor.Buffer) Outcome {
	to := v.at
	for n := c.count; n > 0; n-- {
		if to == v.end() {
			if c.key == "~" && to > v.at {
				break
			}
			return Refused
		}
		to = v.next(to)
	}
	text := strings.Repeat(c.char, c.count)
	if c.key == "~" {
		text = strings.Map(swapCase, v.text[v.at:to])
	}
	e.Replace(v.at, to, text)
	if c.key == "r" {
		e.Left()
	}
	k.change = change{keys: keys}
	return Done
}

func swapCase(r rune) rune {
	if unicode.IsUpper(r) {
		return unicode.ToLower(r)
	}
	return unicode.ToUpper(r)
}
