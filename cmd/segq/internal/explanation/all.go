package explanation

import (
	"fmt"

	"github.com/segq/segq/lang/check"
)

// all explains why a condition holds for everything in its scope.
func (l *look) all(n check.Node, sc *scope) {
	if l.full() || sc.list != "" {
		return
	}
	switch n := n.(type) {
	case *check.Call:
		l.allOf(n, sc)
	case *check.Segment:
		l.within(n, func() { l.all(n.Query.Cond, l.profile()) })
	case *check.Member:
		l.note(fmt.Sprintf("%s is true in every profile", path(l, n, sc)))
	}
}

// path is that of the field that a node reads.
func path(l *look, n check.Node, sc *scope) string {
	p, _ := l.place(n, sc)
	return p.path
}

// allOf is all for an operation.
func (l *look) allOf(n *check.Call, sc *scope) {
	switch n.Op {
	case check.And:
		for _, a := range clausesOf(n) {
			l.all(a, sc)
		}
	case check.Or:
		clauses := clausesOf(n)
		if len(clauses) > mostClauses {
			return
		}
		for i, count := range l.counts(clauses...) {
			if count == l.answer.Total {
				l.all(clauses[i], sc)
			}
		}
	case check.Not:
		l.none(n.Args[0], sc)
	case check.Truth, check.IsNotNull:
		l.allTrue(n, sc)
	case check.IsNull:
		l.missing(n.Args[0], sc)
	default:
		l.everyValue(n, sc)
	}
}

// allTrue explains why every profile has a value that is as good as true.
func (l *look) allTrue(n *check.Call, sc *scope) {
	p, ok := l.place(n.Args[0], sc)
	switch {
	case !ok || p.path == "":
	case n.Op == check.Truth && p.t.Kind == check.Bool:
		l.note(p.path + " is true in every profile")
	case p.t.Kind == check.List:
		l.note("no profile is without " + p.path)
	default:
		l.present(n.Args[0], sc)
	}
}
