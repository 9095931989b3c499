package rules

import (
	"strings"
	"testing"

	"github.com/segq/segq/lang/ast"
)

// Columns are called as they are written: comments are no part of a name, nor are the backquotes of
// a field.
func TestColumnNames(t *testing.T) {
	t.Parallel()
	for list, want := range map[string]string{
		"`odd name`, n":                               "odd name|n",
		"`home-address`.`zip code`, n . m":            "home-address.zip code|n.m",
		"`n` + 1, (n)":                                "`n` + 1|(n)",
		"/* the first, */ n /* and */ + 1 // no\n, m": "n + 1|m",
		"n // a name\n":                               "n",
		"n/*x*/.m":                                    "n.m",
		"tags[`t` = \"a, // b\"]":                     "tags[`t` = \"a, // b\"]",
		"@p, 1, \"x\"":                                "@p|1|\"x\"",
	} {
		var names []string
		found := eachSelected(list, func(name string, _ ast.Expr) ast.Diagnostics {
			names = append(names, name)
			return nil
		})
		if got := strings.Join(names, "|"); got != want || found.Failed() {
			t.Errorf("%s: %s, not %s %v", list, got, want, found)
		}
	}
	if _, found := SelectionForm("n, /* nothing */, m"); !found.Failed() {
		t.Error("a comment is an expression")
	}
}
