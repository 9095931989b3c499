package meaning

import (
	"strings"

	"github.com/segq/segq/lang/ast"
)

// tests are what functions say of a text or a list and another.
var tests = map[string]string{
	"startsWith": "begins with", "endsWith": "ends with", "contains": "contains",
	"doesNotStartWith": "has a value that does not begin with", "doesNotEndWith": "has a value that does not end with",
	"doesNotContain": "has a value that does not contain", "includes": "includes", "intersects": "shares an element with",
	"subsetOf": "has no element beyond", "supersetOf": "has all elements of", "matches": "matches", "like": "is like",
	"equals": "is one of", "notEqualTo": "has a value that is none of",
}

// subject is what a call is about: what stands before its dot, else its first argument.
func subject(x *ast.Call) ast.Expr {
	if x.Recv != nil {
		return x.Recv
	}
	if len(x.Args) > 0 {
		return x.Args[0]
	}
	return &ast.Name{Ident: x.Name}
}

// others are the arguments beside that.
func others(x *ast.Call) []ast.Expr {
	if x.Recv != nil || len(x.Args) == 0 {
		return x.Args
	}
	return x.Args[1:]
}

// called says when a function is true.
func called(x *ast.Call) string {
	switch x.Name.Text {
	case "isNull":
		return value(subject(x)) + " has no value"
	case "isNotNull":
		return value(subject(x)) + " has a value"
	case "inSegment":
		if said, ok := segment(x, "is in"); ok {
			return said
		}
	case "exists":
		if cond := existsWhere(x); cond != nil {
			return "for some of " + value(x.Recv) + ", " + condition(cond)
		}
		if x.Recv != nil && len(x.Args) == 0 {
			return "there is some of " + value(x.Recv)
		}
	case "in", "notIn":
		if x.Recv == nil && len(x.Args) == 2 {
			return compared(&ast.Binary{Op: x.Name.Text, L: x.Args[0], R: x.Args[1]})
		}
	}
	said, ok := tests[x.Name.Text]
	if !ok || len(others(x)) == 0 {
		return ast.Format(x)
	}
	rest, aside := others(x), ""
	if b, ok := rest[len(rest)-1].(*ast.Bool); ok && len(rest) > 1 {
		rest = rest[:len(rest)-1]
		if !b.Value {
			aside = ", in upper or lower case"
		}
	}
	if len(rest) == 1 && x.Name.Text == "equals" {
		said = "is"
	}
	return value(subject(x)) + " " + said + " " + listed(values(rest), "or") + aside
}

// segment says whether a profile is in a segment.
func segment(x *ast.Call, said string) (string, bool) {
	if x.Recv != nil || len(x.Args) != 1 {
		return "", false
	}
	return "the profile " + said + " the segment " + value(x.Args[0]), true
}

// figures are what functions of lists give, with what is counted behind over or of.
var figures = map[string][2]string{
	"sum": {"the sum of ", " over "}, "average": {"the average of ", " over "}, "min": {"the smallest ", " of "}, "max": {"the largest ", " of "},
	"map": {"the ", " of "}, "percentile": {"percentile ", " of "},
}

// figured says what a function gives.
func figured(x *ast.Call) string {
	if x.Recv == nil {
		return ast.Format(x)
	}
	switch {
	case len(x.Args) == 0:
		switch x.Name.Text {
		case "count":
			return "the number of " + value(x.Recv)
		case "head":
			return "the first of " + value(x.Recv)
		case "median", "distinct", "sum", "average", "min", "max":
			said := map[string]string{"median": "the median of ", "distinct": "the distinct of ", "sum": "the sum of ", "average": "the average of ", "min": "the smallest of ", "max": "the largest of "}
			return said[x.Name.Text] + value(x.Recv)
		case "toUpperCase", "toLowerCase":
			return value(x.Recv) + " in " + strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(x.Name.Text, "to"), "Case")) + " case"
		}
	case len(x.Args) == 1:
		if said, ok := figures[x.Name.Text]; ok {
			return said[0] + value(x.Args[0]) + said[1] + value(x.Recv)
		}
		if x.Name.Text == "filter" {
			return value(&ast.Filter{X: x.Recv, Cond: x.Args[0]})
		}
	}
	return ast.Format(x)
}
