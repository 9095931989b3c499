// Package pattern holds the text operations that all evaluators share: the patterns of
// like, case folding, and what can be known about a regular expression without running it.
package pattern

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Literal returns a text that everything which a regular expression matches contains,
// the longest that is seen at once, or "": looking for that is much faster than the
// expression.
func Literal(expression string) string {
	tree, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return ""
	}
	return certain(longestLiteral(tree.Simplify()))
}

// certain returns s, or "" where it has U+FFFD, which stands for any byte that is not UTF-8.
func certain(s string) string {
	if strings.ContainsRune(s, utf8.RuneError) {
		return ""
	}
	return s
}

func longestLiteral(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase == 0 {
			return string(re.Rune)
		}
	case syntax.OpCapture, syntax.OpPlus:
		return longestLiteral(re.Sub[0])
	case syntax.OpConcat:
		best := ""
		for _, sub := range re.Sub {
			if l := longestLiteral(sub); len(l) > len(best) {
				best = l
			}
		}
		return best
	}
	return ""
}

// Fold replaces every rune by the least one that Unicode simple folding takes
// for the same, so that strings which strings.EqualFold calls equal become equal
// byte by byte. The least of the letters k, K and the Kelvin sign is K.
func Fold(s string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			if 'a' <= r && r <= 'z' {
				return r - 'a' + 'A'
			}
			return r
		}
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, s)
}

// Like is the pattern of a like: % any text, _ any rune, a backslash takes what comes
// after it as it is. Of its runes, those of the private values below stand for what %
// and _ do.
type Like []rune

const (
	anyRun  rune = -1 // %
	anyRune rune = -2 // _
)

// ParseLike reads a pattern. A backslash takes the rune after it as it is; one at
// the end stands for itself.
func ParseLike(pattern string) Like {
	var p Like
	escaped := false
	for _, r := range pattern {
		switch {
		case escaped:
			p, escaped = append(p, r), false
		case r == '\\':
			escaped = true
		case r == '%':
			p = append(p, anyRun)
		case r == '_':
			p = append(p, anyRune)
		default:
			p = append(p, r)
		}
	}
	if escaped {
		p = append(p, '\\')
	}
	return p
}

// Literal returns a text that everything which the pattern covers contains, the longest, or "".
func (p Like) Literal() string {
	best := ""
	for len(p) > 0 {
		n := slices.IndexFunc(p, func(r rune) bool { return r < 0 })
		if n < 0 {
			n = len(p)
		}
		if s := certain(string(p[:n])); len(s) > len(best) {
			best = s
		}
		p = p[min(n+1, len(p)):]
	}
	return best
}

// Affix says whether the pattern is one text with at most a % on each side; before and
// after say whether there is one.
func (p Like) Affix() (text string, before, after, ok bool) {
	if len(p) > 0 && p[0] == anyRun {
		before, p = true, p[1:]
	}
	if len(p) > 0 && p[len(p)-1] == anyRun {
		after, p = true, p[:len(p)-1]
	}
	text = string(p)
	if slices.ContainsFunc(p, func(r rune) bool { return r < 0 }) || certain(text) != text {
		return "", false, false, false
	}
	return text, before, after, true
}

// Match says whether the pattern covers all of s. After a mismatch it lets the
// last % take one rune more: an earlier % need never be tried again.
func (p Like) Match(text string) bool {
	s := []rune(text)
	i, j, star, resume := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case j < len(p) && p[j] == anyRun:
			star, resume = j, i
			j++
		case j < len(p) && (p[j] == anyRune || p[j] == s[i]):
			i++
			j++
		case star >= 0:
			resume++
			i, j = resume, star+1
		default:
			return false
		}
	}
	for j < len(p) && p[j] == anyRun {
		j++
	}
	return j == len(p)
}
