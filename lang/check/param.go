package check

import (
	"maps"
	"slices"
	"strings"

	"github.com/segq/segq/lang/ast"
)

// param reads @name or @{name}: its value is a constant, or an object of these.
func (c *checker) param(x *ast.Param) Node {
	v, ok := c.opt.Params[x.Name.Text]
	if schema, _, versioned := strings.Cut(x.Name.Text, ";"); !ok && x.Context && versioned {
		v, ok = c.opt.Params[strings.TrimSpace(schema)]
	}
	if !ok {
		c.unknownParam(x)
		return null(x.At)
	}
	if fields, ok := v.(map[string]any); ok {
		if n := c.paramObject(fields, x.At); n != nil {
			return n
		}
	} else if k := paramValue(v, x.At); k != nil {
		return k
	}
	c.paramKind(x, v)
	return null(x.At)
}

// paramObject makes an object of a parameter's fields, nil when one is of no kind that it
// may have.
func (c *checker) paramObject(fields map[string]any, at ast.Span) Node {
	n := &MakeObject{Info: Info{nil, at}}
	var types []*Field
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		item := null(at)
		switch v := fields[name].(type) {
		case nil:
		case map[string]any:
			item = c.paramObject(v, at)
		default:
			item = nil
			if k := paramValue(v, at); k != nil {
				item = k
			}
		}
		if item == nil {
			return nil
		}
		n.Items = append(n.Items, item)
		types = append(types, &Field{Name: name, Type: item.Type()})
	}
	n.T = ObjectOf(types...)
	c.supplied[n.T] = true
	return n
}

// suppliedField returns the field of an object that a parameter is, null where it has none,
// and nil for another object.
func (c *checker) suppliedField(x Node, name string, at ast.Span) Node {
	if !c.supplied[x.Type()] {
		return nil
	}
	f := x.Type().Field(name)
	if f == nil {
		return null(at)
	}
	if o, ok := x.(*MakeObject); ok {
		return o.Items[f.Index]
	}
	return &Member{Info{f.Type, at}, x, f}
}

// suppliedList returns an object that a parameter is as the list that holds it alone: from
// reads it so. Another expression comes back as it is, with no value.
func (c *checker) suppliedList(from Node) (list, value Node) {
	if !c.supplied[from.Type()] {
		return from, nil
	}
	return &MakeList{Info{ListOf(from.Type()), from.Span()}, []Node{from}}, from
}

// paramValue makes a constant of a parameter's value, nil when it is of no kind
// that a parameter may have.
func paramValue(v any, at ast.Span) *Const {
	switch v := v.(type) {
	case bool:
		return constant(BoolType, v, at)
	case int64:
		return constant(IntType, v, at)
	case float64:
		return constant(FloatType, v, at)
	case string:
		return constant(StringType, v, at)
	case []any:
		return paramList(v, at)
	}
	return nil
}

// paramList makes a constant of a list of plain values of one type.
func paramList(v []any, at ast.Span) *Const {
	items, elem := make([]*Const, len(v)), AnyType
	for i := range v {
		items[i] = paramValue(v[i], at)
		if items[i] == nil {
			return nil
		}
		if elem = unify(elem, items[i].T); elem == nil {
			return nil
		}
	}
	values := make([]any, len(v))
	for i, k := range items {
		values[i] = widen(k, elem).(*Const).V
	}
	return constant(ListOf(elem), values, at)
}
