package check

import "github.com/segq/segq/lang/ast"

// listOf reports n when it is no list, and gives its elements' type.
func (c *checker) listOf(n Node, what string) (elem *Type, ok bool) {
	switch n.Type().Kind {
	case List:
		return n.Type().Elem, true
	case Any:
		return nil, false
	}
	c.wrongOperand(n, what, "a list")
	return nil, false
}

func (c *checker) filter(x *ast.Filter) Node {
	return c.iterate(Filter, x.X, c.expr(x.X), x.Cond, x.At)
}

func filterOf(c *checker, x *ast.Call, recv Node, args []ast.Expr) Node {
	return c.iterate(Filter, receiver(x), recv, args[0], x.At)
}

// receiver returns the first operand of a call in either form.
func receiver(x *ast.Call) ast.Expr {
	if x.Recv != nil {
		return x.Recv
	}
	return x.Args[0]
}

// iterate checks a condition in item scope, of the elements of list, which was written as
// x. A list of lists is filtered element by element of the outer one.
func (c *checker) iterate(op Fold, x ast.Expr, list Node, cond ast.Expr, at ast.Span) Node {
	t := list.Type()
	if list.Type().Kind == Map {
		list = &Call{Info: Info{ListOf(list.Type().Elem), list.Span()}, Op: Values, Args: []Node{list}}
	}
	if key, ok := cond.(*ast.String); ok && op == Filter && t.Kind == Object && t.Field(key.Value) != nil {
		c.fieldInBrackets(list, &ast.Member{X: x, Name: ast.Ident{Text: key.Value}})
		return null(at)
	}
	elem, ok := c.listOf(list, map[Fold]string{Filter: "[ ]", Exists: "exists"}[op])
	if !ok {
		return null(at)
	}
	n := &Iterate{Info: Info{list.Type(), at}, Op: op, X: list}
	if op == Exists {
		n.T = BoolType
	}
	c.inItem(elem, func(slot int) {
		c.itemOf(slot, list)
		n.Slot = slot
		n.Body = c.itemCond(x, t, cond)
	})
	return n
}

// itemCond checks the condition of a filter. A constant looks like an index, or a key.
func (c *checker) itemCond(x ast.Expr, t *Type, cond ast.Expr) Node {
	n := c.expr(cond)
	if value, constant := constantCond(cond, n); constant {
		c.notAnIndex(n, cond, x, t, value)
	}
	return c.holds(cond, n)
}

func itemTest(op Fold) func(*checker, *ast.Call, Node, []ast.Expr) Node {
	return func(c *checker, x *ast.Call, recv Node, args []ast.Expr) Node {
		if len(args) == 0 {
			if _, ok := c.listOf(recv, x.Name.Text); !ok {
				return null(x.At)
			}
			return c.truth(recv)
		}
		return c.iterate(op, receiver(x), recv, args[0], x.At)
	}
}

// itemFold returns the check of an aggregate in its postfix form. Without an
// expression it is over the elements themselves.
func itemFold(op Fold) func(*checker, *ast.Call, Node, []ast.Expr) Node {
	return func(c *checker, x *ast.Call, recv Node, args []ast.Expr) Node {
		elem, ok := c.listOf(recv, x.Name.Text)
		if !ok {
			return null(x.At)
		}
		n := &Iterate{Info: Info{nil, x.At}, Op: op, X: recv}
		c.inItem(elem, func(slot int) {
			c.itemOf(slot, recv)
			n.Slot = slot
			if len(args) == 0 {
				n.Body = &Slot{Info: Info{elem, x.At}, N: slot}
			} else {
				n.Body = c.expr(args[0])
			}
		})
		n.T = c.aggregated(op, n.Body, x.Name.Text)
		return n
	}
}

// statistic returns the check of a statistic of a list of numbers, whose arguments are
// numbers too.
func statistic(op Op) func(*checker, *ast.Call, Node, []ast.Expr) Node {
	return func(c *checker, x *ast.Call, recv Node, args []ast.Expr) Node {
		elem, ok := c.listOf(recv, x.Name.Text)
		if !ok {
			return null(x.At)
		}
		if !elem.numeric() {
			c.wrongOperand(recv, x.Name.Text, "a list of numbers")
			return null(x.At)
		}
		n := &Call{Info: Info{FloatType, x.At}, Op: op, Args: []Node{recv}}
		for _, a := range args {
			arg := c.expr(a)
			if !arg.Type().numeric() {
				c.wrongOperand(arg, x.Name.Text, "a number")
				return null(x.At)
			}
			n.Args = append(n.Args, widen(arg, FloatType))
		}
		return n
	}
}

// aggregated returns the type of an aggregate over the values of body.
func (c *checker) aggregated(op Fold, body Node, what string) *Type {
	t := body.Type()
	switch {
	case (op == Min || op == Max) && t.Kind == Timestamp:
		return t
	case !t.numeric():
		c.wrongOperand(body, what, "a number")
		return AnyType
	case op == Average || t.Kind == Any:
		return FloatType
	}
	return t
}

func ranked(op Fold) func(*checker, *ast.Call, Node, []ast.Expr) Node {
	return func(c *checker, x *ast.Call, recv Node, args []ast.Expr) Node {
		elem, ok := c.listOf(recv, x.Name.Text)
		if !ok {
			return null(x.At)
		}
		n := &Iterate{Info: Info{recv.Type(), x.At}, Op: op, X: recv, N: c.expr(args[1])}
		if k, isConst := n.N.(*Const); n.N.Type().Kind != Int && n.N.Type().Kind != Any {
			c.wrongOperand(n.N, x.Name.Text, "an integer")
		} else if v, isInt := constInt(k, isConst); isInt && v < 0 {
			c.negativeN(n.N.Span(), x.Name.Text)
		}
		c.inItem(elem, func(slot int) {
			n.Slot = slot
			n.Body = c.expr(args[0])
		})
		if !n.Body.Type().ordered() && n.Body.Type().Kind != String {
			c.wrongOperand(n.Body, x.Name.Text, "a number, a timestamp or a string")
		}
		return n
	}
}

