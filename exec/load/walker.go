package load

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
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
	row     uint64  // number of the attempt to read a row, from 1
	stamps  uint64  // number of objects so far
	journal []state // what the row touched
	scratch []byte  // the last text that had escapes

	scale *scale // charges for the chunk; nil for nobody

	duplicates int             // members that dedupe left out
	wide       map[string]bool // the paths of objects that are maps; see widen
}

// newWalker gives a walker that fills an empty chunk. prior is what is known
// from the rows before it.
func newWalker(prior *shape) *walker {
	return &walker{chunk: &chunk{root: newRoot(prior)}}
}

// syntaxError says where a text is not JSON.
type syntaxError struct {
	offset          int // in the buffer
	expected, found string
}

func (e *syntaxError) Error() string {
	return fmt.Sprintf("expected %s, found %s", e.expected, e.found)
}

// typeError says that a value does not fit the values before it.
type typeError struct {
	path            string
	expected, found string
}

func (e *typeError) Error() string {
	if e.path == "" {
		return fmt.Sprintf("expected %s, found %s", e.expected, e.found)
	}
	return fmt.Sprintf("%s: expected %s, found %s", e.path, e.expected, e.found)
}

// profile reads the object that begins at start, and says where it ends. When
// it fails, the chunk is as it was.
func (w *walker) profile(buf []byte, start int) (end int, err error) {
	end, err = w.attempt(buf, start)
	var misfit *typeError
	if err == nil || !errors.Is(err, errDuplicate) && !errors.As(err, &misfit) {
		return end, err
	}
	// Of members with the same key only the last counts, and has to fit.
	w.buf, w.pos, w.depth, w.duplicates = buf, start, 0, 0
	single, bad := w.dedupe(nil)
	if bad != nil {
		return 0, bad
	}
	if w.duplicates == 0 {
		return 0, err
	}
	end = w.pos
	_, err = w.attempt(single, 0)
	return end, err
}

func (w *walker) attempt(buf []byte, start int) (int, error) {
	w.buf, w.pos, w.depth = buf, start, 0
	w.row++
	w.journal = w.journal[:0]
	root := w.chunk.root
	w.touch(root)
	if c := w.peek(); c != '{' && (c == '[' || c == '"' || c == 't' || c == 'f' || c == 'n' || number(c)) {
		return 0, &typeError{expected: "an object", found: w.found()}
	}
	if err := w.object(root, uint32(w.chunk.rows)); err != nil {
		for _, s := range w.journal {
			s.restore()
		}
		return 0, err
	}
	w.chunk.rows++
	return w.pos, nil
}

// touch saves the state of n, once a row.
func (w *walker) touch(n *node) {
	if n.saved != w.row {
		n.saved = w.row
		w.journal = append(w.journal, n.state())
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
	return &syntaxError{w.pos, what, w.found()}
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

// word gives the bytes up to the next white space or punctuation, 32 at most.
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
		return &syntaxError{w.pos, fmt.Sprintf("at most %d levels of nesting", maxDepth), "more"}
	}
	w.pos++
	return nil
}

// value reads a value into slot of n.
func (w *walker) value(n *node, slot uint32) error {
	w.touch(n)
	switch c := w.peek(); {
	case c == '"':
		return w.textValue(n, slot)
	case number(c):
		return w.numberValue(n, slot)
	case c == '{':
		if w.mapped(n) {
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

// fits notes that n has a value of kind k. found describes it if it may not.
func (w *walker) fits(n *node, k kinds, found func() string) error {
	if n.seen&k != 0 {
		return nil
	}
	if !(n.seen | k).compatible() {
		return &typeError{path(n), n.seen.String(), found()}
	}
	n.seen |= k
	return nil
}

func (w *walker) literal(s string) error {
	if !bytes.HasPrefix(w.buf[w.pos:], []byte(s)) {
		return w.expected("a value")
	}
	w.pos += len(s)
	return nil
}

func (w *walker) boolValue(n *node, slot uint32, v bool) error {
	start := w.pos
	if err := w.literal(strconv.FormatBool(v)); err != nil {
		return err
	}
	text := w.buf[start:w.pos]
	if n.parent.name == "optInOut" {
		// XDM has one boolean, globalOptout, among the texts of this map.
		return w.fits(n, n.addText(slot, text), func() string { return string(text) })
	}
	n.bools.add(slot, v)
	return w.fits(n, kindBool, func() string { return string(text) })
}

func (w *walker) textValue(n *node, slot uint32) error {
	s, err := w.text()
	if err != nil {
		return err
	}
	return w.fits(n, n.addText(slot, s), func() string { return "text " + quoted(s) })
}

// quoted gives s in quotes, shortened to what fits a message.
func quoted(s []byte) string {
	const most = 40
	if len(s) <= most {
		return fmt.Sprintf("%q", s)
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return fmt.Sprintf("%q...", s[:cut])
}

func (w *walker) object(n *node, slot uint32) error {
	if w.peek() != '{' {
		return w.expected("an object")
	}
	if err := w.fits(n, kindObject, func() string { return "an object" }); err != nil {
		return err
	}
	if n.parent != nil {
		n.present.add(slot, 0)
	}
	w.stamps++
	stamp, next := w.stamps, 0
	return w.members(func() error {
		c, err := w.field(n, &next)
		if err != nil {
			return err
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
// first.
func (w *walker) field(n *node, next *int) (*node, error) {
	if *next < len(n.children) {
		c := n.children[*next]
		if end := w.pos + 1 + len(c.name); c.plain && end < len(w.buf) && w.buf[end] == '"' &&
			string(w.buf[w.pos+1:end]) == c.name {
			*next++
			w.pos = end + 1
			return c, w.colon()
		}
	}
	key, err := w.text()
	if err != nil {
		return nil, err
	}
	c := n.index[string(key)]
	if c == nil {
		c = n.child(string(key))
		*next = len(n.children)
		if err := w.widen(n); err != nil {
			return nil, err
		}
	}
	return c, w.colon()
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
	if err := w.fits(n, kindList, func() string { return "a list" }); err != nil {
		return err
	}
	elem := n.element()
	err := w.elements(func() error {
		at := n.count
		n.count++
		return w.value(elem, at)
	})
	n.present.add(slot, n.count)
	return err
}

func (w *walker) mapping(n *node, slot uint32) error {
	if err := w.fits(n, kindMap, func() string { return "an object" }); err != nil {
		return err
	}
	elem, keys := n.element(), n.key()
	w.touch(keys)
	w.stamps++
	stamp := w.stamps
	err := w.members(func() error {
		key, err := w.text()
		if err != nil {
			return err
		}
		at := n.count
		n.count++
		keys.addText(at, key)
		if !keys.dict.mark(keys.texts.values[len(keys.texts.values)-1], stamp) {
			return errDuplicate
		}
		if err := w.colon(); err != nil {
			return err
		}
		return w.value(elem, at)
	})
	n.present.add(slot, n.count)
	return err
}
