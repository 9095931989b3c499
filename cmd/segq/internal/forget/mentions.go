package forget

import (
	"strconv"
	"strings"
)

// names says whether a text has an id that is no part of a longer word.
func names(text, id string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], id)
		if i < 0 {
			return false
		}
		start := at + i
		end := start + len(id)
		if (start == 0 || !wordByte(text[start-1])) && (end == len(text) || !wordByte(text[end])) {
			return true
		}
		at = start + 1
	}
}

// Mentions says whether a text has an id that is no part of a longer word, also where it has it with escapes, as strings
// of JSON and of queries have: twice where a query is in JSON.
func Mentions(text, id string) bool {
	for range 3 {
		if names(text, id) {
			return true
		}
		if !strings.Contains(text, `\`) {
			return false
		}
		text = unescaped(text)
	}
	return false
}

// unescaped takes the escapes out of a text.
func unescaped(text string) string {
	var b strings.Builder
	for text != "" {
		if text[0] == '\\' {
			if r, _, rest, err := strconv.UnquoteChar(text, 0); err == nil {
				b.WriteRune(r)
				text = rest
				continue
			}
			text = text[1:] // \" and \/
			if text == "" {
				break
			}
		}
		b.WriteByte(text[0])
		text = text[1:]
	}
	return b.String()
}

// wordByte says whether a byte goes on with a word that is an id.
func wordByte(b byte) bool {
	return b == '-' || b == '_' || b >= 0x80 || '0' <= b && b <= '9' || 'a' <= b|0x20 && b|0x20 <= 'z'
}
