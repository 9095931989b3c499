package repl

import (
	"strings"

	"github.com/segq/segq/lang/ast"
)

// place is where a field is: as a query writes its path, names that need them in backquotes, and the path of what it
// is in, "" for the profile.
type place struct{ text, in string }

// placesOf returns the places of fields, by the paths that they have. Fields are listed behind those that they are
// in.
func placesOf(fields []Field) map[string]place {
	all := make(map[string]place, len(fields))
	for _, f := range fields {
		all[f.Path] = placeOf(f.Path, all)
	}
	return all
}

// placeOf returns that of one field. A dot may be in a name: the longest path that is known is what the field is in.
func placeOf(path string, known map[string]place) place {
	for dot := strings.LastIndexByte(path, '.'); dot > 0; dot = strings.LastIndexByte(path[:dot], '.') {
		in := strings.TrimRight(path[:dot], "{}")
		if outer, ok := known[in]; ok {
			member := ast.Format(&ast.Member{X: &ast.Name{Ident: ast.Ident{Text: "x"}}, Name: ast.Ident{Text: path[dot+1:]}})
			return place{outer.text + path[len(in):dot] + member[len("x"):], in}
		}
	}
	return place{ast.Format(&ast.Name{Ident: ast.Ident{Text: path}}), ""}
}
