package load

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// utf8Reader returns the text of r without its byte order mark. What is UTF-16 by
// its mark, or evidently, becomes UTF-8; then encoding names it.
func utf8Reader(r io.Reader) (text io.Reader, encoding string) {
	b := bufio.NewReaderSize(r, 1<<16)
	start, _ := b.Peek(1 << 10) // what cannot be read will fail again
	switch {
	case bytes.HasPrefix(start, byteOrderMark):
		_, _ = b.Discard(len(byteOrderMark)) // what was peeked at is there
	case bytes.HasPrefix(start, []byte{0xff, 0xfe}), evident(start, 1):
		return utf16Reader(b, unicode.LittleEndian), "UTF-16, the low byte first"
	case bytes.HasPrefix(start, []byte{0xfe, 0xff}), evident(start, 0):
		return utf16Reader(b, unicode.BigEndian), "UTF-16, the high byte first"
	}
	return b, ""
}

func utf16Reader(r io.Reader, order unicode.Endianness) io.Reader {
	return transform.NewReader(r, unicode.UTF16(order, unicode.UseBOM).NewDecoder())
}

// evident says whether text is UTF-16 though nothing says so: of each two bytes,
// that at high is zero in most and the other in none.
func evident(text []byte, high int) bool {
	zeros, units := 0, len(text)/2
	for i := range units {
		if text[2*i+1-high] == 0 {
			return false
		}
		if text[2*i+high] == 0 {
			zeros++
		}
	}
	return units > 0 && zeros > units/2
}

// utf8Text returns text, read as Windows-1252 into dst if it is not UTF-8; then ok
// is false.
func utf8Text(dst, text []byte) (out []byte, ok bool) {
	if utf8.Valid(text) {
		return text, true
	}
	dst = dst[:0]
	for _, c := range text {
		dst = utf8.AppendRune(dst, charmap.Windows1252.DecodeByte(c))
	}
	return dst, false
}
