package check

import "github.com/segq/segq/lang/ast"

func nullTest(op Op) func(*checker, *ast.Call, Node, []ast.Expr) Node {
	return func(_ *checker, x *ast.Call, recv Node, _ []ast.Expr) Node {
		return &Call{Info: Info{BoolType, x.At}, Op: op, Args: []Node{recv}}
	}
}

func getOf(c *checker, x *ast.Call, recv Node, args []ast.Expr) Node {
	key := c.asText(c.expr(args[0]), "get")
	if recv.Type().Kind == Object {
		return c.getField(x, recv, key)
	}
	if !c.isMap(recv, "get") {
		return null(x.At)
	}
	return &Call{Info: Info{recv.Type().Elem, x.At}, Op: Get, Args: []Node{recv, key}}
}

func partsOf(op Op) func(*checker, *ast.Call, Node, []ast.Expr) Node {
	return func(c *checker, x *ast.Call, recv Node, _ []ast.Expr) Node {
		if !c.isMap(recv, x.Name.Text) {
			return null(x.At)
		}
		t := ListOf(StringType)
		if op == Values {
			t = ListOf(recv.Type().Elem)
		}
		return &Call{Info: Info{t, x.At}, Op: op, Args: []Node{recv}}
	}
}

// isMap reports n when it is no map.
func (c *checker) isMap(n Node, what string) bool {
	switch n.Type().Kind {
	case Map:
		return true
	case Any:
		return false
	}
	c.wrongOperand(n, what, "a map")
	return false
}

func strayMapEntry(c *checker, x *ast.Call, _ Node, _ []ast.Expr) Node {
	c.strayEntry(x.At)
	return null(x.At)
}

func datePart(op Op) func(*checker, *ast.Call, Node, []ast.Expr) Node {
	return func(c *checker, x *ast.Call, recv Node, _ []ast.Expr) Node {
		part := func(n Node) Node {
			if isList(n) {
				c.wrongOperand(n, x.Name.Text, "a timestamp")
				return null(x.At)
			}
			return &Call{Info: Info{IntType, x.At}, Op: op, Args: []Node{c.timestamp(n, x.Name.Text)}}
		}
		if !isList(recv) {
			return part(recv)
		}
		s := c.slot()
		item := &Slot{Info: Info{recv.Type().Elem, x.At}, N: s}
		return &Iterate{Info: Info{ListOf(IntType), x.At}, Op: MapEach, X: recv, Slot: s, Body: part(item)}
	}
}

func clock(op Op) func(*checker, *ast.Call, Node, []ast.Expr) Node {
	return func(_ *checker, x *ast.Call, _ Node, _ []ast.Expr) Node {
		return &Call{Info: Info{IntType, x.At}, Op: op}
	}
}

func dateOf(c *checker, x *ast.Call, _ Node, args []ast.Expr) Node {
	parts, known := make([]Node, 3), make([]int64, 0, 3)
	for i, a := range args {
		parts[i] = c.expr(a)
		if k := parts[i].Type().Kind; k != Int && k != Any {
			c.wrongOperand(parts[i], "date", "an integer")
			return null(x.At)
		}
		if v, ok := parts[i].(*Const); ok {
			if n, ok := v.V.(int64); ok {
				known = append(known, n)
			}
		}
	}
	if len(known) == 3 {
		if _, ok := Day(known[0], known[1], known[2]); !ok {
			c.noSuchDay(x.At, known)
			return null(x.At)
		}
	}
	return &Call{Info: Info{IntervalType, x.At}, Op: Date, Args: parts}
}

func ifElse(c *checker, x *ast.Call, _ Node, args []ast.Expr) Node {
	test, a, b := c.cond(args[0]), c.expr(args[1]), c.expr(args[2])
	t := unify(a.Type(), b.Type())
	if t == nil {
		c.unlikeBranches(x, a, b)
		return null(x.At)
	}
	return &Call{Info: Info{t, x.At}, Op: If, Args: []Node{test, widen(a, t), widen(b, t)}}
}

func inSegment(c *checker, x *ast.Call, _ Node, args []ast.Expr) Node {
	id, ok := args[0].(*ast.String)
	if !ok {
		c.segmentID(args[0].Span())
		return null(x.At)
	}
	q, ok := c.cat.Segment(id.Value)
	if !ok {
		c.unknownSegment(id)
		return null(x.At)
	}
	return &Segment{Info{BoolType, x.At}, id.Value, q}
}
