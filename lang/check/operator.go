package check

import (
	"math"

	"github.com/segq/segq/lang/ast"
)

var comparisons = map[string]Op{"=": Eq, "!=": Ne, "<": Lt, "<=": Le, ">": Gt, ">=": Ge}

// turned are the comparisons with their sides exchanged.
var turned = map[Op]Op{Eq: Eq, Ne: Ne, Lt: Gt, Le: Ge, Gt: Lt, Ge: Le}

var arithmetic = map[string]Op{"+": Add, "-": Sub, "*": Mul, "/": Div, "%": Mod}

// binary checks an infix operator.
func (c *checker) binary(x *ast.Binary) Node {
	switch x.Op {
	case "and", "or":
		return c.junction(x)
	case "in", "notIn":
		return c.membership(c.expr(x.L), c.expr(x.R), map[string]Op{"in": In, "notIn": NotIn}[x.Op], x.Span())
	case "like", "matches":
		return c.pattern(x)
	case "-", "/":
		c.dateInQuotes(x)
	}
	l := c.expr(x.L)
	said := len(c.ds)
	r := c.expr(x.R)
	if op, ok := comparisons[x.Op]; ok {
		c.quotesMeant(l, x.R, said)
		return c.compare(op, l, r, x)
	}
	return c.compute(arithmetic[x.Op], l, r, x)
}

// junction checks and or or; chains of the same operator become one node.
func (c *checker) junction(x *ast.Binary) Node {
	op := map[string]Op{"and": And, "or": Or}[x.Op]
	var operands []ast.Expr
	var e ast.Expr = x
	for {
		b, ok := e.(*ast.Binary)
		if !ok || b.Op != x.Op {
			break
		}
		operands = append(operands, b.R)
		e = b.L
	}
	args := []Node{c.cond(e)}
	for i := len(operands) - 1; i >= 0; i-- {
		args = append(args, c.operand(x.Op, e, operands[i]))
		e = operands[i]
	}
	return &Call{Info: Info{BoolType, x.Span()}, Op: op, Args: args}
}

// operand checks an operand of and or or after another. A constant is meant to be
// compared as that is: a = 1 or 2.
func (c *checker) operand(op string, before, x ast.Expr) Node {
	n := c.expr(x)
	if value, constant := constantCond(x, n); constant {
		if b, ok := before.(*ast.Binary); ok && value && comparisons[b.Op] != NoOp {
			c.halfCompared(n.Span(), b, x, op)
		} else {
			c.notCompared(n.Span(), x, value)
		}
	}
	return c.holds(x, n)
}

// compare checks l op r. The right side is coerced to the type of the left; a
// list on one side alone is searched for an element that satisfies it.
func (c *checker) compare(op Op, l, r Node, x *ast.Binary) Node {
	switch {
	case isList(l) && r.Type().scalar() && r.Type().Kind != Any:
		return c.each(l, func(item Node) Node { return c.compare(op, item, r, x) })
	case isList(r) && l.Type().scalar() && l.Type().Kind != Any:
		return c.each(r, func(item Node) Node { return c.compare(op, l, item, x) })
	}
	switch {
	case l.Type().Kind == Timestamp && r.Type().Kind == Interval:
		return c.compareDay(op, l, r, x)
	case l.Type().Kind == Interval && r.Type().Kind == Timestamp:
		return c.compareDay(turned[op], r, l, x)
	}
	right := coerce(r, l.Type())
	left := l
	if right == nil {
		if _, literal := l.(*Const); literal {
			if left = coerce(l, r.Type()); left != nil {
				right = r
			}
		}
	}
	if right == nil || left == nil {
		c.incomparable(x, l, r)
		return null(x.Span())
	}
	if op >= Lt && op <= Ge {
		left, right = timeBeside(left, right), timeBeside(right, left)
	}
	if op >= Lt && op <= Ge && !(left.Type().ordered() && right.Type().ordered()) {
		c.unordered(x, left, right)
		return null(x.Span())
	}
	c.comparedAsText(l, r, x.Span())
	c.comparedTexts(x)
	c.comparedNumbers(l, r)
	if op == Eq && left.Type().Kind == Int && fractional(right) {
		c.neverEqual(right.Span())
	}
	if t := unify(left.Type(), right.Type()); t != nil {
		left, right = widen(left, t), widen(right, t)
	}
	return &Call{Info: Info{BoolType, x.Span()}, Op: op, Args: []Node{left, right}}
}

// timeBeside returns a text as the time that it is where it is compared with a field of which the data
// does not tell what it is, since it has no value: it may have been one of times yesterday.
func timeBeside(n, other Node) Node {
	if n.Type().Kind == String && other.Type().Kind == Any {
		if t := coerce(n, TimestampType); t != nil {
			return t
		}
	}
	return n
}

// quotesMeant looks at the right side of a comparison with l, after so many diagnostics: an
// unknown name beside a text may be one without its quotes.
func (c *checker) quotesMeant(l Node, right ast.Expr, said int) {
	t := l.Type()
	for t.Kind == List {
		t = t.Elem
	}
	name, ok := right.(*ast.Name)
	if ok && !name.Quoted && t.Kind == String && len(c.ds) == said+1 && c.ds[said].Code == "unknown-field" {
		c.textWithoutQuotes(name.Text)
	}
}

