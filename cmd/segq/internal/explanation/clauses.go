package explanation

import (
	"fmt"
	"regexp"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
)

// clausesOf returns the operands of the and, or the or, at the top of a condition, those of others of
// its kind among them taken apart.
func clausesOf(n check.Node) []check.Node {
	call, ok := n.(*check.Call)
	if !ok || call.Op != check.And && call.Op != check.Or {
		return []check.Node{n}
	}
	var out []check.Node
	for _, a := range call.Args {
		if inner, ok := a.(*check.Call); ok && inner.Op == call.Op {
			out = append(out, clausesOf(inner)...)
		} else {
			out = append(out, a)
		}
	}
	return out
}

// mostClauses is how many clauses are counted.
const mostClauses = 12

// noneOfAnd explains why clauses do not hold together: those that hold for nothing, or which exclude
// each other.
func (l *look) noneOfAnd(clauses []check.Node, sc *scope) {
	if len(clauses) > mostClauses {
		return
	}
	counts := l.counts(wrapped(clauses, sc)...)
	some := counts != nil
	for i, n := range counts {
		if n == 0 {
			some = false
			l.none(clauses[i], sc)
		}
	}
	if some {
		l.exclusive(clauses, counts, sc)
	}
}

func wrapped(conds []check.Node, sc *scope) []check.Node {
	out := make([]check.Node, len(conds))
	for i, c := range conds {
		out[i] = sc.wrap(c)
	}
	return out
}

// mostPairs is how many clauses are tried in pairs.
const mostPairs = 8

// exclusive explains clauses that hold for some each, and for none together.
func (l *look) exclusive(clauses []check.Node, counts []int, sc *scope) {
	if len(clauses) == 2 {
		l.excludes(clauses, counts, sc, true)
		return
	}
	if len(clauses) <= mostPairs {
		var pairs [][2]int
		var conds []check.Node
		for i := range clauses {
			for j := range i {
				pairs = append(pairs, [2]int{j, i})
				conds = append(conds, sc.wrap(and(clauses[j], clauses[i])))
			}
		}
		for k, n := range l.counts(conds...) {
			if p := pairs[k]; n == 0 {
				l.excludes([]check.Node{clauses[p[0]], clauses[p[1]]}, []int{counts[p[0]], counts[p[1]]}, sc, false)
				return
			}
		}
	}
	if l.ctx.Err() == nil {
		l.note(fmt.Sprintf("each clause holds for some profiles (%s), but no %s meets all", numbers(counts), sc.unit()))
	}
}

func and(conds ...check.Node) check.Node {
	return &check.Call{Info: check.Info{T: check.BoolType, At: conds[0].Span()}, Op: check.And, Args: conds}
}

// excludes says that two clauses exclude each other.
func (l *look) excludes(pair []check.Node, counts []int, sc *scope, only bool) {
	if l.oneValue(pair, sc, only) {
		return
	}
	a, b := l.written(pair[0]), l.written(pair[1])
	if only || a == "" || b == "" {
		l.note(fmt.Sprintf("each clause holds for some profiles (%s), but no %s meets both", numbers(counts), sc.unit()))
		return
	}
	l.note(fmt.Sprintf("no %s meets both %s (%s) and %s (%s)", sc.unit(), a, show.Count(counts[0]), b, show.Count(counts[1])))
}

// onlyAnd is what stands between two clauses that nothing else joins.
var onlyAnd = regexp.MustCompile(`^(\s+)(?i:and)(\s+)$`)

// oneValue says that a field with one value cannot be equal to two.
func (l *look) oneValue(pair []check.Node, sc *scope, only bool) bool {
	a, ok := equality(pair[0])
	b, also := equality(pair[1])
	if !ok || !also {
		return false
	}
	p, ok := l.place(a.Args[0], sc)
	q, also := l.place(b.Args[0], sc)
	if !ok || !also || p.path != q.path {
		return false
	}
	text := fmt.Sprintf("%s has one value in each %s, which is not both %s and %s", p.path, sc.unit(), constText(a.Args[1]), constText(b.Args[1]))
	between := ast.Span{Start: pair[0].Span().End, End: pair[1].Span().Start}
	start, end := between.Start-l.answer.Start, between.End-l.answer.Start
	if l.segment != "" || !only || start < 0 || end > len(l.answer.Text) || start >= end || !onlyAnd.MatchString(l.answer.Text[start:end]) {
		l.note(text)
		return true
	}
	l.note(text, edit{between, onlyAnd.ReplaceAllString(l.answer.Text[start:end], "${1}or${2}")})
	return true
}

// equality returns a comparison with a constant for equality.
func equality(n check.Node) (*check.Call, bool) {
	c, ok := n.(*check.Call)
	if !ok || c.Op != check.Eq {
		return nil, false
	}
	_, ok = c.Args[1].(*check.Const)
	return c, ok
}

// suspect is a condition that would surprise if it held for none.
type suspect struct {
	cond check.Node
	// explain is called if it does.
	explain func(*look, check.Node, *scope)
	of      check.Node // what is explained
}

// suspects are what may be of no effect in a condition that holds for some: one operand of an or, and
// what is excluded. (That a clause holds for all is no surprise, but a habit.)
func suspects(n check.Node) (out []suspect) {
	clauses := clausesOf(n)
	if len(clauses) > mostClauses {
		return nil
	}
	top, _ := n.(*check.Call)
	for _, c := range clauses {
		if call, ok := c.(*check.Call); ok && positives[call.Op] != check.NoOp {
			opposite := *call
			opposite.Op = positives[call.Op]
			out = append(out, suspect{&opposite, (*look).all, c})
			continue
		}
		if call, ok := c.(*check.Call); ok && call.Op == check.In {
			never := &check.Const{Info: check.Info{T: check.BoolType, At: c.Span()}, V: false}
			out = append(out, suspect{never, (*look).dead, c})
		}
		if len(clauses) > 1 && top.Op == check.Or {
			out = append(out, suspect{c, (*look).none, c})
		}
	}
	return out
}

// some explains what has no effect in a condition that holds for some.
func (l *look) some(n check.Node, sc *scope) {
	all := suspects(n)
	conds := make([]check.Node, len(all))
	for i, s := range all {
		conds[i] = sc.wrap(s.cond)
	}
	for i, count := range l.counts(conds...) {
		if count == 0 {
			all[i].explain(l, all[i].of, sc)
		}
	}
}

// dead tells of the texts in a list of them those that nothing has.
func (l *look) dead(n check.Node, sc *scope) {
	if t, ok := l.testOf(n.(*check.Call), sc); ok && len(t.values) > 1 && t.p.t.Kind == check.String {
		if _, all := t.p.texts(); all {
			l.noString(t)
		}
	}
}
