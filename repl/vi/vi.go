// Package vi edits a text with the keys of vi: those that insert, and those that command, as POSIX describes them
// (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/vi.html) and Vim does them. It knows no screen.
//
// The tour: [Keys] takes the keys one by one (this file). What a motion reaches is in motion.go, what operators and
// single commands do to the text in change.go. Where one is left, it says so as an [Outcome], and whoever has the
// screen does the rest: histories, searches, an editor.
package vi

import (
	"slices"
	"strconv"
	"strings"

	"github.com/segq/segq/repl/editor"
)

// Outcome says what is left to do after a key.
type Outcome int

// The outcomes.
const (
	Other   Outcome = iota // all: the key means what it means without vi
	Done                   // nothing
	Refused                // to say that it cannot be done
	Earlier                // the text before this one, of those that were entered
	Later                  // the one after it
	Search                 // to search through them
	Editor                 // to open the text in the user's editor
)

// Keys is how far a command is typed, and what later ones refer to. The zero value inserts what is typed.
type Keys struct {
	commanding bool
	typed      []string // of a command that goes on
	find       find     // the last one, for ; and ,
	cut        register
	change     change // the last one, for .
	begun      change // the one whose text is being inserted
}

// change is what . does again: the keys of a command, and what was typed after it.
type change struct {
	keys []string
	text string
	// Of the text before that was typed: it, and where.
	before string
	at     int
}

// Commanding says whether keys command.
func (k *Keys) Commanding() bool { return k.commanding }

// Restart goes back to inserting, as a text begins that is not the one from before.
func (k *Keys) Restart() {
	k.commanding, k.typed, k.begun = false, nil, change{}
}

// Press does what a key does to a text. The key is named as Bubble Tea names it, esc or ctrl+r; a letter is itself.
func (k *Keys) Press(key string, e *editor.Buffer) Outcome {
	if !k.commanding {
		if key != "esc" {
			return Other
		}
		k.stop(e)
		return Done
	}
	switch {
	case key == "esc":
		k.typed = nil
		return Done
	case len(k.typed) == 0 && !commands(key):
		return Other
	}
	k.typed = append(k.typed, key)
	c, state := read(k.typed)
	if state == unfinished {
		return Done
	}
	keys := k.typed
	k.typed = nil
	if state == wrong {
		return Refused
	}
	return k.run(c, keys, e)
}

// commands says whether a key begins a command. Those that do not, such as Enter, Tab and Ctrl-C, are no keys of vi.
func commands(key string) bool {
	return len([]rune(key)) == 1 || key == "ctrl+r" || key == "backspace"
}

// stop ends inserting.
func (k *Keys) stop(e *editor.Buffer) {
	k.commanding = true
	if k.begun.keys != nil {
		k.begun.text = inserted(k.begun.before, e.Text(), k.begun.at)
		k.change, k.begun = k.begun, change{}
	}
	if _, col := e.Place(); col > 0 {
		e.Left()
	}
}

// inserted returns what stands at a place of a text that did not stand there before.
func inserted(before, now string, at int) string {
	n := len(now) - len(before)
	if n <= 0 || at > len(before) || now[:at] != before[:at] || now[at+n:] != before[at:] {
		return ""
	}
	return now[at : at+n]
}

// insert begins to insert, as the command of these keys does.
func (k *Keys) insert(keys []string, e *editor.Buffer) Outcome {
	k.commanding = false
	k.begun = change{keys: keys, before: e.Text(), at: e.Cursor()}
	return Done
}

// again does the last change once more.
func (k *Keys) again(e *editor.Buffer) Outcome {
	last := k.change
	if last.keys == nil {
		return Refused
	}
	for _, key := range last.keys {
		if out := k.Press(key, e); out != Done {
			return out
		}
	}
	if !k.commanding {
		e.Paste(last.text)
		k.stop(e)
	}
	k.change = last
	return Done
}

// command is a command as it is typed: d2w, 3x, fa.
type command struct {
	count    int // of both counts, 1 where there is none
	counted  bool
	operator string // d, c, y or ""
	key      string // of the motion, or of the command; of dd the operator
	char     string // what f, F, t, T and r are about
}

// state is how far a command is typed.
type state int

const (
	unfinished state = iota
	whole
	wrong
)

// operators take a motion, or what is in or around something; takesChar are keys that a character follows, and single
// those of commands that are no motions.
const (
	operators = "dcy"
	takesChar = "fFtTr"
	single    = "xXDCYSspPru~iIaAoOv./"
)

// read reads the keys of a command.
func read(keys []string) (command, state) {
	c := command{count: 1}
	keys = c.number(keys)
	if len(keys) > 0 && strings.Contains(operators, keys[0]) {
		c.operator, keys = keys[0], c.number(keys[1:])
	}
	if len(keys) == 0 {
		return c, unfinished
	}
	c.key, keys = keys[0], keys[1:]
	switch {
	case c.key == "g" || c.operator != "" && (c.key == "i" || c.key == "a"):
		if len(keys) == 0 {
			return c, unfinished
		}
		c.key += keys[0]
	case strings.Contains(takesChar, c.key):
		if len(keys) == 0 {
			return c, unfinished
		}
		c.char = keys[0]
	}
	known := moves(c.key) || c.key == c.operator
	switch {
	case c.operator == "":
		known = known || strings.Contains(single, c.key) || c.key == "ctrl+r"
	case len(c.key) == 2 && strings.Contains("ia", c.key[:1]):
		known = strings.Contains(objects, c.key[1:])
	}
	if !known {
		return c, wrong
	}
	return c, whole
}

// number takes a count from the front of keys.
func (c *command) number(keys []string) []string {
	n := slices.IndexFunc(keys, func(k string) bool { return len(k) != 1 || k[0] < '0' || k[0] > '9' })
	if n < 0 {
		n = len(keys)
	}
	if n == 0 || keys[0] == "0" {
		return keys
	}
	count, err := strconv.Atoi(strings.Join(keys[:n], ""))
	if err != nil || count > mostCount {
		count = mostCount
	}
	c.count, c.counted = min(c.count*count, mostCount), true
	return keys[n:]
}

// mostCount is what larger counts are taken for.
const mostCount = 10_000
