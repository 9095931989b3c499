package parse_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/parse"
)

// TestRandomTrees prints trees that nobody wrote and reads them back: every form
// at every place where the tree allows it, and names that need backquotes.
func TestRandomTrees(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		x := drawExpr(r, 4)
		text := ast.Format(x)
		y, ds := parse.Query(text)
		if ds.Failed() {
			r.Fatalf("%s\n does not parse: %v at %d", text, ds, ds[0].At.Start)
		}
		if !ast.Equal(x, y) {
			r.Fatalf("%s\n reads as another tree: %s", text, ast.Format(y))
		}
	})
}

// TestRandomFiles prints two trees below each other: neither may run into the
// other, whatever they end and begin with.
func TestRandomFiles(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		x, y := drawExpr(r, 2), drawExpr(r, 2)
		text := ast.FormatFile(&ast.File{Statements: []ast.Statement{{X: x}, {X: y}}})
		f, ds := parse.File(text)
		if n := len(f.Statements); ds.Failed() || n != 2 {
			r.Fatalf("%s\n gives %d statements, %v", text, n, ds)
		}
		if !ast.Equal(f.Statements[0].X, x) || !ast.Equal(f.Statements[1].X, y) {
			r.Fatalf("%s\n reads as other queries: %s", text, ast.FormatFile(f))
		}
	})
}

var names = []string{
	"a", "X", "_t", "xEvent", "größe", "order-total", "1st", "two words", "day", "some", "all", "is",
	"and", "or", "not", "in", "notIn", "like", "matches", "occurs", "between", "on", "before", "after",
	"select", "exists", "forall", "from", "where", "over", "let", "sum", "average", "min", "max", "chain",
	"true", "null", "now", "today", "this", "last", "next", "NOT", "CHAIN", "WHERE", "contains", "within",
}

func drawName(r *rapid.T) ast.Ident {
	return ast.Ident{Text: rapid.SampledFrom(names).Draw(r, "name")}
}

// drawExpr returns any expression at most depth levels deep.
func drawExpr(r *rapid.T, depth int) ast.Expr {
	if depth == 0 {
		return drawLeaf(r)
	}
	sub := func() ast.Expr { return drawExpr(r, depth-1) }
	switch rapid.IntRange(0, 14).Draw(r, "form") {
	case 0:
		return &ast.Member{X: sub(), Name: drawName(r)}
	case 1:
		return &ast.Unary{Op: rapid.SampledFrom([]string{"not", "-"}).Draw(r, "op"), X: sub()}
	case 2, 3, 4:
		return drawBinary(r, sub)
	case 5:
		name := drawName(r)
		if name.Text == "inSegment" {
			name.Text = "f"
		}
		return &ast.Call{Recv: sub(), Name: name, Args: drawSome(r, sub)}
	case 6:
		return &ast.Call{Name: drawName(r), Args: drawSome(r, sub)}
	case 7:
		return &ast.Filter{X: sub(), Cond: sub()}
	case 8:
		return &ast.Lambda{Params: []ast.Ident{drawName(r), drawName(r)}, Body: sub()}
	case 9:
		return &ast.Let{Name: drawName(r), Value: sub(), Body: sub()}
	case 10:
		return drawBinding(r, sub)
	case 11:
		return &ast.Chain{X: sub(), Order: sub(), Steps: drawSteps(r, sub)}
	case 12:
		return &ast.Occurs{X: sub(), Window: drawWindow(r, sub)}
	case 13:
		return &ast.List{Items: drawSome(r, sub)}
	default:
		return &ast.Object{Keys: []ast.Ident{drawName(r)}, Values: []ast.Expr{sub()}}
	}
}

