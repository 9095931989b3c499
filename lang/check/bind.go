package check

import "github.com/segq/segq/lang/ast"

// decls checks declarations from left to right, each in the scope of those
// before it, and then body in the scope of all.
func (c *checker) decls(ds []ast.Decl, body func([]Decl)) {
	outer := c.scope
	defer func() { c.scope = outer }()
	out := make([]Decl, len(ds))
	for i, d := range ds {
		from, value := c.suppliedList(c.expr(d.From))
		elem, ok := c.listOf(from, "from")
		if !ok {
			elem = AnyType
		}
		out[i] = Decl{Slot: c.slot(), Name: d.Name.Text, From: from}
		c.scope = &scope{outer: c.scope, name: d.Name.Text, slot: out[i].Slot, t: elem, value: value}
		if d.Where != nil {
			out[i].Where = c.cond(d.Where)
		}
	}
	body(out)
}

// selects checks select: of one variable a list of its values, of several a list
// of objects with a field a variable.
func (c *checker) selects(x *ast.Select) Node {
	n := &Comprehend{Info: Info{nil, x.At}, Op: Select}
	c.decls(x.Decls, func(ds []Decl) {
		n.Decls = ds
		types := make([]*Field, len(ds))
		for i, d := range ds {
			types[i] = &Field{Name: d.Name, Type: elemOf(d.From.Type())}
		}
		if len(types) == 1 {
			n.T = ListOf(types[0].Type)
		} else {
			n.T = ListOf(ObjectOf(types...))
		}
	})
	return n
}

func elemOf(t *Type) *Type {
	if t.Kind == List {
		return t.Elem
	}
	return AnyType
}

func (c *checker) quantified(x *ast.Quantified) Node {
	n := &Comprehend{Info: Info{BoolType, x.At}, Op: Exists}
	if x.ForAll {
		n.Op = ForAll
	}
	c.decls(x.Decls, func(ds []Decl) { n.Decls = ds })
	return n
}

var prefixFolds = map[string]Fold{"sum": Sum, "average": Average, "min": Min, "max": Max}

func (c *checker) aggregate(x *ast.Aggregate) Node {
	n := &Comprehend{Info: Info{nil, x.At}, Op: prefixFolds[x.Fn]}
	c.decls(x.Decls, func(ds []Decl) {
		n.Decls = ds
		n.Yield = c.expr(x.X)
	})
	n.T = c.aggregated(n.Op, n.Yield, x.Fn)
	return n
}

// chain checks a pattern of events. What, When and Where of a step are one
// condition on the same event.
func (c *checker) chain(x *ast.Chain) Node {
	list := c.expr(x.X)
	elem, ok := c.listOf(list, "chain")
	if !ok {
		return null(x.At)
	}
	n := &Chain{Info: Info{BoolType, x.At}, X: list}
	c.inItem(elem, func(slot int) {
		n.Slot = slot
		n.Order = c.timestamp(c.expr(x.Order), "chain")
		if isList(n.Order) {
			c.wrongOperand(n.Order, "chain", "a timestamp")
		}
		for _, s := range x.Steps {
			n.Steps = append(n.Steps, c.step(s, n.Order))
		}
	})
	return n
}

func (c *checker) step(s ast.Step, order Node) Step {
	conds := []Node{c.cond(s.What)}
	if s.When != nil {
		conds = append(conds, c.occurs(order, s.When, s.When.At))
	}
	if s.Where != nil {
		conds = append(conds, c.cond(s.Where))
	}
	step := Step{Label: s.Label.Text, Cond: conds[0], Count: 1}
	if len(conds) > 1 {
		step.Cond = &Call{Info: Info{BoolType, s.What.Span()}, Op: And, Args: conds}
	}
	if s.Count != nil {
		step.Count = c.stepCount(s.Count)
	}
	return step
}

// stepCount reads COUNT(n): a whole number of at least 1.
func (c *checker) stepCount(x ast.Expr) int64 {
	k, ok := c.expr(x).(*Const)
	if v, isInt := constInt(k, ok); isInt && v >= 1 {
		return v
	}
	c.badCount(x.Span())
	return 1
}

// occurs checks the window of an instant, or of some element of a list of them.
func (c *checker) occurs(t Node, w *ast.Window, at ast.Span) Node {
	if isList(t) {
		return c.each(t, func(item Node) Node { return c.occurs(c.timestamp(item, "occurs"), w, at) })
	}
	out := Window{Op: w.Op, N: w.N, Unit: w.Unit, Dir: w.Dir, Ref: c.moment(w.Ref)}
	if w.To != nil {
		out.To = c.moment(w.To)
	}
	return &Occurs{Info{BoolType, at}, t, out}
}

// moment checks the operand of a window: an instant or an interval.
func (c *checker) moment(x ast.Expr) Node {
	n := c.expr(x)
	if n.Type().Kind == Interval {
		return n
	}
	n = c.timestamp(n, "occurs")
	if isList(n) {
		c.wrongOperand(n, "occurs", "a timestamp")
		return null(n.Span())
	}
	return n
}

func (c *checker) badCount(at ast.Span) {
	c.report("bad-count", at, "COUNT(n) means at least n events", "COUNT needs an integer of at least 1")
}
