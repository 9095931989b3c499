package repl

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/spelling"
	"github.com/segq/segq/repl/show"
)

// prepared is a query whose parameters are given when it is run.
type prepared struct {
	text   string
	params []string // in the order in which they come first
}

// prepare reads a text as such a query.
func prepare(text string) (prepared, ast.Diagnostics) {
	x, found := lang.Query(text)
	if found.Failed() {
		return prepared{}, found
	}
	p := prepared{text: text}
	ast.Walk(x, func(x ast.Expr) bool {
		if one, ok := x.(*ast.Param); ok && !one.Context && !slices.Contains(p.params, one.Name.Text) {
			p.params = append(p.params, one.Name.Text)
		}
		return true
	})
	return p, nil
}

// bind gives the parameters values, in their order or by their names, and returns the query with these in their place, and in
// words which has which. Those that known says may have a value of their own.
func (p prepared) bind(given []string, known func(name string) bool) (text, said string, err error) {
	values, inOrder := map[string]string{}, 0
	for _, text := range given {
		name, value, named := strings.Cut(text, "=")
		if bare := strings.TrimPrefix(name, "@"); named && plainName(bare) && !slices.Contains(p.params, bare) {
			return "", "", p.noParam(bare, text)
		}
		if !named || !slices.Contains(p.params, strings.TrimPrefix(name, "@")) {
			if inOrder == len(p.params) {
				return "", "", fmt.Errorf("there are %d values and %s", len(given), p.takes())
			}
			name, value = p.params[inOrder], text
			inOrder++
		}
		values[strings.TrimPrefix(name, "@")] = literal(value)
	}
	var lack, all []string
	for _, name := range p.params {
		if value, ok := values[name]; ok {
			all = append(all, "@"+name+" is "+value)
		}
		if _, ok := values[name]; !ok && !known(name) {
			lack = append(lack, "@"+name)
		}
	}
	if len(lack) > 0 {
		return "", "", fmt.Errorf("no value is given for %s: it takes %s", strings.Join(lack, " and "), strings.TrimPrefix(p.takes(), "it takes "))
	}
	return p.with(values), strings.Join(all, ", "), nil
}

// noParam says that a value is given to a parameter that there is not.
func (p prepared) noParam(name, given string) error {
	said := fmt.Sprintf("there is no @%s: %s", show.Clean(name), p.takes())
	if near := spelling.Nearest(name, p.params); near != "" {
		said = fmt.Sprintf("there is no @%s; did you mean %s=?", show.Clean(name), near)
	}
	return errors.New(said + "\nhint: in quotes it is a text: " + ast.Format(&ast.String{Value: show.Clean(given)}))
}

// takes says which parameters there are.
func (p prepared) takes() string {
	if len(p.params) == 0 {
		return "it takes none"
	}
	return "it takes @" + strings.Join(p.params, " @")
}

// with returns the query with values in the place of parameters.
func (p prepared) with(values map[string]string) string {
	x, _ := lang.Query(p.text)
	var all []*ast.Param
	ast.Walk(x, func(x ast.Expr) bool {
		if one, ok := x.(*ast.Param); ok && !one.Context {
			all = append(all, one)
		}
		return true
	})
	slices.SortFunc(all, func(a, b *ast.Param) int { return b.At.Start - a.At.Start })
	text := p.text
	for _, one := range all {
		if value, ok := values[one.Name.Text]; ok {
			text = text[:one.At.Start] + value + text[one.At.End:]
		}
	}
	return text
}

// literal writes what was given as a value as queries do: a literal as it is, anything else as a text.
func literal(given string) string {
	x, found := lang.Query(given)
	if !found.Failed() && constant(x) {
		if _, negative := x.(*ast.Unary); negative {
			return "(" + ast.Format(x) + ")"
		}
		return ast.Format(x)
	}
	return ast.Format(&ast.String{Value: given})
}

// constant says whether an expression is a literal.
func constant(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.String, *ast.Int, *ast.Float, *ast.Bool:
		return true
	case *ast.Unary:
		return x.Op == "-" && constant(x.X)
	case *ast.List:
		return !slices.ContainsFunc(x.Items, func(x ast.Expr) bool { return !constant(x) })
	}
	return false
}

// cutArguments cuts what was typed at its blanks, unless they are in quotes or in brackets. What is in quotes keeps them.
func cutArguments(typed string) (all []string, err error) {
	var quote byte
	depth, start := 0, -1
	for i := 0; i < len(typed); i++ {
		c := typed[i]
		if start < 0 && c != ' ' && c != '\t' {
			start = i
		}
		switch {
		case quote != 0 && c == '\\':
			i++
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
		case c == '"' || c == '\'':
			quote = c
		case c == '[' || c == '{' || c == '(':
			depth++
		case c == ']' || c == '}' || c == ')':
			depth--
		case (c == ' ' || c == '\t') && depth <= 0 && start >= 0:
			all, start = append(all, typed[start:i]), -1
		}
	}
	switch {
	case quote != 0:
		return nil, fmt.Errorf("a quote %c is never closed", quote)
	case depth > 0:
		return nil, fmt.Errorf("a bracket is never closed")
	case start >= 0:
		all = append(all, typed[start:])
	}
	return all, nil
}
