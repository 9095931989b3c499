package meaning

import (
	"strconv"

	"github.com/segq/segq/lang/ast"
)

// distances are what the comparisons of a distance say.
var distances = map[string]string{
	"<": "less than ", "<=": "at most ", ">": "more than ", ">=": "at least ", "=": "exactly ", "!=": "not exactly ", "": "",
}

// windowWords says which times a window accepts.
func windowWords(w *ast.Window) string {
	switch {
	case w.To != nil:
		return "between " + value(w.Ref) + " and " + value(w.To)
	case w.Unit != ast.NoUnit:
		unit := w.Unit.String()
		if w.N != 1 {
			unit = plural(unit)
		}
		dir := w.Dir
		if dir == "" {
			dir = "from"
		}
		return distances[w.Op] + strconv.FormatInt(w.N, 10) + " " + unit + " " + dir + " " + value(w.Ref)
	case w.Dir == "from":
		return "from " + value(w.Ref) + " on"
	case w.Dir != "":
		return w.Dir + " " + value(w.Ref)
	}
	if _, ok := w.Ref.(*ast.Calendar); ok {
		return "in " + value(w.Ref)
	}
	return "on " + value(w.Ref)
}

func plural(unit string) string {
	switch unit {
	case "century":
		return "centuries"
	case "millennium":
		return "millennia"
	}
	return unit + "s"
}
