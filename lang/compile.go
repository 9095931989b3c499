package lang

import (
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/parse"
)

// Compile reads one expression and checks it against cat. The query is nil when
// a diagnostic is an error; warnings alone come with it.
func Compile(text string, cat check.Catalog, opt check.Options) (*check.Query, ast.Diagnostics) {
	x, ds := parse.Query(text)
	if ds.Failed() {
		return nil, Spaced(ds, text, cat)
	}
	return check.Check(x, cat, opt)
}
