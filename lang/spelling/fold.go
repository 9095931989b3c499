package spelling

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns a text in small letters without accents, and as German and its neighbours write it where these are
// not at hand: größe is grosse and groesse. Of a text in ASCII, or where there is one way, both are the same.
func Fold(text string) (plain, spelt string) {
	if ascii(text) {
		plain = strings.ToLower(text)
		return plain, plain
	}
	var p, s strings.Builder
	for _, r := range text {
		short, long := foldRune(r)
		p.WriteString(short)
		s.WriteString(long)
	}
	return p.String(), s.String()
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// special are letters that are none with an accent, and those of two spellings.
var special = map[rune][2]string{
	'ä': {"a", "ae"}, 'ö': {"o", "oe"}, 'ü': {"u", "ue"}, 'ß': {"ss", "ss"}, 'ẞ': {"ss", "ss"}, 'æ': {"ae", "ae"}, 'ø': {"o", "oe"},
	'å': {"a", "aa"}, 'œ': {"oe", "oe"}, 'ł': {"l", "l"}, 'đ': {"d", "d"}, 'ð': {"d", "d"}, 'þ': {"th", "th"}, 'ı': {"i", "i"},
}

// latin is the end of the letters whose folding is kept.
const latin = 0x1F00

// folded are the foldings of Latin letters.
var folded = sync.OnceValue(func() *[latin][2]string {
	var all [latin][2]string
	for r := range rune(latin) {
		all[r] = foldAny(r)
	}
	return &all
})

func foldRune(r rune) (plain, spelt string) {
	if r < latin {
		f := &folded()[r]
		return f[0], f[1]
	}
	f := foldAny(r)
	return f[0], f[1]
}

func foldAny(r rune) [2]string {
	r = unicode.ToLower(r)
	if f, ok := special[r]; ok {
		return f
	}
	var b strings.Builder
	for _, part := range norm.NFD.String(string(r)) {
		if !unicode.Is(unicode.Mn, part) {
			b.WriteRune(part)
		}
	}
	return [2]string{b.String(), b.String()}
}
