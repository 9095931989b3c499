package parse

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// unquote returns the value of a string token, quotes included, or false when it
// is not UTF-8. The escapes are \" \\ \n \r \t \uXXXX, and \' in single quotes.
// An unknown escape keeps its backslash: published queries write "@(\w+)".
func unquote(token string) (string, bool) {
	quote, body := token[0], token[1:len(token)-1]
	if !utf8.ValidString(body) {
		return "", false
	}
	i := strings.IndexByte(body, '\\')
	if i < 0 {
		return body, true
	}
	var b strings.Builder
	for ; i >= 0; i = strings.IndexByte(body, '\\') {
		b.WriteString(body[:i])
		text, n := escape(body[i:], quote)
		b.WriteString(text)
		body = body[i+n:]
	}
	b.WriteString(body)
	return b.String(), true
}

// escape returns what the escape at the start of s stands for, and its length.
func escape(s string, quote byte) (string, int) {
	if len(s) < 2 {
		return s, len(s)
	}
	switch c := s[1]; c {
	case '"', '\\':
		return s[1:2], 2
	case '\'':
		if quote == '\'' {
			return "'", 2
		}
	case 'n':
		return "\n", 2
	case 'r':
		return "\r", 2
	case 't':
		return "\t", 2
	case 'u':
		if r, n := unicodeEscape(s); n > 0 {
			return string(r), n
		}
	}
	return s[:1], 1
}

// unicodeEscape reads \uXXXX, or two of them that are a surrogate pair. A
// length of 0 says that it is neither.
func unicodeEscape(s string) (rune, int) {
	r, ok := hex4(s)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	low, ok := hex4(s[6:])
	if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
		return 0, 0
	}
	return r, 12
}

// hex4 reads \uXXXX at the start of s.
func hex4(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(n), err == nil
}

// curlyPairs are the quotes of typography with those that end what they begin.
var curlyPairs = map[string]string{"“": "”“\"", "”": "”\"", "„": "“”\"", "‘": "’'", "’": "’'", "‚": "‘’'", "«": "»", "»": "«"}

// curly returns how long the text in curly quotes is with which a line begins, 0 for none.
func curly(line string) int {
	r, size := utf8.DecodeRuneInString(line)
	if r == utf8.RuneError || curlyPairs[line[:size]] == "" {
		return 0
	}
	end := strings.IndexAny(line[size:], curlyPairs[line[:size]])
	if end < 0 {
		return 0
	}
	_, closing := utf8.DecodeRuneInString(line[size+end:])
	return size + end + closing
}

// curlyQuoted returns what is between the curly quotes of a token, and the one that opens, "" for none. It is not ok
// where none closes.
func curlyQuoted(token string) (body, open string, ok bool) {
	_, size := utf8.DecodeRuneInString(token)
	if curlyPairs[token[:size]] == "" {
		return "", "", false
	}
	open = token[:size]
	if len(token) == size {
		return "", open, false
	}
	_, closing := utf8.DecodeLastRuneInString(token)
	return token[size : len(token)-closing], open, true
}
