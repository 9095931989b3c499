package rules

import (
	"strings"

	"github.com/segq/segq/lang/ast"
)

// AsksNow says whether an expression names the present in any way. It knows no types:
// a field called currentYear counts too.
func AsksNow(x ast.Expr) bool {
	asks := false
	ast.Walk(x, func(x ast.Expr) bool {
		switch x := x.(type) {
		case *ast.TimeWord, *ast.Calendar:
			asks = true
		case *ast.Call:
			asks = asks || strings.HasPrefix(strings.ToLower(x.Name.Text), "current")
		}
		return !asks
	})
	return asks
}
