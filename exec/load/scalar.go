package load

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// text reads a text from its quote on. The bytes are valid until the next call.
func (w *walker) text() ([]byte, error) {
	w.pos++
	start, buf := w.pos, w.buf
	i := plainEnd(buf, start)
	if i < len(buf) && buf[i] == '"' {
		w.pos = i + 1
		return buf[start:i], nil
	}
	if i < len(buf) && buf[i] >= utf8.RuneSelf {
		if i = foreignEnd(buf, i); i < len(buf) && buf[i] == '"' && utf8.Valid(buf[start:i]) {
			w.pos = i + 1
			return buf[start:i], nil
		}
		i = start // to find out what is wrong, and where
	}
	w.scratch = append(w.scratch[:0], buf[start:i]...)
	w.pos = i
	for {
		if w.pos >= len(buf) {
			return nil, w.expected("the closing quote of a text")
		}
		switch c := buf[w.pos]; {
		case c == '"':
			w.pos++
			return w.scratch, nil
		case c == '\\':
			if err := w.escape(); err != nil {
				return nil, err
			}
		case c < ' ':
			return nil, w.expected("no control character in a text: write it as \\u00XX")
		case c < utf8.RuneSelf:
			w.scratch = append(w.scratch, c)
			w.pos++
		default:
			r, n := utf8.DecodeRune(buf[w.pos:])
			if r == utf8.RuneError && n == 1 {
				return nil, &syntaxError{offset: w.pos, expected: "UTF-8", found: "byte 0x" + strconv.FormatUint(uint64(c), 16) + " (--encoding says what it is in, such as latin1)"}
			}
			w.scratch = append(w.scratch, buf[w.pos:w.pos+n]...)
			w.pos += n
		}
	}
}

// escape reads a backslash and what follows it.
func (w *walker) escape() error {
	if w.pos+1 >= len(w.buf) {
		w.pos++
		return w.expected("the rest of an escape")
	}
	const from, to = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	for i := range len(from) {
		if w.buf[w.pos+1] == from[i] {
			w.scratch = append(w.scratch, to[i])
			w.pos += 2
			return nil
		}
	}
	if w.buf[w.pos+1] != 'u' {
		w.pos++
		return w.expected(`one of " \ / b f n r t u after a backslash`)
	}
	r, ok := hex4(w.buf[w.pos+2:])
	if !ok {
		return w.expected("four hexadecimal digits after \\u")
	}
	w.pos += 6
	if utf16.IsSurrogate(r) {
		// One half without the other becomes U+FFFD, as in encoding/json.
		pair := rune(utf8.RuneError)
		if rest := w.buf[w.pos:]; len(rest) >= 6 && rest[0] == '\\' && rest[1] == 'u' {
			low, ok := hex4(rest[2:])
			if pair = utf16.DecodeRune(r, low); ok && pair != utf8.RuneError {
				w.pos += 6
			}
		}
		r = pair
	}
	w.scratch = utf8.AppendRune(w.scratch, r)
	return nil
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	r := rune(0)
	for _, c := range b[:4] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// numberValue reads the number at pos.
func (w *walker) numberValue(n *node, slot uint32, pos int) (int, error) {
	seen := n.seen
	if v, end, ok := shortInt(w.wide, pos); ok {
		n.seen = seen | kindInt
		n.ints.add(slot, v)
		w.changed(n, seen)
		return end, nil
	}
	if p, ok := plainNumber(w.wide, pos); ok {
		n.addPlain(slot, p)
		w.changed(n, seen)
		return p.end, nil
	}
	if w.infinite(pos) {
		return w.notFinite(n, slot, pos)
	}
	w.pos = pos
	whole, err := w.number()
	if err != nil {
		return 0, err
	}
	n.addNumber(slot, w.buf[pos:w.pos], whole)
	w.changed(n, seen)
	return w.pos, nil
}

// number passes over a number, and says whether it is whole.
func (w *walker) number() (whole bool, err error) {
	if w.buf[w.pos] == '-' {
		w.pos++
	}
	zero := w.pos < len(w.buf) && w.buf[w.pos] == '0'
	if n := w.digits(); n == 0 {
		return false, w.expected("a digit")
	} else if zero && n > 1 {
		w.pos -= n - 1
		return false, w.expected("no digit after a leading zero")
	}
	whole = true
	if w.pos < len(w.buf) && w.buf[w.pos] == '.' {
		whole = false
		w.pos++
		if w.digits() == 0 {
			return false, w.expected("a digit after the decimal point")
		}
	}
	if w.pos < len(w.buf) && w.buf[w.pos]|0x20 == 'e' {
		whole = false
		w.pos++
		if w.pos < len(w.buf) && (w.buf[w.pos] == '+' || w.buf[w.pos] == '-') {
			w.pos++
		}
		if w.digits() == 0 {
			return false, w.expected("a digit in the exponent")
		}
	}
	return whole, nil
}

func (w *walker) digits() int {
	start := w.pos
	for w.pos < len(w.buf) && w.buf[w.pos] >= '0' && w.buf[w.pos] <= '9' {
		w.pos++
	}
	return w.pos - start
}
