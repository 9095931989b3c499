package load

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// maxDepth is how deep a value may be nested.
const maxDepth = 100

// errDuplicate says that an object has a key twice. The row is read again with
// the earlier members left out.
var errDuplicate = errors.New("duplicate key")

// walker reads JSON text into a chunk, straight from the bytes. A row that
// fails leaves nothing behind.
type walker struct {
	chunk   *chunk
	buf     []byte
	pos     int
	depth   int
	stamps  uint64   // number of objects so far
	journal []change // what the row changed
	scratch []byte   // the last text that had escapes

	scale *scale // charges for the chunk; nil for nobody
	bare  bool   // the last row was no object
}

// newWalker returns a walker that fills an empty chunk.
func newWalker(want *wanted) *walker {
	return &walker{chunk: &chunk{root: newRoot(want), open: true}}
}

// syntaxError says where a text is not JSON.
type syntaxError struct {
	offset          int // in the buffer
	expected, found string
	deep            bool // it may be JSON, but is nested too deep
}

func (e *syntaxError) Error() string {
	return fmt.Sprintf("expected %s, found %s", e.expected, e.found)
}

// profile reads the object that begins at start, and says where it ends. A value
// of another kind is the field [bareField] of a profile. When it fails, the chunk is
// as it was.
func (w *walker) profile(buf []byte, start int) (end int, err error) {
	end, err = w.attempt(buf, start)
	if !errors.Is(err, errDuplicate) {
		return end, err
	}
	// Of members with the same key only the last counts.
	w.buf, w.pos, w.depth = buf, start, 0
	single, bad := w.dedupe(nil)
	if bad != nil {
		return 0, bad
	}
	end = w.pos
	_, err = w.attempt(single, 0)
	return end, err
}

func (w *walker) attempt(buf []byte, start int) (int, error) {
	w.buf, w.pos, w.depth = buf, start, 0
	w.journal = w.journal[:0]
	root, slot, read := w.chunk.root, uint32(w.chunk.rows), w.object
	if c := w.peek(); c == '[' || c == '"' || c == 't' || c == 'f' || c == 'n' || number(c) {
		read = w.bareValue
	}
	w.bare = false
	if err := read(root, slot); err != nil {
		w.undo()
		return 0, err
	}
	w.chunk.rows++
	return w.pos, nil
}

// bareField is the field of a profile that is no object in the input.
const bareField = "value"

// bareValue reads a value that is no object as the only field of a row.
func (w *walker) bareValue(root *node, slot uint32) error {
	w.bare = true
	root = w.as(root, kindObject)
	if root.index[bareField] == nil {
		w.journal = append(w.journal, change{root, 0, len(root.children)})
	}
	return w.value(root.child(bareField), slot)
}

// mark notes where the row was that was read last.
func (w *walker) mark(line int) {
	w.chunk.mark(line)
	if w.bare {
		w.chunk.bare.add(w.chunk.rows - 1)
	}
}

// peek skips white space and gives the next byte; 0 at the end.
func (w *walker) peek() byte {
	for w.pos < len(w.buf) {
		switch c := w.buf[w.pos]; c {
		case ' ', '\t', '\r', '\n':
			w.pos++
		default:
			return c
		}
	}
	return 0
}

func (w *walker) expected(what string) error {
	return &syntaxError{offset: w.pos, expected: what, found: w.found()}
}

// found describes what is at the position.
func (w *walker) found() string {
	if w.pos >= len(w.buf) {
		return "the end of the row"
	}
	switch c := w.buf[w.pos]; {
	case c == '{':
		return "an object"
	case c == '[':
		return "a list"
	case c == '"':
		return `"`
	case number(c), c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		return string(bytes.TrimRight(w.word(), ",}]"))
	}
	r, _ := utf8.DecodeRune(w.buf[w.pos:])
	return fmt.Sprintf("%q", r)
}

// word returns the bytes up to the next white space or punctuation, 32 at most.
func (w *walker) word() []byte {
	rest := w.buf[w.pos:min(w.pos+32, len(w.buf))]
	if i := bytes.IndexAny(rest, " \t\r\n,]}:\""); i > 0 {
		return rest[:i]
	}
	return rest
}

func number(c byte) bool { return c == '-' || c >= '0' && c <= '9' }

// enter counts a level of nesting.
func (w *walker) enter() error {
	if w.depth++; w.depth > maxDepth {
		return &syntaxError{offset: w.pos, expected: fmt.Sprintf("at most %d levels of nesting", maxDepth), found: "more", deep: true}
	}
	w.pos++
	return nil
}

