// Package eval is the reference evaluator: the meaning of the language, written
// plainly, one profile at a time. It is the oracle of the tests of every other
// engine, and the path for what has no faster form in them.
//
// The tour: [New] prepares a typed query for a snapshot and returns a [Program],
// which is immutable and shared; each goroutine asks it for an [Evaluator] of its
// own. An evaluator walks the typed tree with one closed switch, in expr.go, and
// answers with a [Value]. Operations are in call.go and the files it leads to;
// lists are streamed from element to element by list.go, so that a count or a
// condition never builds the list it asks about.
package eval

import (
	"regexp"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/pattern"
	"github.com/segq/segq/lang/check"
)

// Program is a typed query that is ready to run over one snapshot, at one moment.
// It is immutable and safe for concurrent use.
type Program struct {
	root, cond check.Node
	slots      int
	snap       *column.Snapshot
	now        int64
	// What is computed once, by the node that it belongs to.
	consts   map[*check.Const]Value
	sets     map[*check.Const]*set
	patterns map[*check.Call]*regexp.Regexp
	likes    map[*check.Call]pattern.Like
	segments map[*check.Query]bool // that are prepared
}

// New prepares q, which was checked against the schema of snap. now is what the
// query means by now.
func New(q *check.Query, snap *column.Snapshot, now time.Time) *Program {
	return newProgram(q.Root, q.Cond, q.Slots, snap, now)
}

// NewCond prepares one condition out of a query, a node of type Bool: the
// program's value is that of the condition. slots is the number of slots of the
// query. No slot but the profile's may be free in the node.
func NewCond(cond check.Node, slots int, snap *column.Snapshot, now time.Time) *Program {
	return newProgram(cond, cond, slots, snap, now)
}

func newProgram(root, cond check.Node, slots int, snap *column.Snapshot, now time.Time) *Program {
	p := &Program{
		root: root, cond: cond, slots: max(slots, 1), snap: snap, now: now.UnixMilli(),
		consts:   map[*check.Const]Value{},
		sets:     map[*check.Const]*set{},
		patterns: map[*check.Call]*regexp.Regexp{},
		likes:    map[*check.Call]pattern.Like{},
		segments: map[*check.Query]bool{},
	}
	p.prepare(root)
	if cond != root {
		p.prepare(cond)
	}
	return p
}

// prepare converts the constants below n, and compiles its patterns. Patterns
// were compiled before, by the checker, so that they do compile.
func (p *Program) prepare(n check.Node) {
	switch n := n.(type) {
	case *check.Const:
		v := constant(n.V, n.T)
		p.consts[n] = v
		if l, ok := v.r.(items); ok {
			p.sets[n] = setOf(l)
		}
	case *check.Call:
		switch n.Op {
		case check.Matches, check.RegexGroup:
			p.patterns[n] = regexp.MustCompile(n.Args[1].(*check.Const).V.(string))
		case check.Like:
			p.likes[n] = pattern.ParseLike(n.Args[1].(*check.Const).V.(string))
		}
	case *check.Segment:
		if p.segments[n.Query] {
			return
		}
		p.segments[n.Query] = true
	}
	for child := range check.Children(n) {
		p.prepare(child)
	}
}

// constant converts the value of a [check.Const].
func constant(v any, t *check.Type) Value {
	switch v := v.(type) {
	case bool:
		return boolValue(v)
	case int64:
		if t.Kind == check.Timestamp {
			return timestampValue(v)
		}
		return intValue(v)
	case float64:
		return floatValue(v)
	case string:
		return stringValue(v)
	case []any:
		list := make([]Value, len(v))
		for i, x := range v {
			list[i] = constant(x, t.Elem)
		}
		return listValue(t, list)
	}
	return Value{}
}
