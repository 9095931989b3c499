package vector

import (
	"slices"
	"strings"

	"github.com/segq/segq/exec/pattern"
	"github.com/segq/segq/lang/check"
)

// textCall is an operation on strings.
func (e *Evaluator) textCall(n *check.Call, args []*vector, f *frame) *vector {
	if n.Op == check.RegexGroup {
		return e.regexGroup(n, args, f)
	}
	if out := e.searched(n, args[0], f); out != nil {
		return out
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

// textTest returns the test of one position. None of the operands is null there.
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

// folded returns s, or, to ignore case, its folded form.
func folded(s string, fold bool) string {
	if fold {
		return pattern.Fold(s)
	}
	return s
}