func drawLeaf(r *rapid.T) ast.Expr {
	switch rapid.IntRange(0, 10).Draw(r, "leaf") {
	case 0:
		return &ast.String{Value: rapid.String().Draw(r, "string")}
	case 1:
		return &ast.Int{Value: rapid.Int64Min(0).Draw(r, "int")}
	case 2:
		return &ast.Float{Value: rapid.Float64Min(0).Draw(r, "float")}
	case 3:
		return &ast.Bool{Value: rapid.Bool().Draw(r, "bool")}
	case 4:
		return &ast.Up{Levels: rapid.IntRange(1, 3).Draw(r, "levels"), Name: drawName(r)}
	case 5:
		return &ast.This{}
	case 6:
		return &ast.Position{N: rapid.IntRange(1, 9).Draw(r, "position")}
	case 7:
		return &ast.Param{Name: drawName(r)}
	case 8:
		return &ast.TimeWord{Word: rapid.SampledFrom([]string{"now", "today", "yesterday", "tomorrow"}).Draw(r, "word")}
	case 9:
		return &ast.Calendar{Which: rapid.SampledFrom([]string{"this", "last", "next"}).Draw(r, "which"), Unit: drawUnit(r)}
	default:
		return &ast.Name{Ident: drawName(r)}
	}
}

// drawBinary leaves out what has an error of its own: a single value as a list.
func drawBinary(r *rapid.T, sub func() ast.Expr) ast.Expr {
	ops := []string{"and", "or", "=", "!=", "<", "<=", ">", ">=", "like", "matches", "in", "notIn", "+", "-", "*", "/", "%"}
	b := &ast.Binary{Op: rapid.SampledFrom(ops).Draw(r, "op"), L: sub(), R: sub()}
	if b.Op == "in" || b.Op == "notIn" {
		b.R = &ast.List{Items: []ast.Expr{b.R}}
	}
	return b
}

func drawSome(r *rapid.T, sub func() ast.Expr) []ast.Expr {
	var xs []ast.Expr
	for range rapid.IntRange(0, 3).Draw(r, "items") {
		xs = append(xs, sub())
	}
	return xs
}

func drawBinding(r *rapid.T, sub func() ast.Expr) ast.Expr {
	var decls []ast.Decl
	for range rapid.IntRange(1, 2).Draw(r, "decls") {
		d := ast.Decl{Name: drawName(r), From: sub()}
		if rapid.Bool().Draw(r, "where") {
			d.Where = sub()
		}
		decls = append(decls, d)
	}
	switch rapid.IntRange(0, 3).Draw(r, "binding") {
	case 0:
		return &ast.Select{Decls: decls}
	case 1:
		return &ast.Quantified{Decls: decls}
	case 2:
		return &ast.Quantified{ForAll: true, Decls: decls}
	default:
		fn := rapid.SampledFrom([]string{"sum", "average", "min", "max"}).Draw(r, "fn")
		return &ast.Aggregate{Fn: fn, X: &ast.Member{X: &ast.Name{Ident: drawName(r)}, Name: drawName(r)}, Decls: decls}
	}
}

func drawSteps(r *rapid.T, sub func() ast.Expr) []ast.Step {
	var steps []ast.Step
	for range rapid.IntRange(1, 2).Draw(r, "steps") {
		s := ast.Step{Label: drawName(r), What: sub()}
		if rapid.Bool().Draw(r, "when") {
			w := drawWindow(r, sub)
			s.When = &w
		}
		if rapid.Bool().Draw(r, "count") {
			s.Count = sub()
		}
		if rapid.Bool().Draw(r, "where") {
			s.Where = sub()
		}
		steps = append(steps, s)
	}
	return steps
}

func drawWindow(r *rapid.T, sub func() ast.Expr) ast.Window {
	dir := rapid.SampledFrom([]string{"before", "after", "from"}).Draw(r, "dir")
	switch rapid.IntRange(0, 3).Draw(r, "window") {
	case 0:
		return ast.Window{Op: "<=", N: rapid.Int64Range(0, 3).Draw(r, "n"), Unit: drawUnit(r), Dir: dir, Ref: sub()}
	case 1:
		return ast.Window{Dir: dir, Ref: sub()}
	case 2:
		return ast.Window{Ref: sub(), To: sub()}
	default:
		return ast.Window{On: rapid.Bool().Draw(r, "on"), Ref: sub()}
	}
}

func drawUnit(r *rapid.T) ast.Unit {
	return ast.Unit(rapid.IntRange(int(ast.Millisecond), int(ast.Millennium)).Draw(r, "unit"))
}
