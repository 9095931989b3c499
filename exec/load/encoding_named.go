package load

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/segq/segq/lang/spelling"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// encodingNames are names that people use beside those of the library.
var encodingNames = map[string]string{
	"latin1": "iso88591", "latin2": "iso88592", "latin5": "iso88599", "latin9": "iso885915", "l1": "iso88591",
	"ansi": "windows1252", "sjis": "shiftjis", "gb2312": "gbk", "macroman": "macintosh", "utf16": "utf16le", "ucs2": "utf16le",
	"cp932": "shiftjis", "cp936": "gbk", "cp949": "euckr", "cp950": "big5", "ascii": "utf8", "usascii": "utf8",
}

// encodings are all that there are, by their plain names; UTF-8, which is read as it is,
// has none of the library.
var encodings = sync.OnceValue(func() map[string]encoding.Encoding {
	known := map[string]encoding.Encoding{
		"utf8":    nil,
		"utf16le": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
		"utf16be": unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	}
	for _, list := range [][]encoding.Encoding{charmap.All, japanese.All, korean.All, simplifiedchinese.All, traditionalchinese.All} {
		for _, e := range list {
			name := plainName(fmt.Sprint(e))
			known[name] = e
			for _, long := range []string{"ibmcodepage", "windowscodepage", "windows"} {
				if number, ok := strings.CutPrefix(name, long); ok {
					known["cp"+number], known["ibm"+number] = e, e
				}
			}
		}
	}
	delete(known, "xuserdefined")
	for name, same := range encodingNames {
		known[name] = known[same]
	}
	return known
})

// plainName leaves of a name what tells encodings apart.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == ' ' || r == '.' {
			return -1
		}
		return r
	}, strings.ToLower(name))
}

// EncodingNames lists the usual encodings, as people write them.
func EncodingNames() []string {
	return []string{
		"utf-8", "utf-16le", "utf-16be", "windows-1250", "windows-1251", "windows-1252", "iso-8859-1", "iso-8859-2", "iso-8859-15",
		"cp437", "cp850", "koi8-r", "macintosh", "shift-jis", "euc-jp", "euc-kr", "gbk", "gb18030", "big5",
	}
}

// CheckEncoding returns an error when there is no encoding of a name. Case, blanks and hyphens do not
// matter.
func CheckEncoding(name string) error {
	if _, ok := encodings()[plainName(name)]; ok {
		return nil
	}
	names := EncodingNames()
	if like := spelling.Nearest(strings.ToLower(name), names); like != "" {
		return fmt.Errorf("the encoding %q is not known; did you mean %s?", name, like)
	}
	return fmt.Errorf("the encoding %q is not known; usual ones are %s", name, strings.Join(names, ", "))
}

// namedReader returns the text of r, which is in the encoding of a name, in UTF-8 without a
// byte order mark. What cannot be read becomes U+FFFD, and is counted where it is certain.
func namedReader(r io.Reader, name string) (text io.Reader, lost *int) {
	e := encodings()[plainName(name)]
	if e == nil {
		b := bufio.NewReaderSize(r, 1<<16)
		if mark, _ := b.Peek(len(byteOrderMark)); bytes.Equal(mark, byteOrderMark) {
			_, _ = b.Discard(len(mark)) // what was peeked at is there
		}
		return b, new(int)
	}
	c := &lossCounter{r: transform.NewReader(r, e.NewDecoder())}
	if slices.Contains([]string{"utf16le", "utf16be", "gb18030"}, plainName(name)) {
		return c.r, new(int) // which can write U+FFFD itself
	}
	return c, &c.lost
}

// lossCounter counts the replacement characters in a text.
type lossCounter struct {
	r     io.Reader
	found int // how many bytes of one are there
	lost  int
}

// Read reads text.
func (c *lossCounter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	const mark = string(utf8.RuneError)
	for _, b := range p[:n] {
		if b != mark[c.found] {
			c.found = 0
		}
		if b == mark[c.found] {
			if c.found++; c.found == len(mark) {
				c.lost++
				c.found = 0
			}
		}
	}
	return n, err
}
