package ast

// Walk calls visit for x and then, where visit says true, for the expressions
// that x is made of, in the order of the text.
func Walk(x Expr, visit func(Expr) bool) {
	if x == nil || !visit(x) {
		return
	}
	each(x, func(child Expr) { Walk(child, visit) })
}

// Inspect is [Walk] under the name that Go's own trees use.
func Inspect(x Expr, visit func(Expr) bool) { Walk(x, visit) }

// each calls f for the children of x that are there.
func each(x Expr, f func(Expr)) {
	switch x := x.(type) {
	case *List:
		eachOf(x.Items, f)
	case *Object:
		eachOf(x.Values, f)
	case *Member:
		f(x.X)
	case *Unary:
		f(x.X)
	case *Binary:
		f(x.L)
		f(x.R)
	case *Call:
		if x.Recv != nil {
			f(x.Recv)
		}
		eachOf(x.Args, f)
	case *Filter:
		f(x.X)
		f(x.Cond)
	case *Lambda:
		f(x.Body)
	case *Select:
		eachDecl(x.Decls, f)
	case *Quantified:
		eachDecl(x.Decls, f)
	case *Aggregate:
		f(x.X)
		eachDecl(x.Decls, f)
	case *Let:
		f(x.Value)
		f(x.Body)
	case *Chain:
		f(x.X)
		f(x.Order)
		for _, s := range x.Steps {
			eachStep(s, f)
		}
	case *Occurs:
		f(x.X)
		eachWindow(&x.Window, f)
	}
}

func eachOf(xs []Expr, f func(Expr)) {
	for _, x := range xs {
		f(x)
	}
}

func eachDecl(decls []Decl, f func(Expr)) {
	for _, d := range decls {
		f(d.From)
		if d.Where != nil {
			f(d.Where)
		}
	}
}

func eachStep(s Step, f func(Expr)) {
	f(s.What)
	if s.When != nil {
		eachWindow(s.When, f)
	}
	if s.Count != nil {
		f(s.Count)
	}
	if s.Where != nil {
		f(s.Where)
	}
}

func eachWindow(w *Window, f func(Expr)) {
	f(w.Ref)
	if w.To != nil {
		f(w.To)
	}
}
