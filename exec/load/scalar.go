package load

import (
	"math"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// special marks the bytes that end the plain part of a text: the quote, the
// backslash, control characters and what is not ASCII.
var special = func() (t [256]bool) {
	for c := range t {
		t[c] = c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf
	}
	return t
}()

// text reads a text from its quote on. The bytes are valid until the next call.
func (w *walker) text() ([]byte, error) {
	w.pos++
	start, buf := w.pos, w.buf
	i := start
	for i < len(buf) && !special[buf[i]] {
		i++
	}
	if i < len(buf) && buf[i] == '"' {
		w.pos = i + 1
		return buf[start:i], nil
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
				return nil, &syntaxError{w.pos, "UTF-8", "byte 0x" + strconv.FormatUint(uint64(c), 16)}
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

// numberValue reads a number into slot of n.
func (w *walker) numberValue(n *node, slot uint32) error {
	start := w.pos
	whole, err := w.number()
	if err != nil {
		return err
	}
	b := w.buf[start:w.pos]
	s := unsafe.String(unsafe.SliceData(b), len(b))
	found := func() string { return "number " + string(b) }
	if whole {
		if i, err := parseInt(s); err == nil {
			n.ints.add(slot, i)
			return w.fits(n, kindInt, found)
		}
	}
	f, ok := simpleFloat(s)
	if !ok {
		if f, err = strconv.ParseFloat(s, 64); err != nil {
			return &typeError{path(n), "a number within the range of a 64-bit float", string(b)}
		}
	}
	n.floats.add(slot, f)
	return w.fits(n, kindFloat, found)
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

func parseInt(s string) (int64, error) {
	if len(s) > 18 {
		return strconv.ParseInt(s, 10, 64)
	}
	digits, negative := s, s[0] == '-'
	if negative {
		digits = s[1:]
	}
	i := int64(0)
	for k := range len(digits) {
		i = i*10 + int64(digits[k]-'0')
	}
	if negative {
		i = -i
	}
	return i, nil
}

// simpleFloat reads a number without exponent whose digits are an integer below
// 2^53 and whose fraction has at most 22 of them: then one division of exact
// numbers rounds right (Clinger, How to Read Floating Point Numbers Accurately).
func simpleFloat(s string) (float64, bool) {
	mantissa, fraction, point := uint64(0), 0, false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if mantissa >= 1<<53/10 {
				return 0, false
			}
			mantissa = mantissa*10 + uint64(c-'0')
			if point {
				fraction++
			}
		case c == '.':
			point = true
		case c != '-':
			return 0, false
		}
	}
	if fraction > 22 {
		return 0, false
	}
	f := float64(mantissa) / powers[fraction]
	if s[0] == '-' {
		f = math.Copysign(f, -1)
	}
	return f, true
}

var powers = [...]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}
