package load

import (
	"bytes"
	"cmp"
	"io"
	"math/bits"
	"unicode/utf8"
)

// window is the part of a JSON text that is in memory. It slides along the text, and grows
// as long as one row needs.
type window struct {
	r     io.Reader
	meter *meter
	block int // how much is read at once, 0 for as usual
	buf   []byte
	pos   int // in buf, what is next
	// While keeping, what is from kept on does not go.
	kept    int
	keeping bool
	last    bool // nothing follows buf
	// lines is how many lines end before counted, an offset in buf, and column how many characters of its line are before it.
	counted, lines, column int
}

// more reads on, and says whether there was something. What is before pos goes, but what
// is kept.
func (w *window) more() (bool, error) {
	if w.last {
		return false, nil
	}
	w.forget()
	if len(w.buf) == cap(w.buf) {
		if err := w.grow(); err != nil {
			return false, err
		}
	}
	n, last, err := fill(w.r, w.buf[:cap(w.buf)], len(w.buf))
	some := n > len(w.buf)
	w.buf, w.last = w.buf[:n], last
	return some, err
}

// forget makes room where pos has come.
func (w *window) forget() {
	from := w.pos
	if w.keeping {
		from = w.kept
	}
	if from == 0 {
		return
	}
	if from > w.counted {
		w.at(from)
	}
	n := copy(w.buf, w.buf[from:])
	w.buf, w.pos, w.kept, w.counted = w.buf[:n], w.pos-from, 0, w.counted-from
}

// grow makes the window larger, and charges for it.
func (w *window) grow() error {
	size := max(cmp.Or(w.block, blockSize), 2*cap(w.buf))
	if err := w.meter.charge(int64(size)); err != nil {
		return err
	}
	old := w.buf
	w.buf = append(make([]byte, 0, size), old...)
	w.meter.used.Add(-int64(cap(old)))
	return nil
}

// release gives back what was charged for.
func (w *window) release() { w.meter.used.Add(-int64(cap(w.buf))) }

// at returns how many lines end before an offset, and how many characters stand before it in
// its line. It may not be asked for an offset before the last one.
func (w *window) at(offset int) (lines, column int) {
	since := w.buf[w.counted:offset]
	w.counted = offset
	if i := bytes.LastIndexByte(since, '\n'); i >= 0 {
		w.lines += bytes.Count(since, []byte{'\n'})
		w.column, since = 0, since[i+1:]
	}
	w.column += utf8.RuneCount(since)
	return w.lines, w.column
}

// peek returns the next byte that is not white space; 0 at the end.
func (w *window) peek() (byte, error) {
	for {
		for ; w.pos < len(w.buf); w.pos++ {
			switch c := w.buf[w.pos]; c {
			case ' ', '\t', '\r', '\n':
			default:
				return c, nil
			}
		}
		if some, err := w.more(); !some {
			return 0, err
		}
	}
}

// value returns the extent of the value at pos, all of it in the window, as far as quotes and
// brackets tell. What is not JSON, or is cut off, may be longer or shorter. At most limit
// bytes are looked at; then it is not whole.
func (w *window) value(limit int) (size int, whole bool, err error) {
	var e extent
	for {
		text := w.buf[w.pos:]
		if e.look(text[:min(limit, len(text))]) {
			return e.size, true, nil
		}
		if len(text) >= limit {
			return limit, false, nil
		}
		if some, err := w.more(); !some {
			return len(w.buf) - w.pos, true, err
		}
	}
}

// skip passes over the value at pos, which may be of any length.
func (w *window) skip() error {
	var e extent
	for {
		if e.look(w.buf[w.pos:]) {
			w.pos += e.size
			return nil
		}
		w.pos, e.size = len(w.buf), 0
		if some, err := w.more(); !some {
			return err
		}
	}
}

// extent finds the end of a value in a text that comes piece by piece.
type extent struct {
	size            int // what was looked at
	depth           int
	quoted, escaped bool
}

// look goes on in text, which begins as before, and says whether the value ends in it.
func (e *extent) look(text []byte) bool {
	for e.size < len(text) {
		if e.depth > 0 && e.leaveWords(text) {
			return true
		}
		if e.quoted {
			if e.leaveQuotes(text) && e.depth == 0 {
				return true
			}
			continue
		}
		if e.depth > 0 {
			if e.size = nextBracket(text, e.size); e.size == len(text) {
				return false
			}
		}
		switch text[e.size] {
		case '"':
			if e.depth == 0 && e.size > 0 {
				return true
			}
			e.quoted = true
		case '{', '[':
			if e.depth == 0 && e.size > 0 {
				return true
			}
			e.depth++
		case '}', ']':
			if e.depth--; e.depth <= 0 {
				if e.depth == 0 {
					e.size++
				}
				return true
			}
		case ',', ' ', '\t', '\r', '\n':
			if e.depth == 0 {
				return true
			}
		}
		e.size++
	}
	return false
}

// leaveQuotes goes on in a text in quotes, and says whether it has left them.
func (e *extent) leaveQuotes(text []byte) bool {
	for e.size < len(text) {
		if !e.escaped {
			if e.size = nextQuote(text, e.size); e.size == len(text) {
				return false
			}
			if text[e.size] == '"' {
				e.quoted = false
				e.size++
				return true
			}
		}
		e.escaped = !e.escaped
		e.size++
	}
	return false
}

// leaveWords goes on inside an object or a list, eight bytes at a time, as far as there are
// so many, and says whether it has left it.
func (e *extent) leaveWords(text []byte) bool {
	const bit = '{' ^ '['
words:
	for !e.escaped && e.size+8 <= len(text) {
		v := load64(text[e.size:])
		brackets := v | eachOne*bit
		m := zeroBytes(v^eachOne*'"') | zeroBytes(v^eachOne*'\\') | zeroBytes(brackets^eachOne*'{') | zeroBytes(brackets^eachOne*'}')
		for ; m != 0; m &= m - 1 {
			at := e.size + bits.TrailingZeros64(m)>>3
			switch c := text[at]; {
			case c == '"':
				e.quoted = !e.quoted
			case !e.quoted && c|bit == '{':
				e.depth++
			case !e.quoted && c|bit == '}':
				if e.depth--; e.depth == 0 {
					e.size = at + 1
					return true
				}
			case e.quoted && c == '\\':
				e.size, e.escaped = at+1, true
				if e.size < len(text) {
					e.size, e.escaped = at+2, false
				}
				continue words
			}
		}
		e.size += 8
	}
	return false
}
