package loosen

import (
	"slices"

	"github.com/segq/segq/lang/ast"
)

// direction is which way a part is to change for the rule to hold for more.
type direction int

// A condition is to hold for more or for fewer, a list to have more or fewer elements, a number to be larger
// or smaller.
const (
	more  direction = 1
	fewer direction = -1
)

// walker collects the steps, and what has none.
type walker struct {
	text        string
	steps       []Step
	found, most int
	stays       []Stay
}

// scope is what names mean: fields of the profile, or of the elements of the list at of; inner without of is that there are
// bindings around it, whose names may be any.
type scope struct {
	inner bool
	of    []string
}

// bound is the scope of bindings.
var bound = scope{inner: true}

// elements is the scope in a condition on the elements of a list.
func (s scope) elements(list ast.Expr) scope {
	if path, ok := s.path(list); ok {
		return scope{true, path}
	}
	return bound
}

// path returns the path of a field, from the profile on.
func (s scope) path(x ast.Expr) ([]string, bool) {
	switch x := x.(type) {
	case *ast.Name:
		if s.inner && s.of == nil {
			return nil, false
		}
		return append(slices.Clone(s.of), x.Text), true
	case *ast.Member:
		path, ok := s.path(x.X)
		return append(path, x.Name.Text), ok
	case *ast.Filter:
		return s.path(x.X)
	case *ast.Call:
		if recv, _ := operands(x); recv != nil && x.Name.Text == "filter" {
			return s.path(recv)
		}
	}
	return nil, false
}

// add adds the step that replaces what is at a place of the text.
func (w *walker) add(at ast.Span, becomes string, place ast.Span, by string, c *Choice) {
	if w.found++; w.found <= w.most {
		w.steps = append(w.steps, Step{At: at, Becomes: becomes, Text: edit(w.text, place, by), Choice: c})
	}
}

// cond walks through a condition in a scope.
func (w *walker) cond(x ast.Expr, d direction, in scope) {
	switch x := x.(type) {
	case *ast.Unary:
		if x.Op == "not" {
			w.cond(x.X, -d, in)
		}
	case *ast.Binary:
		w.binary(x, d, in)
	case *ast.Call:
		w.test(x, d, in)
	case *ast.Quantified:
		w.quantified(x, d, in)
	case *ast.Let:
		w.cond(x.Body, d, bound)
	case *ast.Chain:
		w.chain(x, d, in)
	case *ast.Occurs:
		w.window(&x.Window, x.At, d)
	default:
		w.list(x, d, in) // that is not empty
	}
}

func (w *walker) binary(x *ast.Binary, d direction, in scope) {
	switch x.Op {
	case "and", "or":
		w.cond(x.L, d, in)
		w.cond(x.R, d, in)
	case "<", "<=", ">", ">=":
		w.compare(x, d, in)
	case "=", "!=", "in", "notIn":
		w.set(x, d, in)
	}
}

// test walks through a call that is a condition.
func (w *walker) test(x *ast.Call, d direction, in scope) {
	recv, args := operands(x)
	switch x.Name.Text {
	case "exists", "filter":
		w.list(recv, d, in)
		for _, a := range args {
			w.cond(a, d, in.elements(recv))
		}
	case "isNotNull":
		w.list(recv, d, in)
	case "isNull":
		w.list(recv, -d, in)
	case "startsWith", "endsWith":
		w.affix(x, args, d)
	case "contains", "like", "matches", "equals":
		w.stay(x.At, "of tests of texts those by startsWith and endsWith alone have a next step")
	}
}

// operands returns the receiver of a call in either form, nil for none, and the other arguments.
func operands(x *ast.Call) (ast.Expr, []ast.Expr) {
	switch {
	case x.Recv != nil:
		return x.Recv, x.Args
	case len(x.Args) > 0:
		return x.Args[0], x.Args[1:]
	}
	return nil, nil
}

// quantified: with more elements exists holds for more, and forall for fewer.
func (w *walker) quantified(x *ast.Quantified, d direction, in scope) {
	from := d
	if x.ForAll {
		from = -d
	}
	for _, decl := range x.Decls {
		w.list(decl.From, from, in)
		if decl.Where != nil {
			w.cond(decl.Where, d, bound)
		}
		in = bound
	}
}

func (w *walker) chain(x *ast.Chain, d direction, in scope) {
	w.list(x.X, d, in)
	for _, s := range x.Steps {
		w.cond(s.What, d, in.elements(x.X))
		if s.When != nil {
			w.window(s.When, s.When.At, d)
		}
		if n, ok := s.Count.(*ast.Int); ok {
			w.atLeast(n, d)
		}
		if s.Where != nil {
			w.cond(s.Where, d, bound)
		}
	}
}

// list walks through what a list is made of.
func (w *walker) list(x ast.Expr, d direction, in scope) {
	switch x := x.(type) {
	case *ast.Filter:
		w.list(x.X, d, in)
		w.cond(x.Cond, d, in.elements(x.X))
	case *ast.Member:
		w.list(x.X, d, in)
	case *ast.Select:
		w.decls(x.Decls, d, in)
	case *ast.Call:
		recv, args := operands(x)
		switch x.Name.Text {
		case "filter":
			w.list(recv, d, in)
			for _, a := range args {
				w.cond(a, d, in.elements(recv))
			}
		case "map", "distinct", "values", "keys":
			w.list(recv, d, in)
		}
	}
}

func (w *walker) decls(decls []ast.Decl, d direction, in scope) {
	for _, decl := range decls {
		w.list(decl.From, d, in)
		if decl.Where != nil {
			w.cond(decl.Where, d, bound)
		}
		in = bound
	}
}

// number walks through what a number is made of. A sum is taken for one of numbers that are not negative.
func (w *walker) number(x ast.Expr, d direction, in scope) {
	switch x := x.(type) {
	case *ast.Unary:
		w.number(x.X, -d, in)
	case *ast.Binary:
		switch x.Op {
		case "+":
			w.number(x.L, d, in)
			w.number(x.R, d, in)
		case "-":
			w.number(x.L, d, in)
			w.number(x.R, -d, in)
		}
	case *ast.Aggregate:
		if way := grows(x.Fn); way != 0 {
			w.decls(x.Decls, way*d, in)
		}
	case *ast.Call:
		if way := grows(x.Name.Text); way != 0 {
			recv, _ := operands(x)
			w.list(recv, way*d, in)
		}
	}
}

// grows says which way what a function makes of a list goes with more elements: 0 for either.
func grows(function string) direction {
	switch function {
	case "count", "sum", "max":
		return more
	case "min":
		return fewer
	}
	return 0
}
