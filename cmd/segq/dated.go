package main

import (
	"strings"
	"time"

	"github.com/segq/segq/lang/ast"
)

// nowFor gives what now means for a query, as its command says it: what --now has given,
// which its record tells, and else nothing where the query does not ask, so that it is the
// same command tomorrow. The answer to that may be in the cache, or on its way.
func (o *options) nowFor(x ast.Expr, now time.Time) string {
	if o.now == "" && !asksNow(x) {
		return ""
	}
	return now.Format(time.RFC3339Nano)
}

// asksNow says whether an expression names the present in any way. It knows no types:
// a field called currentYear counts too.
func asksNow(x ast.Expr) bool {
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
