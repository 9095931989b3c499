package load

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
	"unsafe"
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
	buf     []byte         // up to the end of the row
	wide    []byte         // buf, perhaps with what comes after it: see [walker.profile]
	base    unsafe.Pointer // of wide
	safe    int            // up to here, there are [wordsSafe] bytes at a place in wide
	pos     int            // where the reading stopped that has no position of its own
	depth   int
	stamps  uint64    // number of objects so far
	journal []change  // what the row changed
	scratch []byte    // the last text that had escapes
	entries []entryAt // of maps of a profile that are being read

	scale   *scale // charges for the chunk; nil for nobody
	bare    bool   // the last row was no object
	repeats bool   // the last row had a key twice in an object
	strange bool   // the last row had NaN or Infinity
	nan     bool   // the last profile had NaN where something is read
	unfit   bool   // a value of the last profile did not fit its field
}

// newWalker returns a walker that fills an empty chunk.
func newWalker(want *wanted) *walker {
	return &walker{chunk: &chunk{root: newRoot(want), open: true}}
}

// walker returns a walker for the next chunk.
func (l *loader) walker() *walker {
	w := newWalker(l.want)
	w.chunk.root.like, w.chunk.root.spare = l.like.Load(), &l.spare
	return w
}

// syntaxError says where a text is not JSON.
type syntaxError struct {
	offset          int // in the buffer
	expected, found string
	whole           bool // it may be JSON, but is nested too deep, or has too many fields
}

func (e *syntaxError) Error() string {
	return fmt.Sprintf("expected %s, found %s", e.expected, e.found)
}

// profile reads the object that begins at start, and says where it ends. A value
// of another kind is the field [bareField] of a profile. When it fails, the chunk is
// as it was.
//
// wide is buf with some of what comes after it, so that words of eight bytes can be read near
// the end of buf as well: nothing, or a blank, a tab, a carriage return or a line feed, of
// which a line feed is before anything else. So nothing that is looked for is beyond buf.
func (w *walker) profile(buf, wide []byte, start int) (end int, err error) {
	end, err = w.attempt(buf, wide, start)
	if w.repeats = errors.Is(err, errDuplicate); !w.repeats {
		return end, err
	}
	// Of members with the same key only the last counts.
	w.buf, w.pos, w.depth = buf, start, 0
	single, bad := w.dedupe(nil)
	if bad != nil {
		return 0, bad
	}
	end = w.pos
	_, err = w.attempt(single, single, 0)
	return end, err
}

// wordsSafe is how many bytes are read at a place without another look whether they are there.
const wordsSafe = 24

// byteAt and wordAt return what is at a place in the text that begins at base.
func byteAt(base unsafe.Pointer, at int) byte   { return *(*byte)(unsafe.Add(base, at)) }
func wordAt(base unsafe.Pointer, at int) uint64 { return *(*uint64)(unsafe.Add(base, at)) }

func (w *walker) attempt(buf, wide []byte, start int) (end int, err error) {
	w.buf, w.wide, w.depth = buf, wide, 0
	w.base, w.safe = unsafe.Pointer(unsafe.SliceData(wide)), len(wide)-wordsSafe
	w.journal, w.strange = w.journal[:0], false
	root, slot := w.chunk.root, uint32(w.chunk.rows)
	at := w.space(start)
	w.bare = at < len(buf) && buf[at] != '{' && begins(buf[at])
	if w.bare {
		end, err = w.bareValue(root, slot, at)
	} else {
		end, err = w.object(root, slot, at)
	}
	if err != nil {
		w.undo()
		return 0, err
	}
	w.chunk.rows++
	return end, nil
}

// bareField is the field of a profile that is no object in the input.
const bareField = "value"

// bareValue reads a value that is no object as the only field of a row.
func (w *walker) bareValue(root *node, slot uint32, pos int) (int, error) {
	root = w.as(root, kindObject)
	if root.index[bareField] == nil {
		w.journal = append(w.journal, change{root, 0, len(root.children)})
	}
	return w.value(root.child(bareField), slot, pos)
}

// mark notes where the row was that was read last.
func (w *walker) mark(line int) {
	w.chunk.mark(line)
	if w.bare {
		w.chunk.bare.add(w.chunk.rows - 1)
	}
	if w.repeats {
		w.chunk.repeats.add(w.chunk.rows - 1)
	}
	if w.strange {
		w.chunk.strange.add(w.chunk.rows - 1)
	}
}

// space returns the place of the first byte from pos on that is not white space, or the end.
func (w *walker) space(pos int) int {
	for pos < len(w.buf) && blank(w.buf[pos]) {
		pos++
	}
	return pos
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// peek skips white space and gives the next byte; 0 at the end.
func (w *walker) peek() byte {
	w.pos = w.space(w.pos)
	if w.pos < len(w.buf) {
		return w.buf[w.pos]
	}
	return 0
}

// wrong says that something else was expected at a place.
func (w *walker) wrong(pos int, what string) error {
	w.pos = pos
	return w.expected(what)
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

// tooWide says that the object which goes on at the position has more fields than columns can be.
func (w *walker) tooWide() error {
	return &syntaxError{offset: w.pos, expected: fmt.Sprintf("at most %d fields", maxWidth), found: "more", whole: true}
}

// tooDeep says that the object or list at a place is nested too deep.
func (w *walker) tooDeep(pos int) error {
	return &syntaxError{offset: pos, expected: fmt.Sprintf("at most %d levels of nesting", maxDepth), found: "more", whole: true}
}