func constInt(k *Const, ok bool) (int64, bool) {
	if !ok {
		return 0, false
	}
	v, isInt := k.V.(int64)
	return v, isInt
}

func groupBy(c *checker, x *ast.Call, recv Node, args []ast.Expr) Node {
	elem, ok := c.listOf(recv, x.Name.Text)
	if !ok {
		return null(x.At)
	}
	n := &Iterate{Info: Info{MapOf(recv.Type()), x.At}, Op: GroupBy, X: recv}
	c.inItem(elem, func(slot int) {
		n.Slot = slot
		n.Body = c.expr(args[0])
	})
	return n
}

// mapOf checks map over a list, where the argument is in item scope, and over a
// map, where it is a lambda of key and value or in the scope of the value.
func mapOf(c *checker, x *ast.Call, recv Node, args []ast.Expr) Node {
	t := recv.Type()
	if t.Kind != Map {
		if _, ok := c.listOf(recv, "map"); !ok {
			return null(x.At)
		}
	}
	n := &Iterate{Info: Info{nil, x.At}, Op: MapEach, X: recv, KeySlot: c.slot(), Slot: c.slot()}
	inner := &scope{outer: c.scope, item: true, slot: n.Slot, t: t.Elem}
	body := args[0]
	if l, ok := body.(*ast.Lambda); ok {
		inner = c.mapLambda(l, n, t)
		body = l.Body
	}
	c.within(inner, func() { n.Body = c.mapBody(body, l2key(args[0])) })
	n.T = ListOf(n.Body.Type())
	if t.Kind == Map {
		n.T = MapOf(n.Body.Type())
	}
	return n
}

// l2key names the key of a map lambda, "" when there is none.
func l2key(x ast.Expr) string {
	if l, ok := x.(*ast.Lambda); ok && len(l.Params) == 2 {
		return l.Params[0].Text
	}
	return ""
}

// mapLambda binds the parameters of a lambda: the value, or key and value.
func (c *checker) mapLambda(l *ast.Lambda, n *Iterate, t *Type) *scope {
	params := l.Params
	s := c.scope
	switch {
	case len(params) == 2 && t.Kind == Map:
		s = &scope{outer: s, name: params[0].Text, slot: n.KeySlot, t: StringType}
		params = params[1:]
	case len(params) != 1:
		c.lambdaParams(l, t)
		params = params[:1]
	}
	return &scope{outer: s, name: params[0].Text, slot: n.Slot, t: t.Elem}
}

// mapBody checks the body of a map: mapEntry(K, expression) gives the
// expression, and its key must be the key.
func (c *checker) mapBody(x ast.Expr, key string) Node {
	call, ok := x.(*ast.Call)
	if !ok || call.Name.Text != "mapEntry" || call.Recv != nil || len(call.Args) != 2 {
		return c.expr(x)
	}
	if name, ok := call.Args[0].(*ast.Name); !ok || name.Text != key {
		c.entryKey(call.Args[0].Span())
	}
	return c.expr(call.Args[1])
}

func countOf(c *checker, x *ast.Call, recv Node, _ []ast.Expr) Node {
	if recv.Type().Kind != Map {
		if _, ok := c.listOf(recv, "count"); !ok {
			return null(x.At)
		}
	}
	return &Call{Info: Info{IntType, x.At}, Op: Count, Args: []Node{recv}}
}

func headOf(c *checker, x *ast.Call, recv Node, _ []ast.Expr) Node {
	elem, ok := c.listOf(recv, "head")
	if !ok {
		return null(x.At)
	}
	return &Call{Info: Info{elem, x.At}, Op: Head, Args: []Node{recv}}
}

func distinctOf(c *checker, x *ast.Call, recv Node, _ []ast.Expr) Node {
	if _, ok := c.listOf(recv, "distinct"); !ok {
		return null(x.At)
	}
	return &Call{Info: Info{recv.Type(), x.At}, Op: Distinct, Args: []Node{recv}}
}

func includes(c *checker, x *ast.Call, recv Node, args []ast.Expr) Node {
	return c.membership(c.expr(args[0]), recv, In, x.At)
}

func inList(op Op) func(*checker, *ast.Call, Node, []ast.Expr) Node {
	return func(c *checker, x *ast.Call, recv Node, args []ast.Expr) Node {
		return c.membership(recv, c.expr(args[0]), op, x.At)
	}
}

// setOp returns the check of an operation on two lists. The right one is coerced
// to the elements of the left.
func setOp(op Op) func(*checker, *ast.Call, Node, []ast.Expr) Node {
	return func(c *checker, x *ast.Call, recv Node, args []ast.Expr) Node {
		other := c.expr(args[0])
		elem, ok := c.listOf(recv, x.Name.Text)
		_, other2 := c.listOf(other, x.Name.Text)
		if !ok || !other2 {
			return null(x.At)
		}
		r := coerce(other, recv.Type())
		u := (*Type)(nil)
		if r != nil {
			u = unify(elem, r.Type().Elem)
		} else {
			u, r = unify(elem, other.Type().Elem), other
		}
		if u == nil {
			c.unlikeLists(x, recv, other)
			return null(x.At)
		}
		n := &Call{Info: Info{BoolType, x.At}, Op: op, Args: []Node{c.widenList(recv, u), c.widenList(r, u)}}
		if op == Intersection {
			n.T = ListOf(u)
		}
		return n
	}
}
