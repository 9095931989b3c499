package rules

import (
	"slices"
	"strings"

	"github.com/segq/segq/lang/ast"
)

// Whole returns the text of one of some queries, in which those of the others that it asks about are written out: it
// means the same without them. They have been checked, and ask about each other in no circle.
func Whole(queries []Written, at int) string {
	byName := map[string]int{}
	for i, w := range queries { // of two with one name it is the last
		for _, name := range []string{w.ID, w.Name} {
			if name != "" {
				byName[name] = i
			}
		}
	}
	var whole func(i int) string
	whole = func(i int) string {
		w := queries[i]
		at := w.Statement.X.Span()
		text, end := strings.Builder{}, at.Start
		for _, call := range calls(w.Statement.X) {
			other, ok := byName[call.Args[0].(*ast.String).Value]
			if !ok {
				continue
			}
			span := call.Span()
			text.WriteString(w.Source.Text[end:span.Start])
			text.WriteString(bracketed(whole(other)))
			end = span.End
		}
		text.WriteString(w.Source.Text[end:at.End])
		return text.String()
	}
	return strings.TrimSpace(whole(at))
}

// bracketed puts a text between brackets, whatever comments it has.
func bracketed(text string) string {
	if strings.Contains(text, "//") {
		text += "\n"
	}
	return "(" + text + ")"
}

// calls lists the questions for segments in an expression, in the order in which they are written.
func calls(x ast.Expr) (all []*ast.Call) {
	ast.Inspect(x, func(e ast.Expr) bool {
		if c, ok := e.(*ast.Call); ok && asksSegment(c) {
			all = append(all, c)
		}
		return true
	})
	slices.SortFunc(all, func(a, b *ast.Call) int { return a.Span().Start - b.Span().Start })
	return all
}

// asksSegment says whether a call asks about a segment by its name.
func asksSegment(c *ast.Call) bool {
	if c.Recv != nil || c.Name.Text != "inSegment" || len(c.Args) != 1 {
		return false
	}
	_, ok := c.Args[0].(*ast.String)
	return ok
}
