package explanation

import (
	"fmt"

	"github.com/segq/segq/lang/check"
)

// noTime explains why no moment lies in a window.
func (l *look) noTime(n *check.Occurs, sc *scope) {
	p, ok := l.place(n.X, sc)
	if !ok || p.path == "" || l.missing(n.X, sc) {
		return
	}
	stretches, ok := n.Window.Resolve(l.answer.Now.UnixMilli())
	if !ok {
		return
	}
	least, most, found := p.bounds()
	switch {
	case len(stretches) == 0:
		l.note("no moment at all is in this stretch of time" + l.nowIs(n))
		return
	case !found:
		return
	case l.private(p.path):
		l.note("no " + sc.unit() + " has such a " + p.path)
		return
	}
	first, last := stretches[0], stretches[len(stretches)-1]
	switch {
	case float64(first.Start) > most.f:
		l.note(fmt.Sprintf("%s is at most %s, and this asks for %s%s", p.path, l.moment(n.X, sc, int64(most.f), 1), from(first), l.nowIs(n)))
	case float64(last.End) <= least.f:
		l.note(fmt.Sprintf("%s is at least %s, and this asks for times before %s%s", p.path, l.moment(n.X, sc, int64(least.f), -1), instant(last.End), l.nowIs(n)))
	case len(stretches) == 1:
		l.note(fmt.Sprintf("no %s lies between %s and %s%s", p.path, instant(first.Start), instant(lastOf(first)), l.nowIs(n)))
	}
}

// from tells when a stretch begins.
func from(s check.Stretch) string {
	if (s.Start-1)%1000 == 0 {
		return "times after " + instant(s.Start-1)
	}
	return instant(s.Start) + " or later"
}

// lastOf is the last moment of a stretch where that is as good a number as its end.
func lastOf(s check.Stretch) int64 {
	if (s.End-1)%1000 == 0 {
		return s.End - 1
	}
	return s.End
}

// nowIs tells what now is, if a window depends on it.
func (l *look) nowIs(n check.Node) string {
	if !check.UsesNow(n) {
		return ""
	}
	return " (now is " + instant(l.answer.Now.UnixMilli()) + ")"
}

// moment writes the first moment of a field, for a direction of -1, or the last, for 1: its day alone, or
// its month, or year, where it is that of few profiles.
func (l *look) moment(x check.Node, sc *scope, ms int64, direction float64) string {
	k := &check.Const{Info: check.Info{T: check.TimestampType, At: x.Span()}, V: ms}
	equal := &check.Call{Info: check.Info{T: check.BoolType, At: x.Span()}, Op: check.Eq, Args: []check.Node{x, k}}
	if !l.fewHave(sc.wrap(equal)) {
		return instant(ms)
	}
	return l.day(x, sc, false, ms, direction)
}
