package loosen

import (
	"strconv"
	"strings"

	"github.com/segq/segq/lang/ast"
)

// set loosens a comparison with one value or several: a set has one value more, or one less where it is of values
// that may not be. What is counted is compared with the numbers beside.
func (w *walker) set(x *ast.Binary, d direction, in scope) {
	if n, ok := w.literal(x.R); ok && isCount(x.L) {
		w.beside(x, n, d)
		return
	}
	items, listed := []ast.Expr{x.R}, false
	if list, ok := x.R.(*ast.List); ok {
		items, listed = list.Items, true
	}
	adds := d > 0
	if x.Op == "!=" || x.Op == "notIn" {
		adds = !adds
	}
	path, ok := in.path(x.L)
	numbers, same := kindOf(items)
	switch {
	case same && !ok && in.inner:
		w.stay(x.Span(), "no value is chosen for what is bound to a name")
	case same && ok && !adds && len(items) < 2:
		w.stay(x.Span(), "without its one value it would be the same as to leave it out")
	}
	if !ok || !same || !adds && len(items) < 2 {
		return
	}
	test := ".isNotNull()"
	if d < 0 {
		test = ".isNull()"
	}
	of := w.text[x.L.Span().Start:x.L.Span().End]
	c := &Choice{Path: path, Numbers: numbers, Inner: in.inner}
	c.with = func(value string) (Step, bool) { return w.chosen(x, items, listed, adds, numbers, value) }
	w.add(x.Span(), "", ast.Span{Start: w.whole(x.L).Start, End: w.whole(x.R).End}, of+test, c)
}

// chosen is the step of a set by a value.
func (w *walker) chosen(x *ast.Binary, items []ast.Expr, listed, adds, numbers bool, value string) (Step, bool) {
	written := value
	if !numbers {
		written = ast.Format(&ast.String{Value: value})
	}
	last := w.whole(items[len(items)-1])
	switch {
	case !adds:
		return w.without(x, items, value, written)
	case listed:
		at := ast.Span{Start: last.End, End: last.End}
		return Step{At: x.Span(), Becomes: "with " + written, Text: edit(w.text, at, ", "+written)}, true
	}
	op := map[string]string{"=": "in", "!=": "notIn"}[x.Op]
	becomes := op + " [" + w.bare(items[0]) + ", " + written + "]"
	return Step{At: x.Span(), Becomes: becomes, Text: edit(w.text, ast.Span{Start: x.OpAt.Start, End: last.End}, becomes)}, true
}

// without is the step of a set that has a value less.
func (w *walker) without(x *ast.Binary, items []ast.Expr, value, written string) (Step, bool) {
	var kept []string
	for _, item := range items {
		if at := w.whole(item); !is(item, value) {
			kept = append(kept, w.text[at.Start:at.End])
		}
	}
	if len(kept) == 0 || len(kept) == len(items) {
		return Step{}, false
	}
	all := ast.Span{Start: w.whole(items[0]).Start, End: w.whole(items[len(items)-1]).End}
	return Step{At: x.Span(), Becomes: "without " + written, Text: edit(w.text, all, strings.Join(kept, ", "))}, true
}

// is says whether a literal is the value that a text says.
func is(x ast.Expr, value string) bool {
	if s, ok := x.(*ast.String); ok {
		return s.Value == value
	}
	n, _ := literalOf(x)
	if n.whole {
		n.float = float64(n.int)
	}
	v, err := strconv.ParseFloat(value, 64)
	return err == nil && v == n.float
}

// beside adds the steps of a count that is to be one number: the one below it as well, and the one above.
func (w *walker) beside(x *ast.Binary, n literal, d direction) {
	if x.Op != "=" && x.Op != "!=" || (x.Op == "=") != (d > 0) {
		return
	}
	op := map[string]string{"=": "in", "!=": "notIn"}[x.Op]
	for _, way := range []direction{fewer, more} {
		to, ok := n.next(way)
		if !ok || way == fewer && n.int <= 0 {
			continue
		}
		pair := to + ", " + w.text[n.at.Start:n.at.End]
		if way == more {
			pair = w.text[n.at.Start:n.at.End] + ", " + to
		}
		becomes := op + " [" + pair + "]"
		w.add(x.Span(), becomes, ast.Span{Start: x.OpAt.Start, End: w.whole(x.R).End}, becomes, nil)
	}
}

// kindOf says whether values are all texts or all numbers, and which.
func kindOf(items []ast.Expr) (numbers, ok bool) {
	texts := 0
	for _, x := range items {
		if _, text := x.(*ast.String); text {
			texts++
		} else if _, number := literalOf(x); !number {
			return false, false
		}
	}
	return texts == 0, len(items) > 0 && (texts == 0 || texts == len(items))
}