// value reads a value into slot of n.
func (w *walker) value(n *node, slot uint32) error {
	switch c := w.peek(); {
	case c == '"':
		return w.textValue(n, slot)
	case number(c):
		return w.numberValue(n, slot)
	case c == '{':
		if n.maps > 0 && !n.want.is("object") || n.want.is("map") {
			return w.mapping(n, slot)
		}
		return w.object(n, slot)
	case c == '[':
		return w.list(n, slot)
	case c == 'n':
		return w.literal("null")
	case c == 't', c == 'f':
		return w.boolValue(n, slot, c == 't')
	}
	return w.expected("a value")
}

// as returns the node for values of a form at n, and notes that it has one.
func (w *walker) as(n *node, form kinds) *node {
	n = n.as(form)
	seen := n.seen
	n.seen |= form
	w.changed(n, seen)
	return n
}

func (w *walker) object(n *node, slot uint32) error {
	if w.peek() != '{' {
		return w.expected("an object")
	}
	n = w.as(n, kindObject)
	if n.parent != nil {
		n.present.put(slot, 0)
	}
	w.stamps++
	stamp, next := w.stamps, 0
	return w.members(func() error {
		c, key, err := w.field(n, &next)
		if err != nil {
			return err
		}
		if c == nil {
			return w.entry(n.spill, n.spill.enter(slot), key, stamp)
		}
		if c.stamp == stamp {
			return errDuplicate
		}
		c.stamp = stamp
		return w.value(c, slot)
	})
}

// field reads a key and the colon, and gives the field of that name. Objects
// mostly have their keys in one order, so the field after the last is tried
// first. Where there is no field, the key belongs to an entry of the spill, and
// the colon is not yet read.
func (w *walker) field(n *node, next *int) (c *node, key []byte, err error) {
	if *next < len(n.children) {
		c := n.children[*next]
		if end := w.pos + 1 + len(c.name); c.plain && end < len(w.buf) && w.buf[end] == '"' &&
			string(w.buf[w.pos+1:end]) == c.name {
			*next++
			w.pos = end + 1
			return c, nil, w.colon()
		}
	}
	if key, err = w.text(); err != nil {
		return nil, nil, err
	}
	if c = n.index[string(key)]; c == nil {
		if n.spills() {
			return nil, key, nil
		}
		w.journal = append(w.journal, change{n, 0, len(n.children)})
		c = n.child(string(key))
		*next = len(n.children)
	}
	return c, nil, w.colon()
}

func (w *walker) colon() error {
	if w.peek() != ':' {
		return w.expected("a colon after the key")
	}
	w.pos++
	return nil
}

// members reads an object from its brace on: member is called at each key.
func (w *walker) members(member func() error) error {
	if err := w.enter(); err != nil {
		return err
	}
	if w.peek() == '}' {
		w.pos++
		w.depth--
		return nil
	}
	for {
		if w.peek() != '"' {
			return w.expected("a key in quotes")
		}
		if err := member(); err != nil {
			return err
		}
		if err := w.scale.add(1); err != nil {
			return err
		}
		switch w.peek() {
		case ',':
			w.pos++
		case '}':
			w.pos++
			w.depth--
			return nil
		default:
			return w.expected("a comma or } after a member")
		}
	}
}

// elements reads a list from its bracket on.
func (w *walker) elements(element func() error) error {
	if err := w.enter(); err != nil {
		return err
	}
	if w.peek() == ']' {
		w.pos++
		w.depth--
		return nil
	}
	for {
		if err := element(); err != nil {
			return err
		}
		if err := w.scale.add(1); err != nil {
			return err
		}
		switch w.peek() {
		case ',':
			w.pos++
		case ']':
			w.pos++
			w.depth--
			return nil
		default:
			return w.expected("a comma or ] after an element")
		}
	}
}

func (w *walker) list(n *node, slot uint32) error {
	n = w.as(n, kindList)
	elem := n.element()
	err := w.elements(func() error {
		at := n.count
		n.count++
		return w.value(elem, at)
	})
	n.present.put(slot, n.count)
	return err
}

func (w *walker) mapping(n *node, slot uint32) error {
	n = w.as(n, kindMap)
	w.stamps++
	stamp := w.stamps
	err := w.members(func() error {
		key, err := w.text()
		if err != nil {
			return err
		}
		at := n.count
		n.count++
		return w.entry(n, at, key, stamp)
	})
	n.present.put(slot, n.count)
	return err
}

// entry reads the colon and the value of an entry of the map n, which has the
// place at. stamp tells the object.
func (w *walker) entry(n *node, at uint32, key []byte, stamp uint64) error {
	keys := n.key()
	if !keys.dict.mark(keys.addKey(at, key), stamp) {
		return errDuplicate
	}
	if err := w.colon(); err != nil {
		return err
	}
	return w.value(n.element(), at)
}
