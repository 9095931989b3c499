package vector

import (
	"regexp"
	"slices"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/pattern"
	"github.com/segq/segq/lang/check"
)

// testKey is a test of strings against constants.
type testKey struct {
	call *check.Call
	dict *column.Dict
}

// answers is what was asked of the strings of a dictionary.
type answers struct{ asked, yes column.Bitmap }

// textCall is an operation on strings.
func (e *Evaluator) textCall(n *check.Call, args []*vector, f *frame) *vector {
	if n.Op == check.RegexGroup {
		return e.regexGroup(n, args, f)
	}
	test := e.textTest(n, args)
	out := e.condition(f)
	valid := e.both(f, args...)
	x := args[0]
	known := e.answersFor(n, x, f)
	for i := range f.n {
		if valid != nil && valid[i>>6]>>(i&63)&1 == 0 || e.halted(i) {
			continue
		}
		if known == nil {
			if f.needs(i) {
				out.bits[i>>6] |= bit(test(i)) << (i & 63)
			}
			continue
		}
		code := x.codes[i]
		if !known.asked.Get(int(code)) {
			known.asked.Set(int(code))
			if test(i) {
				known.yes.Set(int(code))
			}
		}
		out.bits[i>>6] |= bit(known.yes.Get(int(code))) << (i & 63)
	}
	return out
}

// answersFor gives what is known of the strings of x's dictionary, nil where it
// does not pay to keep it: when there are nearly as many strings as rows, or the
// other operands are no constants.
func (e *Evaluator) answersFor(n *check.Call, x *vector, f *frame) *answers {
	if x.dict == nil || x.dict.Len() > 1<<16 {
		return nil
	}
	for _, a := range n.Args[1:] {
		if _, ok := a.(*check.Const); !ok {
			return nil
		}
	}
	key := testKey{n, x.dict}
	known := e.tests[key]
	if known == nil {
		size := max(x.dict.Len(), 1)
		known = &answers{column.NewBitmap(size), column.NewBitmap(size)}
		e.tests[key] = known
	}
	return known
}

// textTest gives the test of one position. None of the operands is null there.
func (e *Evaluator) textTest(n *check.Call, args []*vector) func(i int) bool {
	x := args[0]
	switch n.Op {
	case check.Like:
		like := pattern.ParseLike(n.Args[1].(*check.Const).V.(string))
		return func(i int) bool { return like.Match(x.text(i)) }
	case check.Matches:
		p := e.p.patterns[n]
		return func(i int) bool { return p.match(x.text(i)) }
	case check.Equals, check.NotEquals:
		return func(i int) bool {
			s := folded(x.text(i), n.Fold)
			any := slices.ContainsFunc(args[1:], func(v *vector) bool { return folded(v.text(i), n.Fold) == s })
			return any == (n.Op == check.Equals)
		}
	}
	test, negated := affixes(n.Op)
	if k, ok := n.Args[1].(*check.Const); ok {
		part, _ := k.V.(string)
		part = folded(part, n.Fold)
		return func(i int) bool { return test(folded(x.text(i), n.Fold), part) != negated }
	}
	return func(i int) bool {
		return test(folded(x.text(i), n.Fold), folded(args[1].text(i), n.Fold)) != negated
	}
}

func affixes(op check.Op) (test func(s, part string) bool, negated bool) {
	switch op {
	case check.StartsWith, check.NotStartsWith:
		return strings.HasPrefix, op == check.NotStartsWith
	case check.EndsWith, check.NotEndsWith:
		return strings.HasSuffix, op == check.NotEndsWith
	}
	return strings.Contains, op == check.NotContains
}

// regexGroup gives a group of the first match; null when there is no match, or the
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

// folded gives s, or, to ignore case, its folded form.
func folded(s string, fold bool) string {
	if fold {
		return pattern.Fold(s)
	}
	return s
}

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