// fractional says whether n is a constant that no integer equals.
func fractional(n Node) bool {
	k, ok := n.(*Const)
	if !ok {
		return false
	}
	f, ok := k.V.(float64)
	return ok && f != math.Trunc(f)
}

// compareDay compares an instant with date() or another interval: equal is
// inside of it, less is before it.
func (c *checker) compareDay(op Op, l, r Node, x *ast.Binary) Node {
	occurs := func(dir string) Node {
		return &Occurs{Info{BoolType, x.Span()}, l, Window{Dir: dir, Ref: r}}
	}
	not := func(n Node) Node { return &Call{Info: Info{BoolType, x.Span()}, Op: Not, Args: []Node{n}} }
	both := func(n Node) Node {
		present := func(n Node) Node {
			return &Call{Info: Info{BoolType, n.Span()}, Op: IsNotNull, Args: []Node{n}}
		}
		return &Call{Info: Info{BoolType, x.Span()}, Op: And, Args: []Node{present(l), present(r), n}}
	}
	switch op {
	case Eq:
		return occurs("")
	case Lt:
		return occurs("before")
	case Gt:
		return occurs("after")
	case Ne:
		return both(not(occurs("")))
	case Le:
		return both(not(occurs("after")))
	}
	return both(not(occurs("before")))
}

// compute checks l op r for an arithmetic operator, and works out constants.
func (c *checker) compute(op Op, l, r Node, x *ast.Binary) Node {
	l, r = c.number(l, x.Op), c.number(r, x.Op)
	t := unify(l.Type(), r.Type())
	if op == Div || t.Kind == Any {
		t = FloatType
	}
	l, r = widen(l, t), widen(r, t)
	a, lok := l.(*Const)
	b, rok := r.(*Const)
	if lok && rok && a.V != nil && b.V != nil {
		if t.Kind == Int {
			return c.computeInts(op, a.V.(int64), b.V.(int64), x)
		}
		if op != Mod {
			return c.computeFloats(op, a.V.(float64), b.V.(float64), x)
		}
	}
	return &Call{Info: Info{t, x.Span()}, Op: op, Args: []Node{l, r}}
}

// computeInts works out Int constants: null, with a warning, on overflow.
func (c *checker) computeInts(op Op, a, b int64, x *ast.Binary) Node {
	at := x.Span()
	var v int64
	ok := true
	switch op {
	case Add:
		v = a + b
		ok = (v > a) == (b > 0)
	case Sub:
		v = a - b
		ok = (v < a) == (b > 0)
	case Mul:
		v = a * b
		ok = a == 0 || v/a == b && !(a == -1 && b == math.MinInt64)
	case Mod:
		if b == 0 {
			return constant(IntType, nil, at)
		}
		if b != -1 {
			v = a % b
		}
	}
	if !ok {
		c.overflow(x, IntType)
		return constant(IntType, nil, at)
	}
	return constant(IntType, v, at)
}

// computeFloats works out Float constants: null, with a warning, where the result is no
// finite number.
func (c *checker) computeFloats(op Op, a, b float64, x *ast.Binary) Node {
	var v float64
	switch op {
	case Add:
		v = a + b
	case Sub:
		v = a - b
	case Mul:
		v = a * b
	default:
		if b == 0 {
			return constant(FloatType, nil, x.Span())
		}
		v = a / b
	}
	if math.IsInf(v, 0) || math.IsNaN(v) {
		c.overflow(x, FloatType)
		return constant(FloatType, nil, x.Span())
	}
	return constant(FloatType, v, x.Span())
}

// membership checks v in list.
func (c *checker) membership(v, list Node, op Op, at ast.Span) Node {
	if list.Type().Kind == Any {
		return null(at)
	}
	if !isList(list) {
		c.wrongOperand(list, op.String(), "a list")
		return null(at)
	}
	if isList(v) && !isList(&Slot{Info: Info{list.Type().Elem, at}}) {
		return c.each(v, func(item Node) Node { return c.membership(item, list, op, at) })
	}
	elem := list.Type().Elem
	t := v.Type()
	if k, ok := list.(*Const); ok {
		if values, ok := k.V.([]any); ok && len(values) == 0 && op == In {
			c.emptyList(list.Span())
		}
		if l := coerce(k, ListOf(t)); l != nil {
			list, elem = l, l.Type().Elem
		}
	} else if r := coerce(v, elem); r != nil {
		v, t = r, r.Type()
	}
	u := unify(t, elem)
	if u == nil {
		c.notElement(v, list, at)
		return null(at)
	}
	return &Call{Info: Info{BoolType, at}, Op: op, Args: []Node{widen(v, u), c.widenList(list, u)}}
}

// widenList returns a list with its elements widened to t.
func (c *checker) widenList(list Node, t *Type) Node {
	if list.Type().Elem.Kind != Int || t.Kind != Float {
		return list
	}
	if k, ok := list.(*Const); ok {
		return widen(k, ListOf(t))
	}
	s := c.slot()
	item := &Slot{Info: Info{IntType, list.Span()}, N: s}
	return &Iterate{Info: Info{ListOf(t), list.Span()}, Op: MapEach, X: list, Slot: s, Body: widen(item, t)}
}
