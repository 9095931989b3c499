package explanation

import (
	"fmt"
	"slices"

	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/repl/show"
)

// none explains why a condition holds for nothing in its scope.
func (l *look) none(n check.Node, sc *scope) {
	if l.full() {
		return
	}
	switch n := n.(type) {
	case *check.Call:
		l.noneOf(n, sc)
	case *check.Iterate:
		if n.Op == check.Exists {
			l.noElement(n, sc)
		}
	case *check.Comprehend:
		if n.Op == check.Exists {
			l.noBinding(n, sc)
		}
	case *check.Chain:
		l.noChain(n, sc)
	case *check.Occurs:
		l.noTime(n, sc)
	case *check.Segment:
		l.within(n, func() { l.none(n.Query.Cond, l.profile()) })
	case *check.Member, *check.Slot:
		l.missing(n, sc)
	}
}

// noneOf is none for an operation.
func (l *look) noneOf(n *check.Call, sc *scope) {
	switch n.Op {
	case check.And:
		l.noneOfAnd(clausesOf(n), sc)
	case check.Or:
		for _, a := range n.Args {
			l.none(a, sc)
		}
	case check.Not:
		l.all(n.Args[0], sc)
	case check.Truth:
		l.untrue(n.Args[0], sc)
	case check.IsNotNull:
		l.missing(n.Args[0], sc)
	case check.IsNull:
		l.present(n.Args[0], sc)
	default:
		l.noValue(n, sc)
	}
}

// untrue explains why no value is as good as true.
func (l *look) untrue(n check.Node, sc *scope) {
	if filter := filterOf(n); filter != nil && (filter == n || l.count(l.inside(sc, filter.X, filter.Slot).wrap(filter.Body)) == 0) {
		l.noElement(filter, sc)
		return
	}
	if p, ok := l.place(n, sc); ok && p.t.Kind == check.Bool && !p.empty() {
		l.note(fmt.Sprintf("%s is false in every %s that has it", p.path, sc.unit()))
		return
	}
	l.missing(n, sc)
}

// missing says that nothing has a value of this field.
func (l *look) missing(n check.Node, sc *scope) bool {
	if l.noKey(n, sc) {
		return true
	}
	p, ok := l.place(n, sc)
	if !ok || p.path == "" {
		return false
	}
	switch {
	case p.t.Kind == check.List:
		if p.element().col.Len() > 0 {
			return false
		}
		l.note(fmt.Sprintf("%s is empty in every %s", p.path, sc.unit()))
		return true
	case !p.empty():
		return false
	}
	l.note(fmt.Sprintf("%s is null in every %s", p.path, sc.unit()))
	return true
}

// present says that everything has a value of this field.
func (l *look) present(n check.Node, sc *scope) {
	if p, ok := l.place(n, sc); ok && p.path != "" && p.whole() {
		l.note(fmt.Sprintf("%s has a value in every %s", p.path, sc.unit()))
	}
}

// unit is what there is one of for each row of the scope.
func (sc *scope) unit() string {
	switch {
	case sc.list == "":
		return "profile"
	case sc.events:
		return "event"
	}
	return "element of " + sc.list
}

// noElement explains why no element of a list meets a condition.
func (l *look) noElement(n *check.Iterate, sc *scope) {
	if filter, ok := n.X.(*check.Iterate); ok && filter.Op == check.Filter {
		in := l.inside(sc, filter.X, filter.Slot)
		if l.count(in.wrap(filter.Body)) == 0 {
			l.none(filter.Body, in)
			return
		}
	}
	if l.missing(n.X, sc) {
		return
	}
	l.none(n.Body, l.inside(sc, n.X, n.Slot))
}

// noBinding explains why declarations have no elements together: by a clause of one that is about its
// own elements alone, and that none of them meets.
func (l *look) noBinding(n *check.Comprehend, sc *scope) {
	for _, d := range n.Decls {
		if d.Where == nil || d.From.Type().Kind != check.List {
			continue
		}
		clauses, own := []check.Node{d.Where}, []check.Node(nil)
		if call, ok := d.Where.(*check.Call); ok && call.Op == check.And {
			clauses = clausesOf(call)
		}
		for _, c := range clauses {
			if free := check.Free(c); !slices.ContainsFunc(free, func(s int) bool { return s != 0 && s != d.Slot }) {
				own = append(own, c)
			}
		}
		in := l.inside(sc, d.From, d.Slot)
		if len(own) > 0 && len(check.Free(d.From)) < 2 && l.count(in.wrap(and(own...))) == 0 {
			l.none(and(own...), in)
		}
	}
}

// noChain explains why no profile has the events of a chain in their order.
func (l *look) noChain(n *check.Chain, sc *scope) {
	if l.missing(n.X, sc) {
		return
	}
	in := l.inside(sc, n.X, n.Slot)
	conds := make([]check.Node, len(n.Steps))
	for i, s := range n.Steps {
		conds[i] = in.wrap(s.Cond)
	}
	counts := l.counts(conds...)
	some := true
	for i, count := range counts {
		if count == 0 {
			some = false
			l.none(n.Steps[i].Cond, in)
		}
	}
	if some && len(counts) > 1 {
		l.note(fmt.Sprintf("each step happens for some profiles (%s), but never in this order", numbers(counts)))
	}
}

// within explains what is inside the definition of a segment.
func (l *look) within(s *check.Segment, explain func()) {
	query, segment := l.query, l.segment
	l.query, l.segment = s.Query, show.Clean(s.ID)
	explain()
	l.query, l.segment = query, segment
}

// mostNumbers is how many counts a note has.
const mostNumbers = 5

// numbers writes counts.
func numbers(counts []int) string {
	var words []string
	for _, n := range counts[:min(len(counts), mostNumbers)] {
		words = append(words, show.Count(n))
	}
	if len(counts) > mostNumbers {
		words = append(words, "…")
		return listed(words, "")
	}
	return listed(words, "and")
}
