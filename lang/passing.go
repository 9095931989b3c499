package lang

import (
	"slices"
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/parse"
)

// MayPass says whether an error that [Compile] found in a query which is being typed may be gone as soon as more is
// written at its end: a name that begins another, or a value of the wrong type that a function can follow.
func MayPass(d ast.Diagnostic, query string, cat check.Catalog) bool {
	if d.At.End > len(query) {
		return false
	}
	switch d.Code {
	case "unknown-field", "no-fields", "unknown-function":
		return d.At.End == len(query) && begins(query, cat)
	case "unknown-parameter":
		return d.At.End == len(query)
	case "incomparable", "unordered", "wrong-type":
		return lastOperand(query, d.At.End)
	}
	return false
}

// begins says whether the name that ends a query is the beginning of another one that can stand there.
func begins(query string, cat check.Catalog) bool {
	c := Completions(query, len(query), cat, nil)
	typed := strings.TrimLeft(query[c.Span.Start:], "`")
	return slices.ContainsFunc(c.Items, func(it Item) bool {
		return typed != "" && strings.HasPrefix(strings.TrimLeft(it.Text, "`"), typed)
	})
}

// lastOperand says whether what follows a place in a query is at most the last operand in it, and one that can go on:
// no text, number or list of such.
func lastOperand(query string, from int) bool {
	depth := 0
	var last parse.Token
	for _, t := range Tokens(query) {
		if t.Kind == parse.Comment {
			continue
		}
		last = t
		if t.At.Start < from {
			continue
		}
		switch query[t.At.Start:t.At.End] {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
		case "and", "AND", "or", "OR", ",":
			if depth == 0 {
				return false
			}
		}
		if depth < 0 {
			return false
		}
	}
	if last.Kind == parse.Punct && query[last.At.Start] == ']' { // after a blank it is no filter
		_, open := Bracket(query, last.At.End)
		return open > 0 && query[open-1] != ' '
	}
	return !slices.Contains([]parse.Kind{parse.String, parse.Int, parse.Float}, last.Kind)
}
