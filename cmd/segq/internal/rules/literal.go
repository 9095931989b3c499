package rules

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
)

// WithValues returns the text of a query with the values of parameters in their place, as it is kept. An object has no such
// form, and stays a parameter.
func WithValues(text string, values map[string]any) string {
	x, ds := lang.Query(text)
	if ds.Failed() || !strings.Contains(text, "@") {
		return text
	}
	var all []*ast.Param
	ast.Walk(x, func(x ast.Expr) bool {
		if p, ok := x.(*ast.Param); ok && !p.Context {
			all = append(all, p)
		}
		return true
	})
	slices.SortFunc(all, func(a, b *ast.Param) int { return b.At.Start - a.At.Start })
	for _, p := range all {
		value, ok := values[p.Name.Text]
		if _, object := value.(map[string]any); !ok || object {
			continue
		}
		literal := Literal(value)
		if strings.HasPrefix(literal, "-") {
			literal = "(" + literal + ")"
		}
		text = text[:p.At.Start] + literal + text[p.At.End:]
	}
	return text
}

// Literal writes a value as queries do.
func Literal(v any) string {
	if text, ok := v.(string); ok {
		return ast.Format(&ast.String{Value: text})
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}
