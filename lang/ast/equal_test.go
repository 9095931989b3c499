package ast_test

import (
	"fmt"
	"testing"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/parse"
)

func read(t *testing.T, text string) ast.Expr {
	t.Helper()
	x, ds := parse.Query(text)
	if ds.Failed() {
		t.Fatalf("%s: %v", text, ds)
	}
	return x
}

func TestEqual(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"a = 1", " a=(1) // c", true},
		{"`a`.b", "a.`b`", true},
		{"`now`", "now", false},
		{"a = 1", "a = 1.0", false},
		{"a = 1", "a = 2", false},
		{"a = 1", "a != 1", false},
		{"a and b and c", "a and (b and c)", false},
		{"f(a)", "a.f()", false},
		{"f(a)", "f(a, b)", false},
		{"[1]", "[]", false},
		{"t occurs today", "t occurs on today", false},
		{"t occurs < 1 day before now", "t occurs < 1 days before now", true},
		{"t occurs < 1 day before now", "t occurs < 1 hour before now", false},
		{"t occurs between a and b", "t occurs a", false},
		{"exists X from A", "forall X from A", false},
		{"exists X from A: b", "exists X from A where b", true},
		{"select X from A", "select X from A where b", false},
		{"sum X over X from A", "sum X from A", true},
		{"chain(a, b, [A: WHAT(c)])", "chain(a, b, [A: WHAT(c) COUNT(1)])", false},
		{"chain(a, b, [A: WHEN(today) WHAT(c)])", "CHAIN(a, b, [A: what(c) when(today)])", true},
		{"chain(a, b, [A: WHAT(c) WHEN(today)])", "chain(a, b, [A: WHAT(c) WHEN(tomorrow)])", false},
		{`{"a": 1}`, `{a: 1}`, true},
	} {
		x, y := read(t, c.a), read(t, c.b)
		if ast.Equal(x, y) != c.want || ast.Equal(y, x) != c.want {
			t.Errorf("%s and %s: equal is not %v", c.a, c.b, c.want)
		}
	}
	if !ast.Equal(nil, nil) || ast.Equal(nil, &ast.This{}) {
		t.Error("nil equals nil only")
	}
}

// TestWalk names every name of a query in the order of its text: a form that
// Walk forgets to enter would lose some.
func TestWalk(t *testing.T) {
	for text, want := range map[string]int{
		"[n1, n2]":                             2,
		"{\"k\": n1, \"l\": n2}":               2,
		"n1.m + -n2 * n3":                      3,
		"n1.f(n2, n3)":                         3,
		"f(n1, n2)[n3]":                        3,
		"(X) => n1":                            1,
		"select X from n1 where n2, Y from n3": 3,
		"exists X from n1 where n2":            2,
		"sum n1 over X from n2 where n3":       3,
		"let X = n1 in n2":                     2,
		"chain(n1, n2, [A: WHAT(n3) WHEN(between n4 and n5) COUNT(n6) WHERE(n7), B: WHAT(n8)])": 8,
		"n1 occurs < 3 days before n2": 2,
		"n1 occurs between n2 and n3":  3,
	} {
		var got []string
		ast.Walk(read(t, text), func(x ast.Expr) bool {
			if n, ok := x.(*ast.Name); ok {
				got = append(got, n.Text)
			}
			return true
		})
		for i, name := range got {
			if want := fmt.Sprintf("n%d", i+1); name != want {
				t.Errorf("%s: name %d is %s", text, i, name)
			}
		}
		if len(got) != want {
			t.Errorf("%s: %d names, want %d", text, len(got), want)
		}
	}
	visits := 0
	ast.Walk(read(t, "a + b"), func(ast.Expr) bool { visits++; return false })
	if visits != 1 {
		t.Errorf("went on after false: %d visits", visits)
	}
}
