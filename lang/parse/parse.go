// Package parse turns text into the tree of package ast.
//
// The tour: lexer.go splits a text into tokens, one byte at a time. Participle
// reads statements, from the struct tags in statement.go, over that
// lexer. Expressions are read by precedence climbing (parser.go, expr.go): it
// costs a tenth of what six levels of struct tags cost, and every node gets
// its position for free. Forms with a syntax of their own are in primary.go,
// binding.go, chain.go and window.go. The wording of errors is in errors.go;
// unexpected.go tells from a token which mistake was made.
//
// The grammar follows Adobe's published queries; no grammar file of PQL is
// public. Extensions are comments, parameters (@name) and statements.
package parse

import "github.com/segq/segq/lang/ast"

// The limits of a query. They keep the depth of every recursion and the size of
// every tree bounded, whoever wrote the text.
const (
	maxText    = 64 << 10 // bytes of a query, list literals not counted
	maxTotal   = 64 << 20 // bytes of a text with all its queries
	maxNesting = 250      // brackets, prefix operators, bodies, steps of a path
	maxItems   = 100_000  // items of a list literal
)

// Query parses one expression, with or without a final semicolon. Line ends
// mean nothing. The expression is nil when a diagnostic is an error.
func Query(text string) (x ast.Expr, ds ast.Diagnostics) {
	defer ast.Guard(func(f *ast.Fault) { x, ds = nil, ast.Diagnostics{f.Diagnostic(ast.Span{End: len(text)})} })
	if len(text) > maxTotal {
		return nil, ast.Diagnostics{tooLong(ast.Span{End: len(text)})}
	}
	q, err := queryParser.ParseString("", text)
	if err != nil {
		// The grammar leaves all errors to the expression's own parser.
		panic("parse: " + err.Error())
	}
	if q.Body.failed {
		return nil, ast.Diagnostics{q.Body.diag}
	}
	return q.Body.x, nil
}

// Complete says whether text is finished: every bracket is closed and nothing
// must follow. A text with an error that more text cannot repair is finished.
// A session uses it to tell whether Enter runs the text or goes on.
func Complete(text string) (finished bool) {
	defer ast.Guard(func(*ast.Fault) { finished = true }) // which Enter will tell
	_, _, unfinished := parseFile(text)
	return !unfinished
}
