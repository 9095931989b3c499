package check

import (
	"slices"
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/spelling"
)

// fieldName returns the name of a field as queries have it: in backquotes where that is needed.
func fieldName(name string) string { return ast.Format(&ast.Name{Ident: ast.Ident{Text: name}}) }

// fieldPath is fieldName for names with dots between them, which have no dots themselves.
func fieldPath(path string) string {
	names := strings.Split(path, ".")
	for i, n := range names {
		names[i] = fieldName(n)
	}
	return strings.Join(names, ".")
}

// SpacedField returns how the field is written that is meant by several words, with spaces between
// them, "" for none. It has a space in its name, and needs backquotes.
func SpacedField(words string, cat Catalog) string {
	names := slices.DeleteFunc(namesBelow(cat.Profile()), func(n string) bool { return !strings.Contains(n, " ") })
	if near := spelling.Nearest(words, names); near != "" {
		return fieldName(near)
	}
	return ""
}

// SpacedPath returns how a field in an object of the profile is written that is meant by the names of both, "" for
// none.
func SpacedPath(object, field string, cat Catalog) string {
	for _, f := range cat.Profile().Fields {
		if f.Type.Kind != Object || !strings.EqualFold(f.Name, object) {
			continue
		}
		for _, inner := range f.Type.Fields {
			if strings.EqualFold(inner.Name, field) {
				return fieldName(f.Name) + "." + fieldName(inner.Name)
			}
		}
	}
	return ""
}

// textOfField returns how the field of the profile is written whose name is between quotes, "" where x is
// no such text.
func (c *checker) textOfField(x ast.Expr) string {
	text, ok := x.(*ast.String)
	if !ok || c.cat.Profile().Kind != Object || c.cat.Profile().Field(text.Value) == nil {
		return ""
	}
	return fieldName(text.Value)
}

// namedByText says of which side of a comparison the text is a field's name, "" for none.
func (c *checker) namedByText(x *ast.Binary) string {
	for _, side := range []ast.Expr{x.L, x.R} {
		if name := c.textOfField(side); name != "" {
			return "a text in quotes is no field: write " + name
		}
	}
	return ""
}

// comparedTexts warns where two texts are compared of which one is the name of a field.
func (c *checker) comparedTexts(x *ast.Binary) {
	_, left := x.L.(*ast.String)
	_, right := x.R.(*ast.String)
	if hint := c.namedByText(x); left && right && hint != "" {
		c.warn("text-for-field", x.Span(), hint, "this compares two texts, and is the same for every profile")
	}
}
