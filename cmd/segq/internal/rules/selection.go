package rules

import (
	"fmt"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/parse"
)

// Columns are those of rows: ids, if they are asked for, and a column for each expression of a
// list, called as it is written, a field by its path.
type Columns struct {
	Fields []*check.Field
	// Select is how each of the list was checked.
	Select []*check.Query
}

// ColumnsOf returns the columns of rows: ids, unless it is nil, before those of a list of expressions
// with commas between them, "" for none. Commas in brackets and in texts are parts of expressions.
// Places in what is wrong are those in the list.
func ColumnsOf(ids *check.Field, list string, catalog column.Catalog, options check.Options) (Columns, ast.Diagnostics) {
	return New(nil).Over(catalog, options).Columns(ids, list, catalog)
}

// Columns is [ColumnsOf] for expressions that may ask about the rules of a set, which check themselves against a catalog.
func (r *Set) Columns(ids *check.Field, list string, catalog check.Catalog) (Columns, ast.Diagnostics) {
	var all Columns
	names := map[string]bool{}
	if ids != nil {
		all.Fields, names[ids.Name] = append(all.Fields, ids), true
	}
	if list == "" {
		return all, nil
	}
	found := lang.Spaced(eachSelected(list, func(name string, x ast.Expr) ast.Diagnostics {
		one := &Rule{Label: "the column " + name, X: x}
		r.Check(one)
		typed, ds := one.Typed, one.Found
		if ds.Failed() {
			return ds
		}
		if names[name] {
			ds = append(ds, ast.Diagnostic{
				Code: "duplicate-column", At: x.Span(), Message: fmt.Sprintf("two columns would be called %s", name), Hint: "leave one of them out",
			})
		}
		names[name] = true
		all.Fields = append(all.Fields, &check.Field{Name: name, Type: typed.Root.Type(), Index: len(all.Fields)})
		all.Select = append(all.Select, typed)
		return ds
	}), list, catalog)
	return all, found
}

// SelectionForm finds what is wrong with a list of expressions whatever the data is, and says
// whether any names the present.
func SelectionForm(text string) (now bool, found ast.Diagnostics) {
	found = eachSelected(text, func(_ string, x ast.Expr) ast.Diagnostics {
		now = now || AsksNow(x)
		return nil
	})
	return now, found
}

// AskedBySelection lists the names of the segments that a list of expressions asks about, none if it is wrong.
func AskedBySelection(list string) (names []string) {
	if !strings.Contains(list, "inSegment") {
		return nil
	}
	_ = eachSelected(list, func(_ string, x ast.Expr) ast.Diagnostics {
		names = append(names, Asked(x)...)
		return nil
	})
	return names
}

// eachSelected shows each expression of a list, with its name, to see, and gives what is wrong
// with the list, and what see says.
func eachSelected(text string, see func(name string, x ast.Expr) ast.Diagnostics) (found ast.Diagnostics) {
	for _, part := range parted(text) {
		name := columnName(text[part.Start:part.End])
		if name == "" {
			return append(found, emptySelected(text, part))
		}
		x, ds := lang.Query(text[part.Start:part.End])
		if !ds.Failed() {
			ds = see(name, x)
		}
		for _, d := range ds {
			if d.Code == "two-queries" {
				d.Hint = "put a comma between two of them; a name with a space goes in backquotes"
			}
			d.At = ast.Span{Start: d.At.Start + part.Start, End: d.At.End + part.Start}
			found = append(found, d)
		}
	}
	return found
}

// columnName is what the column of an expression is called: as it is written, without comments, and a
// field without the backquotes of its parts.
func columnName(text string) string {
	var name, path strings.Builder
	end, plain := 0, true
	for _, t := range lang.Tokens(text) {
		word := text[t.At.Start:t.At.End]
		if t.Kind == parse.Comment {
			continue
		}
		if between := text[end:t.At.Start]; end > 0 && between != "" {
			if strings.Contains(between, "//") || strings.Contains(between, "/*") {
				between = " "
			}
			name.WriteString(between)
		}
		name.WriteString(word)
		end = t.At.End
		switch t.Kind {
		case parse.Quoted:
			word = word[1 : len(word)-1]
		case parse.Ident, parse.Keyword, parse.Function:
		default:
			plain = plain && word == "."
		}
		path.WriteString(word)
	}
	if plain {
		return path.String()
	}
	return name.String()
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
