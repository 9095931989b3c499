package loosen

import "github.com/segq/segq/lang/ast"

// direction is which way a part is to change for the rule to hold for more.
type direction int

// A condition is to hold for more or for fewer, a list to have more or fewer elements, a number to be larger
// or smaller.
const (
	more  direction = 1
	fewer direction = -1
)

// walker collects the steps.
type walker struct {
	text        string
	steps       []Step
	found, most int
}

// add adds the step that replaces what is at a place of the text.
func (w *walker) add(at ast.Span, becomes string, place ast.Span, by string, c *Choice) {
	if w.found++; w.found <= w.most {
		w.steps = append(w.steps, Step{At: at, Becomes: becomes, Text: edit(w.text, place, by), Choice: c})
	}
}

// cond walks through a condition. inner says that names are not those of the profile: there are bindings or
// elements around it.
func (w *walker) cond(x ast.Expr, d direction, inner bool) {
	switch x := x.(type) {
	case *ast.Unary:
		if x.Op == "not" {
			w.cond(x.X, -d, inner)
		}
	case *ast.Binary:
		w.binary(x, d, inner)
	case *ast.Call:
		w.test(x, d, inner)
	case *ast.Quantified:
		w.quantified(x, d)
	case *ast.Let:
		w.cond(x.Body, d, true)
	case *ast.Chain:
		w.chain(x, d)
	case *ast.Occurs:
		w.window(&x.Window, x.At, d)
	default:
		w.list(x, d) // that is not empty
	}
}

func (w *walker) binary(x *ast.Binary, d direction, inner bool) {
	switch x.Op {
	case "and", "or":
		w.cond(x.L, d, inner)
		w.cond(x.R, d, inner)
	case "<", "<=", ">", ">=":
		w.compare(x, d)
	case "=", "!=", "in", "notIn":
		w.set(x, d, inner)
	}
}

// test walks through a call that is a condition.
func (w *walker) test(x *ast.Call, d direction, inner bool) {
	recv, args := operands(x)
	switch x.Name.Text {
	case "exists", "filter":
		w.list(recv, d)
		for _, a := range args {
			w.cond(a, d, true)
		}
	case "isNotNull":
		w.list(recv, d)
	case "isNull":
		w.list(recv, -d)
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
func (w *walker) quantified(x *ast.Quantified, d direction) {
	from := d
	if x.ForAll {
		from = -d
	}
	for _, decl := range x.Decls {
		w.list(decl.From, from)
		if decl.Where != nil {
			w.cond(decl.Where, d, true)
		}
	}
}

func (w *walker) chain(x *ast.Chain, d direction) {
	w.list(x.X, d)
	for _, s := range x.Steps {
		w.cond(s.What, d, true)
		if s.When != nil {
			w.window(s.When, s.When.At, d)
		}
		if n, ok := s.Count.(*ast.Int); ok {
			w.atLeast(n, d)
		}
		if s.Where != nil {
			w.cond(s.Where, d, true)
		}
	}
}

// list walks through what a list is made of.
func (w *walker) list(x ast.Expr, d direction) {
	switch x := x.(type) {
	case *ast.Filter:
		w.list(x.X, d)
		w.cond(x.Cond, d, true)
	case *ast.Member:
		w.list(x.X, d)
	case *ast.Select:
		w.decls(x.Decls, d)
	case *ast.Call:
		recv, args := operands(x)
		switch x.Name.Text {
		case "filter":
			w.list(recv, d)
			for _, a := range args {
				w.cond(a, d, true)
			}
		case "map", "distinct", "values", "keys":
			w.list(recv, d)
		}
	}
}

func (w *walker) decls(decls []ast.Decl, d direction) {
	for _, decl := range decls {
		w.list(decl.From, d)
		if decl.Where != nil {
			w.cond(decl.Where, d, true)
		}
	}
}

// number walks through what a number is made of. A sum is taken for one of numbers that are not negative.
func (w *walker) number(x ast.Expr, d direction) {
	switch x := x.(type) {
	case *ast.Unary:
		w.number(x.X, -d)
	case *ast.Binary:
		switch x.Op {
		case "+":
			w.number(x.L, d)
			w.number(x.R, d)
		case "-":
			w.number(x.L, d)
			w.number(x.R, -d)
		}
	case *ast.Aggregate:
		if way := grows(x.Fn); way != 0 {
			w.decls(x.Decls, way*d)
		}
	case *ast.Call:
		if way := grows(x.Name.Text); way != 0 {
			recv, _ := operands(x)
			w.list(recv, way*d)
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
