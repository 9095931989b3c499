package meaning

import (
	"strconv"
	"strings"

	"github.com/segq/segq/lang/ast"
)

// value says what an expression gives.
func value(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.List:
		return listed(values(x.Items), "and")
	case *ast.Call:
		return figured(x)
	case *ast.Filter:
		return "those of " + value(x.X) + " where " + condition(x.Cond)
	case *ast.Select:
		if len(x.Decls) == 1 {
			d := x.Decls[0]
			if d.Where == nil {
				return "all of " + value(d.From)
			}
			return "the " + d.Name.Text + " of " + value(d.From) + " where " + condition(d.Where)
		}
	case *ast.This:
		return "the element"
	case *ast.TimeWord:
		return x.Word
	case *ast.Calendar:
		return x.Which + " " + x.Unit.String()
	}
	return ast.Format(x)
}

func values(all []ast.Expr) []string {
	texts := make([]string, len(all))
	for i, x := range all {
		texts[i] = value(x)
	}
	return texts
}

// most is how many of a list are said.
const most = 8

// listed writes texts with commas, and a word before the last. Of many it says how many more there are.
func listed(texts []string, last string) string {
	if more := len(texts) - most; more > 0 {
		return strings.Join(texts[:most], ", ") + " " + last + " " + strconv.Itoa(more) + " more"
	}
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	return strings.Join(texts[:len(texts)-1], ", ") + " " + last + " " + texts[len(texts)-1]
}
