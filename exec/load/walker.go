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

// walker returns a walker for the next chunk.
func (l *loader) walker() *walker {
	w := newWalker(l.want)
	w.chunk.root.like = l.like.Load()
	return w
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
