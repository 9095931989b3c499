package eval

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/segq/segq/lang/check"
)

// text applies an operation to strings.
func (e *Evaluator) text(n *check.Call, args []Value) Value {
	switch n.Op {
	case check.Like:
		return boolValue(e.p.likes[n].match(args[0].s))
	case check.Matches:
		return boolValue(e.p.patterns[n].MatchString(args[0].s))
	case check.RegexGroup:
		return e.regexGroup(n, args)
	}
	if n.Fold {
		for i := range args {
			args[i].s = fold(args[i].s)
		}
	}
	s, t := args[0].s, args[1].s
	switch n.Op {
	case check.StartsWith:
		return boolValue(strings.HasPrefix(s, t))
	case check.NotStartsWith:
		return boolValue(!strings.HasPrefix(s, t))
	case check.EndsWith:
		return boolValue(strings.HasSuffix(s, t))
	case check.NotEndsWith:
		return boolValue(!strings.HasSuffix(s, t))
	case check.Contains:
		return boolValue(strings.Contains(s, t))
	case check.NotContains:
		return boolValue(!strings.Contains(s, t))
	case check.Equals, check.NotEquals:
		any := slices.ContainsFunc(args[1:], func(v Value) bool { return v.s == s })
		return boolValue(any == (n.Op == check.Equals))
	}
	panic("eval: a string operation of an unknown kind")
}

// regexGroup gives a group of the first match; null when there is no match, or
// the group took no part in it.
func (e *Evaluator) regexGroup(n *check.Call, args []Value) Value {
	s, group := args[0].s, args[2].Int()
	m := e.p.patterns[n].FindStringSubmatchIndex(s)
	if group < 0 || group >= int64(len(m)/2) || m[2*group] < 0 {
		return Value{}
	}
	return stringValue(s[m[2*group]:m[2*group+1]])
}

// fold replaces every rune by the least one that Unicode simple folding takes
// for the same, so that strings which strings.EqualFold calls equal become equal
// byte by byte. The least of the letters k, K and the Kelvin sign is K.
func fold(s string) string {
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

// likePattern is the pattern of a like. Of its runes, those of the private
// values below stand for what % and _ do; a backslash is resolved.
type likePattern []rune

const (
	anyRun  rune = -1 // %
	anyRune rune = -2 // _
)

// parseLike reads a pattern. A backslash takes the rune after it as it is; one at
// the end stands for itself.
func parseLike(pattern string) likePattern {
	var p likePattern
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

// match says whether the pattern covers all of s. After a mismatch it lets the
// last % take one rune more: an earlier % need never be tried again.
func (p likePattern) match(text string) bool {
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
