package eval

import (
	"slices"
	"strings"

	"github.com/segq/segq/exec/pattern"
	"github.com/segq/segq/lang/check"
)

// text applies an operation to strings.
func (e *Evaluator) text(n *check.Call, args []Value) Value {
	switch n.Op {
	case check.Like:
		return boolValue(e.p.likes[n].Match(args[0].s))
	case check.Matches:
		return boolValue(e.p.patterns[n].MatchString(args[0].s))
	case check.RegexGroup:
		return e.regexGroup(n, args)
	}
	if n.Fold {
		for i := range args {
			args[i].s = pattern.Fold(args[i].s)
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

// regexGroup returns a group of the first match; null when there is no match, or
// the group took no part in it.
func (e *Evaluator) regexGroup(n *check.Call, args []Value) Value {
	s, group := args[0].s, args[2].Int()
	m := e.p.patterns[n].FindStringSubmatchIndex(s)
	if group < 0 || group >= int64(len(m)/2) || m[2*group] < 0 {
		return Value{}
	}
	return stringValue(s[m[2*group]:m[2*group+1]])
}
