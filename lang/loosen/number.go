package loosen

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/segq/segq/lang/ast"
)

// mirrored are the comparisons with their sides exchanged.
var mirrored = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<="}

// compare loosens a comparison with a number, and what its sides are made of.
func (w *walker) compare(x *ast.Binary, d direction, in scope) {
	left, right := d, -d // which way the sides are to go
	if x.Op == "<" || x.Op == "<=" {
		left, right = -d, d
	}
	op := w.text[x.OpAt.Start:x.OpAt.End]
	w.number(x.L, left, in)
	if n, ok := w.literal(x.R); ok {
		w.limit(x, n, x.L, x.Op, right, func(to string) string { return op + " " + to })
	} else if n, ok := w.literal(x.L); ok {
		w.limit(x, n, x.R, mirrored[x.Op], left, func(to string) string { return to + " " + op })
	}
	w.number(x.R, right, in)
}

// limit adds the step of a number with which something is compared by op.
func (w *walker) limit(x *ast.Binary, n literal, of ast.Expr, op string, d direction, becomes func(string) string) {
	to, ok := n.step(d)
	if isCount(of) {
		to, ok = n.next(d)
		if m, err := strconv.ParseInt(to, 10, 64); err != nil || always(op, m) {
			w.stay(x.Span(), "the next step is the same as to leave it out: no count is less than 0")
			return
		}
	}
	if ok {
		w.add(x.Span(), becomes(to), n.at, to, nil)
	}
}

// atLeast loosens the count of a step of a chain.
func (w *walker) atLeast(n *ast.Int, d direction) {
	if to, ok := (literal{at: n.At, whole: true, int: n.Value}).next(-d); ok && to != "0" {
		at, becomes := n.At, to
		before, after := countWord.FindStringIndex(w.text[:at.Start]), closing.FindStringIndex(w.text[at.End:])
		if before != nil && after != nil {
			at, becomes = ast.Span{Start: before[0], End: at.End + after[1]}, "COUNT("+to+")"
		}
		w.add(at, becomes, n.At, to, nil)
	}
}

// countWord is what stands before the count of a step of a chain.
var countWord = regexp.MustCompile(`(?i:count)\s*\(\s*$`)

// isCount says whether a number is one of elements.
func isCount(x ast.Expr) bool {
	call, ok := x.(*ast.Call)
	return ok && call.Name.Text == "count"
}

// always says whether a comparison of a count with n comes out the same for each.
func always(op string, n int64) bool {
	if op == ">=" || op == "<" {
		return n <= 0
	}
	return n < 0
}

// literal is a number as it is written, with its sign.
type literal struct {
	at    ast.Span
	whole bool
	int   int64   // of a whole one
	float float64 // of others
}

func literalOf(x ast.Expr) (literal, bool) {
	switch x := x.(type) {
	case *ast.Int:
		return literal{at: x.At, whole: true, int: x.Value}, true
	case *ast.Float:
		return literal{at: x.At, float: x.Value}, true
	case *ast.Unary:
		if n, ok := literalOf(x.X); ok && x.Op == "-" {
			return literal{at: x.At, whole: n.whole, int: -n.int, float: -n.float}, true
		}
	}
	return literal{}, false
}

// literal is the number as it stands in the text: -(1) ends with its parenthesis.
func (w *walker) literal(x ast.Expr) (literal, bool) {
	n, ok := literalOf(x)
	if sign, signed := x.(*ast.Unary); ok && signed {
		n.at.End = w.whole(sign.X).End
	}
	return n, ok
}

// next returns the whole number beside a whole one.
func (n literal) next(d direction) (string, bool) {
	if !n.whole || d > 0 && n.int == math.MaxInt64 || d < 0 && n.int == math.MinInt64 {
		return "", false
	}
	return strconv.FormatInt(n.int+int64(d), 10), true
}

// step returns the next of 1, 2 and 5 times the powers of ten, and of their negatives and 0 in between: from a whole
// number to a whole one, from others to ever smaller ones. It says no where there is none.
func (n literal) step(d direction) (string, bool) {
	x, way := n.float, d
	if n.whole {
		x = float64(n.int)
	}
	switch {
	case x == 0 && d > 0:
		return "1", true
	case x == 0:
		return "-1", true
	case x < 0:
		way = -d
	}
	to := beside(math.Abs(x), way > 0)
	if n.whole && to < 1 {
		return "0", true
	}
	if n.whole && to >= 1<<63 || math.IsInf(to, 0) || to == 0 {
		return "", false
	}
	format := byte('f')
	if !n.whole && (to >= 1e15 || to < 1e-6) {
		format = 'E'
	}
	text := strings.Replace(strconv.FormatFloat(to, format, -1, 64), "E+", "E", 1)
	if x < 0 {
		text = "-" + text
	}
	return text, true
}

// beside returns the next of 1, 2 and 5 times the powers of ten above or below a positive number.
func beside(x float64, up bool) float64 {
	exponent := int(math.Floor(math.Log10(x)))
	all := make([]float64, 0, 12)
	for e := exponent - 1; e <= exponent+2; e++ {
		for _, m := range []string{"1", "2", "5"} {
			v, _ := strconv.ParseFloat(m+"e"+strconv.Itoa(e), 64) // exact, as powers are not
			all = append(all, v)
		}
	}
	below := 0.0
	for _, v := range all {
		switch {
		case v > x && up:
			return v
		case v < x:
			below = v
		}
	}
	return below
}
