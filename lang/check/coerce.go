package check

import (
	"strconv"

	"github.com/segq/segq/lang/ast"
)

// widen returns n as a value of t where t is wider: an Int as a Float. What needs
// no change comes back as it is.
func widen(n Node, t *Type) Node {
	if n.Type().Kind == Int && t.Kind == Float {
		if k, ok := n.(*Const); ok && k.V != nil {
			return constant(FloatType, float64(k.V.(int64)), k.At)
		}
		return &Call{Info: Info{FloatType, n.Span()}, Op: IntToFloat, Args: []Node{n}}
	}
	if k, ok := n.(*Const); ok && t.Kind == List && k.T.Kind == List && k.V != nil && !k.T.Equal(t) {
		values := k.V.([]any)
		wide := make([]any, len(values))
		for i, v := range values {
			wide[i] = widen(constant(k.T.Elem, v, k.At), t.Elem).(*Const).V
		}
		return constant(t, wide, k.At)
	}
	return n
}

// coerce returns n, the right side of a comparison, as a value of the left side's
// type t, or nil when that is impossible. Literals are read by their text.
func coerce(n Node, t *Type) Node {
	if u := n.Type(); u.Kind == Any || t.Kind == Any || u.Equal(t) || u.numeric() && t.numeric() {
		return n
	}
	k, ok := n.(*Const)
	if !ok || k.V == nil {
		return nil
	}
	if t.Kind == List && k.T.Kind == List {
		return coerceList(k, t)
	}
	if s, ok := k.V.(string); ok && k.T.Kind == String {
		return coerceText(s, t, k.At)
	}
	if t.Kind == String {
		return coerceToText(k)
	}
	return nil
}

func coerceList(k *Const, t *Type) Node {
	values := k.V.([]any)
	out := make([]any, len(values))
	elem := AnyType
	for i, v := range values {
		item := coerce(constant(k.T.Elem, v, k.At), t.Elem)
		if item == nil {
			return nil
		}
		elem = unify(elem, item.Type())
		out[i] = item.(*Const).V
	}
	return widen(constant(ListOf(elem), out, k.At), ListOf(elem))
}

// coerceText reads the text of a string literal as a value of t.
func coerceText(s string, t *Type, at ast.Span) Node {
	switch t.Kind {
	case Bool:
		if b, err := strconv.ParseBool(s); err == nil && (s == "true" || s == "false") {
			return constant(BoolType, b, at)
		}
	case Int, Float:
		if i, err := strconv.ParseInt(s, 10, 64); err == nil {
			return constant(IntType, i, at)
		}
		if f, err := strconv.ParseFloat(s, 64); err == nil {
			return constant(FloatType, f, at)
		}
	case Timestamp:
		if ms, ok := ParseTimestamp(s); ok {
			return constant(TimestampType, ms, at)
		}
	}
	return nil
}

// coerceToText returns the text of a literal compared with a string.
func coerceToText(k *Const) Node {
	switch v := k.V.(type) {
	case bool:
		return constant(StringType, strconv.FormatBool(v), k.At)
	case int64:
		if k.T.Kind == Int {
			return constant(StringType, strconv.FormatInt(v, 10), k.At)
		}
	case float64:
		return constant(StringType, strconv.FormatFloat(v, 'g', -1, 64), k.At)
	}
	return nil
}

// number reports n when it is no number, as the operand of what.
func (c *checker) number(n Node, what string) Node {
	if n.Type().numeric() {
		return n
	}
	c.wrongOperand(n, what, "a number")
	return null(n.Span())
}

// text reports n when it is no string.
func (c *checker) text(n Node, what string) Node {
	if k := n.Type().Kind; k == String || k == Any {
		return n
	}
	c.wrongOperand(n, what, "a string")
	return null(n.Span())
}

// timestamp returns n as a Timestamp, as the operand of what: an Int counts
// milliseconds, a string literal is read as ISO-8601. A list comes back as it is.
func (c *checker) timestamp(n Node, what string) Node {
	switch n.Type().Kind {
	case Timestamp, Any:
		return n
	case Int:
		return &Call{Info: Info{TimestampType, n.Span()}, Op: IntToTimestamp, Args: []Node{n}}
	case List:
		return n
	case String:
		if t := coerce(n, TimestampType); t != nil {
			return t
		}
	}
	c.wrongOperand(n, what, "a timestamp")
	return null(n.Span())
}

// isList says whether n is a list, or may be one.
func isList(n Node) bool { return n.Type().Kind == List }

// each returns the test that holds when it holds for some element of the list n:
// how a list from a running dot compares with a scalar.
func (c *checker) each(n Node, test func(Node) Node) Node {
	s := c.slot()
	c.itemOf(s, n)
	item := &Slot{Info: Info{n.Type().Elem, n.Span()}, N: s}
	body := test(item)
	return &Iterate{Info: Info{BoolType, body.Span()}, Op: Exists, X: n, Slot: s, Body: c.truth(body)}
}
