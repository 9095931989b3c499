package plan

import (
	"context"
	"errors"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/vector"
	"github.com/segq/segq/lang/check"
)

// compiler builds the graph of a batch. It belongs to one goroutine.
type compiler struct {
	ctx   context.Context
	snap  *column.Snapshot
	now   time.Time
	graph *graph
	// vectors holds what no kernel answers.
	vectors *vector.Program
	scopes  []scope
	numbers map[scope]int // of scopes but the first
	// slots is the number of slots of the query that is compiled.
	slots   int
	planner *Planner
	// dictionaries is what strings.go has found before, windows
	// is what occurs.go has.
	dictionaries map[*column.Dict]*column.Snapshot
	windows      map[string][]span
	// conditions and lets are what queries and the values of lets were compiled to, so
	// that one that is mentioned twice, by others that are, is compiled once.
	conditions map[*check.Query]id
	lets       map[letUse]compiled
	identities *check.Identities
	copied     int // nodes, by overText
	// single says that the plan is for any profile of the schema, at any moment: nothing may depend on
	// the values of columns, nor on now.
	single bool
}

func newCompiler(ctx context.Context, snap *column.Snapshot, now time.Time, planner *Planner) *compiler {
	return &compiler{
		ctx: ctx, snap: snap, now: now, planner: planner,
		graph:        newGraph(),
		vectors:      vector.New(snap, now),
		scopes:       []scope{{parent: -1}},
		numbers:      map[scope]int{},
		dictionaries: map[*column.Dict]*column.Snapshot{},
		windows:      map[string][]span{},
		conditions:   map[*check.Query]id{},
		lets:         map[letUse]compiled{},
		identities:   check.NewIdentities(),
	}
}

// queries compiles the conditions of queries.
func (c *compiler) queries(queries []*check.Query) ([]id, error) {
	roots := make([]id, len(queries))
	for i, q := range queries {
		if err := c.ctx.Err(); err != nil {
			return nil, err
		}
		root, err := c.query(q)
		if err != nil {
			return nil, err
		}
		roots[i] = root
	}
	return roots, nil
}

// letUse is the value of a let, and what it is read as.
type letUse struct {
	binding *env
	as      use
}

type use uint8

const (
	asTruth use = iota
	asPresent
	asSource
)

// compiled is the result.
type compiled struct {
	node   id
	source source
	err    error
}

// remembered compiles the value of a let once for each of its uses; other expressions it
// leaves to compile.
func (c *compiler) remembered(n check.Node, e *env, as use, compile func(check.Node, *env) compiled) compiled {
	s, ok := n.(*check.Slot)
	if !ok {
		return compile(n, e)
	}
	b := e.find(s.N)
	if b == nil || b.value == nil {
		return compile(n, e)
	}
	key := letUse{b, as}
	out, ok := c.lets[key]
	if !ok {
		out = c.remembered(b.value, b.valueEnv, as, compile)
		c.lets[key] = out
	}
	return out
}

// unsupported is the reason why an expression has no form in the graph. It never
// leaves the package as an error: the expression becomes a fallback.
type unsupported string

func (u unsupported) Error() string { return string(u) }

// query compiles the condition of q in slots of its own.
func (c *compiler) query(q *check.Query) (id, error) {
	if i, ok := c.conditions[q]; ok {
		return i, nil
	}
	outer := c.slots
	c.slots = q.Slots
	defer func() { c.slots = outer }()
	root := &env{slot: 0, scope: 0, col: c.snap.Root}
	i, err := c.cond(q.Cond, root)
	if err == nil {
		c.conditions[q] = i
	}
	return i, err
}

// cond compiles a condition. Where that fails for want of a form, and nothing but
// the profile is free in n, the reference evaluator takes n over.
func (c *compiler) cond(n check.Node, e *env) (id, error) {
	i, err := c.form(n, e)
	var reason unsupported
	switch {
	case !errors.As(err, &reason):
		return i, err
	case fixed(n):
		return c.once(n, string(reason)), nil
	case closed(n):
		return c.fallback(n, string(reason)), nil
	}
	return 0, err
}

// form compiles a condition, or gives the reason why there is no form for it.
func (c *compiler) form(n check.Node, e *env) (id, error) {
	switch n := n.(type) {
	case *check.Const:
		if v, _ := n.V.(bool); v {
			return always, nil
		}
		return never, nil
	case *check.Slot, *check.Member:
		return c.truth(n, e)
	case *check.Call:
		return c.call(n, e)
	case *check.Let:
		// The value of a let is null where its body is, and is then no condition.
		return c.truth(n.Body, e.let(n))
	case *check.Iterate:
		return c.quantified(n, e)
	case *check.Comprehend:
		return c.comprehend(n, e)
	case *check.Chain:
		return c.chain(n, e)
	case *check.Occurs:
		return c.occurs(n, e)
	case *check.Segment:
		return c.query(n.Query)
	}
	return 0, unsupported("it has no form for columns")
}

// call compiles the operations that give a condition.
func (c *compiler) call(n *check.Call, e *env) (id, error) {
	switch n.Op {
	case check.And, check.Or:
		return c.connective(n, e)
	case check.Not:
		x, err := c.cond(n.Args[0], e)
		if err != nil {
			return 0, err
		}
		return c.graph.not(x), nil
	case check.Truth:
		return c.truth(n.Args[0], e)
	case check.If:
		return c.choice(n, e, c.truth)
	case check.IsNull, check.IsNotNull:
		x, err := c.present(n.Args[0], e)
		if err == nil && n.Op == check.IsNull {
			x = c.graph.not(x)
		}
		return x, err
	case check.Eq, check.Ne, check.Lt, check.Le, check.Gt, check.Ge:
		return c.firstForm(n, e, c.comparison, c.stringTest)
	case check.In, check.NotIn:
		return c.firstForm(n, e, c.membership, c.stringTest)
	}
	return c.stringTest(n, e)
}

// firstForm tries the forms in order, and gives the reason of the first when
// there is none.
func (c *compiler) firstForm(n *check.Call, e *env, forms ...func(*check.Call, *env) (id, error)) (id, error) {
	var first error
	for _, form := range forms {
		i, err := form(n, e)
		var reason unsupported
		if !errors.As(err, &reason) {
			return i, err
		}
		if first == nil {
			first = err
		}
	}
	return 0, first
}

func (c *compiler) connective(n *check.Call, e *env) (id, error) {
	args := make([]id, len(n.Args))
	for i, a := range n.Args {
		x, err := c.cond(a, e)
		if err != nil {
			return 0, err
		}
		args[i] = x
	}
	if n.Op == check.Or {
		return c.or(args...)
	}
	return c.and(args...)
}

// and joins conditions on scopes of one line, in the deepest of them.
func (c *compiler) and(ns ...id) (id, error) { return c.connect(opAnd, ns) }

// or joins conditions on scopes of one line, in the deepest of them.
func (c *compiler) or(ns ...id) (id, error) { return c.connect(opOr, ns) }

func (c *compiler) connect(o op, ns []id) (id, error) {
	deep, err := c.deepest(ns)
	if err != nil {
		return 0, err
	}
	lifted := make([]id, len(ns))
	for i, n := range ns {
		if lifted[i], err = c.lift(n, deep); err != nil {
			return 0, err
		}
	}
	return c.graph.connect(o, deep, lifted), nil
}
