package rules

import (
	"fmt"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// Selected is an expression of a list, called as it is written.
type Selected struct {
	Name  string
	Typed *check.Query
}

// Selection reads a list of expressions with commas between them, and checks each. Commas in
// brackets and in texts are parts of expressions. None may have a name that is taken. Places in
// what is wrong are those in text.
func Selection(text string, taken string, catalog column.Catalog, options check.Options) ([]Selected, ast.Diagnostics) {
	var all []Selected
	var found ast.Diagnostics
	names := map[string]bool{taken: true}
	for _, part := range parted(text) {
		one := Selected{Name: strings.TrimSpace(text[part.Start:part.End])}
		if one.Name == "" {
			return nil, append(found, emptySelected(text, part))
		}
		x, ds := lang.Query(strings.Repeat(" ", part.Start) + text[part.Start:part.End])
		if !ds.Failed() {
			one.Typed, ds = check.Check(x, catalog, options)
		}
		if found = append(found, ds...); ds.Failed() {
			continue
		}
		if names[one.Name] {
			found = append(found, ast.Diagnostic{
				Code: "duplicate-column", At: x.Span(), Message: fmt.Sprintf("two columns would be called %s", one.Name), Hint: "leave one of them out",
			})
		}
		names[one.Name] = true
		all = append(all, one)
	}
	return all, found
}

// parted returns the places between the commas of a list.
func parted(text string) []ast.Span {
	var parts []ast.Span
	start, depth := 0, 0
	for _, t := range lang.Tokens(text) {
		switch text[t.At.Start:t.At.End] {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
		case ",":
			if depth == 0 {
				parts = append(parts, ast.Span{Start: start, End: t.At.Start})
				start = t.At.End
			}
		}
	}
	return append(parts, ast.Span{Start: start, End: len(text)})
}

// emptySelected says that there is nothing before or behind a comma.
func emptySelected(text string, part ast.Span) ast.Diagnostic {
	d := ast.Diagnostic{Code: "empty-expression", At: ast.Span{Start: part.End, End: min(part.End+1, len(text))}, Message: "there is no expression before this comma"}
	switch {
	case strings.TrimSpace(text) == "":
		d.Message = "the list is empty"
		d.Hint = "write fields or expressions with commas between them: homeAddress.city, xEvent.count()"
	case part.End == len(text):
		d.At = ast.Span{Start: part.Start - 1, End: part.Start}
		d.Message = "there is no expression behind this comma"
	}
	return d
}
