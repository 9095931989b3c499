package load

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// strangers are files that are no tables, by what they have at a place near their beginning.
var strangers = []struct {
	at    int
	magic string
	what  string
}{
	{0, "PK\x03\x04", "ZIP, as .xlsx, .ods and .zip files are"},
	{0, "PK\x05\x06", "ZIP, as .xlsx, .ods and .zip files are"},
	{0, "SQLite format 3\x00", "a SQLite database"},
	{8, "DUCK", "a DuckDB database"},
	{257, "ustar", "a tar archive"},
	{0, "\x89PNG\r\n", "a PNG image"},
	{0, "%PDF-", "PDF"},
	{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel or Word file of the old kind"},
	{0, "\x89HDF\r\n", "HDF5"},
	{0, "7z\xbc\xaf\x27\x1c", "a 7z archive"},
}

const lfsPointer = "version https://git-lfs.github.com/"

// notText returns an error where what should be a text is something else by its first bytes.
func notText(r *bufio.Reader) error {
	const most = 512
	head, _ := r.Peek(most) // what cannot be read will fail again
	for _, s := range strangers {
		if len(head) > s.at && (s.at == 0 || hasControl(head)) && bytes.HasPrefix(head[s.at:], []byte(s.magic)) {
			return notRead(s.what)
		}
	}
	switch c := compressionOf(r); {
	case bytes.HasPrefix(head, []byte("ORC")) && hasControl(head):
		return notRead("ORC")
	case bytes.HasPrefix(head, []byte(lfsPointer)):
		return errors.New("this is a pointer of Git LFS, and not the data: git lfs pull fetches that")
	case c != nil:
		return fmt.Errorf("this was compressed twice, and inside is %s: unpack it once", c.name)
	}
	return nil
}

func notRead(what string) error {
	return fmt.Errorf("this is %s, which is not read: write the data as Parquet, CSV or NDJSON", what)
}

// hasZeros returns an error where the beginning of cells has zeros as no text has: in the first line, together with what is
// not UTF-8, or more than a few.
func hasZeros(r *bufio.Reader) error {
	const most, rare, few = 4096, 100, 32
	head, _ := r.Peek(most)
	zeros := bytes.Count(head, []byte{0})
	first := head
	if end := bytes.IndexAny(head, "\r\n"); end >= 0 {
		first = head[:end]
	}
	if zeros == 0 || zeros <= max(few, len(head)/rare) && bytes.IndexByte(first, 0) < 0 && utf8.Valid(wholeRunes(head)) {
		return nil
	}
	return errors.New("this is no text: it has zero bytes near its beginning; --encoding reads it all the same, such as utf-8 or utf-16le")
}

// wholeRunes returns text without a character that was cut off at its end.
func wholeRunes(text []byte) []byte {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if last := text[len(text)-n:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				return text[:len(text)-n]
			}
			break
		}
	}
	return text
}

// hasControl says whether there are control characters that texts do not have.
func hasControl(text []byte) bool {
	return bytes.ContainsFunc(text, func(c rune) bool { return c < '\t' })
}
