package check

import (
	"github.com/segq/segq/lang/ast"
)

// expr checks any expression. Where it cannot be checked, an error has been
// reported and the node is null of any type.
func (c *checker) expr(x ast.Expr) Node {
	switch x := x.(type) {
	case *ast.String:
		return constant(StringType, x.Value, x.At)
	case *ast.Int:
		return constant(IntType, x.Value, x.At)
	case *ast.Float:
		return constant(FloatType, x.Value, x.At)
	case *ast.Bool:
		return constant(BoolType, x.Value, x.At)
	case *ast.List:
		return c.list(x)
	case *ast.Object:
		return c.object(x)
	case *ast.Name:
		return c.name(x.Ident)
	case *ast.Member:
		first := len(c.ds)
		n := c.member(c.expr(x.X), x.Name)
		c.dotted(x, first)
		return n
	case *ast.Up:
		return c.up(x)
	case *ast.This:
		return c.this(x)
	case *ast.Position:
		return c.position(x)
	case *ast.Param:
		return c.param(x)
	case *ast.Unary:
		return c.unary(x)
	case *ast.Binary:
		first := len(c.ds)
		n := c.binary(x)
		if comparisons[x.Op] == NoOp && x.Op != "and" && x.Op != "or" {
			return c.nameMeant(x, first, n)
		}
		return n
	case *ast.Call:
		first := len(c.ds)
		return c.nameMeant(x, first, c.call(x))
	case *ast.Filter:
		return c.filter(x)
	case *ast.Lambda:
		c.strayLambda(x.At)
		return null(x.At)
	}
	return c.binding(x)
}

// binding checks the forms that bind variables and those of time.
func (c *checker) binding(x ast.Expr) Node {
	switch x := x.(type) {
	case *ast.Select:
		return c.selects(x)
	case *ast.Quantified:
		return c.quantified(x)
	case *ast.Aggregate:
		return c.aggregate(x)
	case *ast.Let:
		return c.let(x)
	case *ast.Chain:
		return c.chain(x)
	case *ast.Occurs:
		t := c.timestamp(c.expr(x.X), "occurs")
		return c.occurs(t, &x.Window, x.At)
	case *ast.TimeWord:
		return timeWord(x)
	case *ast.Calendar:
		offset := map[string]int{"last": -1, "this": 0, "next": 1}[x.Which]
		return &Calendar{Info: Info{IntervalType, x.At}, Offset: offset, Unit: x.Unit}
	}
	panic("check: unknown expression")
}

func constant(t *Type, v any, at ast.Span) *Const { return &Const{Info{t, at}, v} }

// list checks a list literal. Elements of one type make a list of it; a list of
// constants is a constant.
func (c *checker) list(x *ast.List) Node {
	items, elem, mixed := make([]Node, len(x.Items)), AnyType, false
	for i, item := range x.Items {
		items[i] = c.expr(item)
		if t := unify(elem, items[i].Type()); t != nil {
			elem = t
		} else {
			c.mixedList(items[i].Span(), elem, items[i].Type())
			mixed = true
		}
	}
	if mixed {
		return null(x.At) // its elements are not of the type that the list would have
	}
	values := make([]any, 0, len(items))
	for i := range items {
		items[i] = widen(items[i], elem)
		if k, ok := items[i].(*Const); ok {
			values = append(values, k.V)
		}
	}
	if len(values) == len(items) {
		return constant(ListOf(elem), values, x.At)
	}
	return &MakeList{Info{ListOf(elem), x.At}, items}
}

func (c *checker) object(x *ast.Object) Node {
	fields, items := make([]*Field, len(x.Keys)), make([]Node, len(x.Keys))
	seen := map[string]bool{}
	for i, key := range x.Keys {
		if seen[key.Text] {
			c.duplicateKey(key)
		}
		seen[key.Text] = true
		items[i] = c.expr(x.Values[i])
		fields[i] = &Field{Name: key.Text, Type: items[i].Type()}
	}
	return &MakeObject{Info{ObjectOf(fields...), x.At}, items}
}

// unary checks not and the sign.
func (c *checker) unary(x *ast.Unary) Node {
	if x.Op == "not" {
		return &Call{Info: Info{BoolType, x.At}, Op: Not, Args: []Node{c.cond(x.X)}}
	}
	n := c.number(c.expr(x.X), "-")
	if k, ok := n.(*Const); ok {
		switch v := k.V.(type) {
		case int64:
			return constant(IntType, -v, x.At)
		case float64:
			return constant(FloatType, -v, x.At)
		}
	}
	return &Call{Info: Info{n.Type(), x.At}, Op: Neg, Args: []Node{n}}
}

func timeWord(x *ast.TimeWord) Node {
	if x.Word == "now" {
		return &Call{Info: Info{TimestampType, x.At}, Op: Now}
	}
	offset := map[string]int{"yesterday": -1, "today": 0, "tomorrow": 1}[x.Word]
	return &Calendar{Info: Info{IntervalType, x.At}, Offset: offset, Unit: ast.Day}
}

// let binds a value for the body.
func (c *checker) let(x *ast.Let) Node {
	value := c.expr(x.Value)
	s := &scope{outer: c.scope, name: x.Name.Text, slot: c.slot(), t: value.Type()}
	var body Node
	c.within(s, func() { body = c.expr(x.Body) })
	return &Let{Info{body.Type(), x.At}, s.slot, value, body}
}
