package check

import (
	"sort"

	"github.com/segq/segq/lang/ast"
)

// Options steer a check. The zero value checks a query without parameters.
type Options struct {
	// Params are the values of @name and @{name}: bool, int64, float64, string, a []any
	// of these, or a map[string]any of any of these and of nil. The value of a context
	// @{name;version=1} may be given by the whole name or by what stands before the
	// semicolon.
	Params map[string]any
	// Unbound lets parameters without a value pass, with a warning: they are null.
	Unbound bool
	// Adobe asks for a warning where a query passes a limit that Adobe sets.
	Adobe bool
}

// Check returns x its meaning against cat. The diagnostics are in order of place.
// When one of them is an error there is no query; warnings alone come with it.
func Check(x ast.Expr, cat Catalog, opt Options) (q *Query, ds ast.Diagnostics) {
	defer ast.Guard(func(f *ast.Fault) { q, ds = nil, ast.Diagnostics{f.Diagnostic(spanOf(x))} })
	c := &checker{cat: cat, opt: opt, slots: 1, supplied: map[*Type]bool{}}
	c.scope = &scope{item: true, slot: 0, t: cat.Profile()}
	x = c.parameters(x)
	root := c.expr(x)
	cond := c.holds(x, root)
	if opt.Adobe {
		c.adobe(x)
	}
	sort.SliceStable(c.ds, func(i, j int) bool { return c.ds[i].At.Start < c.ds[j].At.Start })
	if c.ds.Failed() {
		return nil, c.ds
	}
	q = &Query{Root: root, Cond: cond, Slots: c.slots, Canonical: ast.Format(x), Warnings: c.ds}
	if q.measure(); c.tooDeep(x.Span(), q) {
		return nil, c.ds
	}
	return q, c.ds
}

// spanOf returns the place of x, which may be nil.
func spanOf(x ast.Expr) ast.Span {
	if x == nil {
		return ast.Span{}
	}
	return x.Span()
}

// checker is the state of one check.
type checker struct {
	cat   Catalog
	opt   Options
	ds    ast.Diagnostics
	scope *scope
	slots int
	// supplied are the types of objects that parameters are: they lack no field, what was
	// not given is null.
	supplied map[*Type]bool
	items    map[int]Node // by slot: the list whose elements it holds, for hints
}

// scope is one binding around the expression being checked, innermost first:
// an item scope, whose fields are names, or a variable.
type scope struct {
	outer *scope
	item  bool
	name  string
	slot  int
	t     *Type
	// value is what the variable is known to stand for, nil for what is in the slot.
	value Node
}

// slot returns a new slot.
func (c *checker) slot() int {
	c.slots++
	return c.slots - 1
}

// inItem checks with an item scope around it, whose item has type t.
func (c *checker) inItem(t *Type, check func(slot int)) {
	s := c.slot()
	c.within(&scope{outer: c.scope, item: true, slot: s, t: t}, func() { check(s) })
}

// within checks with s as the innermost scope.
func (c *checker) within(s *scope, check func()) {
	outer := c.scope
	c.scope = s
	check()
	c.scope = outer
}

// parameters takes the named parameter of the profile off: (P) => body. The
// name stays bound while the body is checked.
func (c *checker) parameters(x ast.Expr) ast.Expr {
	l, ok := x.(*ast.Lambda)
	if !ok {
		return x
	}
	if len(l.Params) != 1 {
		c.oneProfile(l.At)
	}
	for _, p := range l.Params {
		c.scope = &scope{outer: c.scope, name: p.Text, slot: 0, t: c.cat.Profile()}
	}
	return l.Body
}

// null is a node of any type for what could not be checked; an error has been
// reported.
func null(at ast.Span) Node { return &Const{Info: Info{AnyType, at}} }

// cond checks x as a condition.
func (c *checker) cond(x ast.Expr) Node {
	n := c.expr(x)
	if value, constant := constantCond(x, n); constant {
		c.notCompared(n.Span(), x, value)
	}
	return c.holds(x, n)
}

// constantCond says whether n is a constant of another type than Bool that was written as
// one, and what it means as a condition.
func constantCond(x ast.Expr, n Node) (value, constant bool) {
	k, ok := n.(*Const)
	if !ok || k.V == nil || k.T.Kind == Bool {
		return false, false
	}
	switch x.(type) {
	case *ast.Name, *ast.Param, *ast.Member:
		return false, false // the value of a parameter
	}
	list, isList := k.V.([]any)
	return !isList || len(list) > 0, true
}

// truth makes n a condition: Bool and never null.
func (c *checker) truth(n Node) Node {
	if neverNull(n) {
		return n
	}
	return &Call{Info: Info{BoolType, n.Span()}, Op: Truth, Args: []Node{n}}
}

// neverNull says whether n is a Bool that is never null.
func neverNull(n Node) bool {
	if n.Type().Kind != Bool {
		return false
	}
	switch n := n.(type) {
	case *Const:
		return n.V != nil
	case *Call:
		return n.Op.Test()
	case *Iterate:
		return n.Op.Test()
	case *Comprehend:
		return n.Op.Test()
	case *Chain, *Occurs, *Segment:
		return true
	case *Let:
		return neverNull(n.Body)
	}
	return false
}

// read returns the node that reads s.
func (s *scope) read(at ast.Span) Node {
	if s.value != nil {
		return s.value
	}
	return &Slot{Info: Info{s.t, at}, N: s.slot, Name: s.name}
}
