package vector

import (
	"regexp"
	"strings"

	"github.com/segq/segq/exec/pattern"
	"github.com/segq/segq/lang/check"
)

// regex is a regular expression with a text that every match contains, "" when
// none is known: looking for that is much faster than the expression.
type regex struct {
	re      *regexp.Regexp
	literal string
}

func newRegex(re *regexp.Regexp, text string) *regex {
	return &regex{re: re, literal: pattern.Literal(text)}
}

func (p *regex) match(s string) bool {
	return strings.Contains(s, p.literal) && p.re.MatchString(s)
}

// regexGroup returns a group of the first match; null when there is no match, or the
// group took no part in it.
func (e *Evaluator) regexGroup(n *check.Call, args []*vector, f *frame) *vector {
	out := e.vector(check.String)
	out.valid, out.texts = e.bitmap(f.n), e.strings(f.n)
	valid := e.both(f, args...)
	p := e.p.patterns[n]
	for i := range f.n {
		if valid != nil && valid[i>>6]>>(i&63)&1 == 0 || e.halted(i) {
			continue
		}
		s, group := args[0].text(i), args[2].ints[i]
		m := p.re.FindStringSubmatchIndex(s)
		if group < 0 || group >= int64(len(m)/2) || m[2*group] < 0 {
			continue
		}
		out.texts[i] = s[m[2*group]:m[2*group+1]]
		out.valid[i>>6] |= 1 << (i & 63)
	}
	return out
}
