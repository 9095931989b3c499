// Package trace says why a query holds for one profile, or does not: its clauses with what each says of the profile, the
// values that decided it, and of the lists that it asks about the elements that came nearest. Package eval evaluates
// every node; here is only which nodes are worth telling.
//
// The tour: [Of] follows the condition of a query (this file) and returns a tree of [Clause] (clause.go). Tests and their
// operands are in test.go, lists in list.go and, with several declarations, bindings.go, chains in chain.go.
// [Reads] says what of a profile has to be loaded.
package trace

import (
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/lang/check"
)

// What a trace holds at most.
const (
	mostNearest  = 3       // elements of a list that are told
	mostClauses  = 2000    // of one query
	mostBindings = 1 << 18 // of several declarations that are compared
	// mostInList is how many elements of a list a value has.
	mostInList = 20
)

// Of traces a query, which was checked against the schema of snap, for the profile in a row, at a moment. stop, which may
// be nil, is asked now and then whether to give up. Values in the tree are valid as long as the snapshot.
func Of(q *check.Query, snap *column.Snapshot, now time.Time, row int, stop func() bool) (*Clause, error) {
	room := mostClauses
	t := &tracer{snap: snap, now: now, row: row, stop: stop, room: &room, told: map[*check.Query]bool{q: true}}
	return t.query(q)
}

// tracer traces one query, or the definition of a segment, which has slots of its own.
type tracer struct {
	snap  *column.Snapshot
	now   time.Time
	row   int
	stop  func() bool
	parts *eval.Parts
	room  *int                  // clauses that there is room for
	told  map[*check.Query]bool // definitions of segments that are told above
}

func (t *tracer) query(q *check.Query) (*Clause, error) {
	e := eval.New(q, t.snap, t.now).Evaluator()
	e.Stop = t.stop
	t.parts = e.Parts(t.row)
	c := t.cond(q.Cond)
	return c, t.parts.Err()
}

// cond traces a condition.
func (t *tracer) cond(n check.Node) *Clause {
	if *t.room--; *t.room < 0 {
		return &Clause{Kind: Test, Span: n.Span(), Verdict: t.verdict(n), Cut: true}
	}
	switch n := n.(type) {
	case *check.Call:
		return t.call(n)
	case *check.Let:
		return t.bound(n)
	case *check.Iterate:
		if n.Op == check.Exists || n.Op == check.ForAll {
			return t.listed(n)
		}
	case *check.Comprehend:
		return t.listed(n)
	case *check.Chain:
		return t.chain(n)
	case *check.Segment:
		return t.segment(n)
	}
	return t.test(n, check.Operands(n))
}

// call traces an operation that is a condition.
func (t *tracer) call(n *check.Call) *Clause {
	c := &Clause{Span: n.Span()}
	switch n.Op {
	case check.And, check.Or:
		c.Kind, c.Of = And, t.operands(n, n.Op)
		if n.Op == check.Or {
			c.Kind = Or
		}
	case check.Not:
		c.Kind, c.Of = Not, []*Clause{t.cond(n.Args[0])}
	case check.If:
		return t.branch(n, n)
	case check.Truth:
		if inner, ok := n.Args[0].(*check.Call); ok && inner.Op == check.If {
			return t.branch(n, inner)
		}
		return t.test(n, n.Args)
	default:
		return t.test(n, n.Args)
	}
	c.Verdict = t.verdict(n)
	return c
}

// operands traces those of an and or an or, with those of others of its kind among them.
func (t *tracer) operands(n *check.Call, op check.Op) (all []*Clause) {
	for _, a := range n.Args {
		if inner, ok := a.(*check.Call); ok && inner.Op == op {
			all = append(all, t.operands(inner, op)...)
			continue
		}
		all = append(all, t.cond(a))
	}
	return all
}

// branch traces an if whose value is that of a condition: what it asks, and the branch that it takes.
func (t *tracer) branch(n check.Node, choice *check.Call) *Clause {
	c := &Clause{Kind: If, Span: n.Span(), Verdict: t.verdict(n)}
	taken := choice.Args[2]
	if t.holds(choice.Args[0]) {
		taken = choice.Args[1]
	}
	c.Of = append(c.Of, t.cond(choice.Args[0]))
	if taken.Type().Kind == check.Bool {
		c.Of = append(c.Of, t.cond(taken))
	} else {
		c.Values = t.values([]check.Node{taken})
	}
	return c
}

// bound traces what a let is for, with the value that it gives a name.
func (t *tracer) bound(n *check.Let) *Clause {
	value := t.values([]check.Node{n.Value})
	t.parts.Bind(n.Slot, t.parts.Value(n.Value))
	c := t.cond(n.Body)
	c.Values = append(value, c.Values...)
	return c
}

// segment traces the definition of a segment, once.
func (t *tracer) segment(n *check.Segment) *Clause {
	c := &Clause{Kind: Segment, Span: n.Span(), Verdict: t.verdict(n), Segment: n}
	if t.told[n.Query] {
		return c
	}
	t.told[n.Query] = true
	inside := *t
	if definition, err := inside.query(n.Query); err == nil {
		c.Of = []*Clause{definition}
	}
	return c
}

// holds says whether a condition holds.
func (t *tracer) holds(n check.Node) bool { return t.parts.Value(n).Bool() }

// verdict is what a condition says where nothing else is known.
func (t *tracer) verdict(n check.Node) Verdict {
	if t.holds(n) {
		return True
	}
	return False
}

// Reads returns what of a profile a trace of q reads, in data of a schema: what its condition does, when the elements of
// the lists that it reads were, and, of lists of texts and numbers, these.
func Reads(q *check.Query, schema *check.Type) *check.Reads {
	r := check.ReadsOf(q.Cond)
	readTold(r, schema)
	return r
}

// readTold adds what is told of the elements of lists that are read in a value of a type.
func readTold(r *check.Reads, t *check.Type) {
	switch t.Kind {
	case check.Object:
		for name, below := range r.Fields {
			if f := t.Field(name); f != nil {
				readTold(below, f.Type)
			}
		}
	case check.List, check.Map:
		elem := r.Element()
		if scalar(t.Elem) {
			elem.All = true
		} else if f := timestampOf(t.Elem); f != nil {
			elem.Field(f.Name).All = true
		}
		readTold(elem, t.Elem)
	}
}
