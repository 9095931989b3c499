package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/segq/segq/lang/spelling"
)

// How well what was typed fits a text, best first.
const (
	fitWhole     = iota // it is the text
	fitStart            // the text begins with it
	fitStartFold        // ... without regard to case
	fitWords            // it is made of starts of the text's words, the first one's first: hAcC
	fitInner            // ... of the starts of later words
	fitInside           // it is somewhere in the text
	fitLetters          // its letters are there, in their order and close to each other
)

// Fit says how well typed fits a text: 0 is best, below 0 it does not fit. It is how [Completions] and the
// sources of values rank. Words of a text begin after anything that is no letter or digit, at
// a capital and at a number. Accents need not be typed, nor ä, ö, ü and ß as such: Mue and mun fit München.
func Fit(text, typed string) int {
	fit := fitAsTyped(text, typed)
	if fit >= 0 || ascii(text) && ascii(typed) {
		return fit
	}
	textPlain, textSpelt := spelling.Fold(text)
	plain, spelt := spelling.Fold(typed)
	best := -1
	for _, pair := range [...][2]string{{textPlain, plain}, {textSpelt, spelt}} {
		if fit := fitAsTyped(pair[0], pair[1]); fit >= 0 && (best < 0 || fit < best) {
			best = fit
		}
	}
	if best < 0 {
		return -1
	}
	return max(best, fitStartFold)
}

// ascii says whether a text has no letter beyond ASCII.
func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// fitAsTyped is Fit with the letters as they are, but for capitals.
func fitAsTyped(text, typed string) int {
	switch {
	case text == typed && typed != "":
		return fitWhole
	case strings.HasPrefix(text, typed):
		return fitStart
	case !lettersIn(text, typed):
		return -1
	case len(text) >= len(typed) && strings.EqualFold(text[:len(typed)], typed):
		return fitStartFold
	}
	m := matcher{text: text, typed: typed}
	switch {
	case m.words(0, 0):
		return fitWords
	case m.inner():
		return fitInner
	case m.inside():
		return fitInside
	case m.near():
		return fitLetters
	}
	return -1
}

// RankValues returns at most limit of the values that typed fits, best first, and how many more there
// are. Of those that it fits equally well the one that comes first in values stays first.
func RankValues(values []Value, typed string, limit int) (best []Value, more int) {
	at, more := Best(len(values), limit, func(i int) int { return Fit(values[i].Text, typed) })
	for _, i := range at {
		best = append(best, values[i])
	}
	return best, more
}

// Best returns which of n things to offer, at most limit, best first, and how many more there are. fit
// says how well each fits, as [Fit] does; those that fit equally well keep their order.
func Best(n, limit int, fit func(i int) int) (best []int, more int) {
	var ranks [fitLetters + 1][]int
	for i := range n {
		if r := fit(i); r >= 0 {
			ranks[min(r, fitLetters)] = append(ranks[min(r, fitLetters)], i)
		}
	}
	for _, r := range ranks {
		taken := min(len(r), limit-len(best))
		best, more = append(best, r[:taken]...), more+len(r)-taken
	}
	return best, more
}

// lettersIn says whether the letters of typed are in text, in their order, without regard to case.
func lettersIn[T string | []byte](text T, typed string) bool {
	for typed != "" {
		want, size := runeAt(typed)
		typed = typed[size:]
		for {
			if len(text) == 0 {
				return false
			}
			r, size := runeAt(text)
			text = text[size:]
			if r == want {
				break
			}
		}
	}
	return true
}

// runeAt returns the first letter of a text in lower case, and its length in the text.
func runeAt[T string | []byte](text T) (rune, int) {
	if c := text[0]; c < utf8.RuneSelf {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		return rune(c), 1
	}
	r, size := utf8.DecodeRuneInString(string(text[:min(len(text), utf8.UTFMax)]))
	return unicode.ToLower(r), size
}

// mostTries bounds the work for texts of the same letter over and over.
const mostTries = 1000

// matcher looks for what was typed in a text.
type matcher struct {
	text, typed string
	tries       int
}

// words says whether the rest of typed is made of starts of words of the rest of the text, where either
// goes on with the word before.
func (m *matcher) words(at, typed int) bool {
	if typed >= len(m.typed) {
		return true
	}
	want, size := runeAt(m.typed[typed:])
	for begins := true; at < len(m.text); begins = false {
		if m.tries++; m.tries > mostTries {
			return false
		}
		got, n := runeAt(m.text[at:])
		if got == want && (begins || m.wordAt(at)) && m.words(at+n, typed+size) {
			return true
		}
		if typed == 0 {
			return false // the first word is wanted
		}
		at += n
	}
	return false
}

// inner says whether typed is made of starts of words from any word on.
func (m *matcher) inner() bool {
	want, size := runeAt(m.typed)
	for at := 0; at < len(m.text); {
		got, n := runeAt(m.text[at:])
		if got == want && m.wordAt(at) && m.words(at+n, size) {
			return true
		}
		at += n
	}
	return false
}

// inside says whether typed is somewhere in the text.
func (m *matcher) inside() bool {
	for at := 0; at+len(m.typed) <= len(m.text); at++ {
		if strings.EqualFold(m.text[at:at+len(m.typed)], m.typed) {
			return true
		}
	}
	return false
}

// scatter is how many letters of a text there may be, from the first that was typed to the last, for each of these:
// of mbr in member two, while the letters of null are somewhere in every long path.
const scatter = 2

// near says whether the letters of typed are in the text from the start of a word on, and not far from each other.
func (m *matcher) near() bool {
	want, _ := runeAt(m.typed)
	for at := 0; at < len(m.text); {
		got, n := runeAt(m.text[at:])
		if got == want && m.wordAt(at) && lettersIn(m.text[at:min(at+scatter*len(m.typed), len(m.text))], m.typed) {
			return true
		}
		at += n
	}
	return false
}

// wordAt says whether a word begins at a place of the text.
func (m *matcher) wordAt(at int) bool {
	if at == 0 {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(m.text[:at])
	r, n := utf8.DecodeRuneInString(m.text[at:])
	switch {
	case !unicode.IsLetter(r) && !unicode.IsDigit(r):
		return true
	case unicode.IsDigit(r):
		return !unicode.IsDigit(before)
	case !unicode.IsLetter(before):
		return true
	case !unicode.IsUpper(r):
		return false
	case !unicode.IsUpper(before):
		return true
	}
	next, _ := utf8.DecodeRuneInString(m.text[at+n:])
	return unicode.IsLower(next) // the S of HTTPServer
}
