package check

import (
	"strings"

	"github.com/segq/segq/lang/ast"
)

// Loaded is a [Catalog] that knows how the values of fields were read.
type Loaded interface {
	// Mixture tells of a field of texts whose values were of several types; the zero
	// for any other.
	Mixture(f *Field) Mixture
}

// Mixture says how the values of a field of texts were of several types.
type Mixture struct {
	// Hint says what helps where an expression with the field does not check.
	Hint string
	// False is how false is spelled among the texts, "" where it is not there. Path is
	// the field as --type knows it.
	False, Path string
}

// loaded returns the hint of the first of the nodes that reads a field with one,
// else the other hint.
func (c *checker) loaded(other string, nodes ...Node) string {
	for _, n := range nodes {
		if hint := c.mixture(n).Hint; hint != "" {
			return hint
		}
	}
	return other
}

// mixture tells of the field that n reads.
func (c *checker) mixture(n Node) Mixture {
	cat, ok := c.cat.(Loaded)
	f := c.fieldOf(n)
	if !ok || f == nil {
		return Mixture{}
	}
	return cat.Mixture(f)
}

// holds makes n, which is x, a condition. A text among which booleans stood is true
// whatever it says.
func (c *checker) holds(x ast.Expr, n Node) Node {
	t := n.Type()
	if t.Kind == List {
		t = t.Elem
	}
	if m := c.mixture(n); t.Kind == String && m.False != "" {
		c.textCondition(n.Span(), written(x, "field"), m)
	}
	return c.truth(n)
}

// itemOf notes that a slot holds the elements of a list.
func (c *checker) itemOf(slot int, list Node) {
	if c.items == nil {
		c.items = map[int]Node{}
	}
	c.items[slot] = list
}

// fieldOf returns the field that n reads, or an element or entry of; nil for none.
func (c *checker) fieldOf(n Node) *Field {
	switch n := n.(type) {
	case *Member:
		return n.F
	case *Gather:
		return n.F
	case *Slot:
		if from := c.items[n.N]; from != nil {
			return c.fieldOf(from)
		}
	case *Call:
		if n.Op == Get || n.Op == Values {
			return c.fieldOf(n.Args[0])
		}
	}
	return nil
}

// asMap tells how an object becomes a map.
func (c *checker) asMap(n Node) string {
	if c.pathOf(n) == "" {
		return "" // the profile itself
	}
	return "its keys are fields here: --type " + c.pathOf(n) + "=map reads the object as a map"
}

// pathOf returns the path of the object that n reads, FIELD for what it does not
// know.
func (c *checker) pathOf(n Node) string {
	switch n := n.(type) {
	case *Slot:
		if n.N == 0 {
			return ""
		}
		if from := c.items[n.N]; from != nil {
			return c.pathOf(from)
		}
	case *Iterate:
		if n.Op == Filter {
			return c.pathOf(n.X)
		}
	case *Member:
		return join(c.pathOf(n.X), n.F.Name)
	case *Gather:
		return join(c.pathOf(n.X), n.F.Name)
	case *Call:
		if n.Op == Get || n.Op == Values {
			return c.pathOf(n.Args[0]) + "{}"
		}
		if n.Op == Head {
			return c.pathOf(n.Args[0])
		}
	}
	return "FIELD"
}

func join(path, name string) string {
	if strings.ContainsAny(name, ".{[`") {
		name = "`" + name + "`"
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

// getField checks object.get("key"), which is the field: so it does not matter
// whether keys that look like data make a map. A key that the object lacks is null,
// as on a map.
func (c *checker) getField(x *ast.Call, recv, key Node) Node {
	k, ok := key.(*Const)
	name, text := "", false
	if ok {
		name, text = k.V.(string)
	}
	if !text {
		c.report("wrong-type", recv.Span(), c.asMap(recv), "get on an object needs its key as text in quotes")
		return null(x.At)
	}
	f := recv.Type().Field(name)
	if f == nil {
		hint, _ := c.fieldHint(name, recv.Type())
		c.warn("always-null", key.Span(), hint, "no profile has the key %s here: the value is always null", name)
		return null(x.At)
	}
	return &Member{Info{f.Type, x.At}, recv, f}
}
