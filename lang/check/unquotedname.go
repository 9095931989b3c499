package check

import (
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/spelling"
)

// nameMeant makes one of all that was found wrong with an expression, from the one numbered first on, where it is
// the name of a field without its backquotes: a difference for total-price, a call for size (cm).
func (c *checker) nameMeant(x ast.Expr, first int, n Node) Node {
	if len(c.ds) == first || !c.ds[first:].Failed() || c.itemType().Kind != Object {
		return n
	}
	text := squeezed(asName(x))
	for _, f := range c.itemType().Fields {
		if !strings.EqualFold(squeezed(f.Name), text) {
			continue
		}
		name := fieldName(f.Name)
		c.ds = c.ds[:first]
		c.report("unknown-field", x.Span(), "the name goes in backquotes: write "+name, "this is no field, but one is called so")
		c.instead(name)
		return null(x.Span())
	}
	return n
}

// asName writes an expression as it may be a name: a call with its arguments in brackets.
func asName(x ast.Expr) string {
	call, ok := x.(*ast.Call)
	if !ok || call.Recv != nil {
		return ast.Format(x)
	}
	args := make([]string, len(call.Args))
	for i, a := range call.Args {
		args[i] = ast.Format(a)
	}
	return call.Name.Text + "(" + strings.Join(args, ",") + ")"
}

// squeezed leaves out the spaces and backquotes of a text.
func squeezed(text string) string { return strings.NewReplacer(" ", "", "`", "").Replace(text) }

// nearPath returns the path of fields from t on that is meant by names of which several are misspelt, "" for none.
func nearPath(t *Type, names []string) string {
	path, wrong := make([]string, len(names)), 0
	for i, name := range names {
		for t.Kind == List {
			t = t.Elem
		}
		if t.Kind != Object {
			return ""
		}
		f := t.Field(name)
		if f == nil {
			all := make([]string, len(t.Fields))
			for k, f := range t.Fields {
				all[k] = f.Name
			}
			if f = t.Field(spelling.Nearest(name, all)); f == nil {
				return ""
			}
			wrong++
		}
		path[i], t = fieldName(f.Name), f.Type
	}
	if wrong < 2 {
		return ""
	}
	return strings.Join(path, ".")
}
