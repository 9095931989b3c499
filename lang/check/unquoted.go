package check

import (
	"fmt"

	"github.com/segq/segq/lang/ast"
)

// dateInQuotes warns of a date that was written without quotes: three whole numbers with
// nothing between them but two signs of arithmetic.
func (c *checker) dateInQuotes(x *ast.Binary) {
	inner, ok := x.L.(*ast.Binary)
	if !ok || inner.Op != x.Op {
		return
	}
	a, aok := inner.L.(*ast.Int)
	b, bok := inner.R.(*ast.Int)
	d, dok := x.R.(*ast.Int)
	if !aok || !bok || !dok || a.At.End+1 != b.At.Start || b.At.End+1 != d.At.Start {
		return
	}
	switch {
	case isYear(a) && isDatePart(b, 12) && isDatePart(d, 31):
		c.unquotedDate(x, dateHint(a, b, d))
	case x.Op == "-" || !isYear(d) || !isDatePart(a, 31) || !isDatePart(b, 31):
	case a.Value > 12 && b.Value <= 12:
		c.unquotedDate(x, dateHint(d, b, a))
	case b.Value > 12 && a.Value <= 12:
		c.unquotedDate(x, dateHint(d, a, b))
	case a.Value <= 12:
		c.unquotedDate(x, fmt.Sprintf("write \"%d-MM-DD\", year first, or date(%d, MONTH, DAY)", d.Value, d.Value))
	}
}

// dateHint says how a date is written.
func dateHint(y, m, d *ast.Int) string {
	return fmt.Sprintf("write \"%d-%02d-%02d\" for its first instant, date(%d, %d, %d) for the day", y.Value, m.Value, d.Value, y.Value, m.Value, d.Value)
}

// isYear says whether a number has four digits.
func isYear(n *ast.Int) bool { return n.At.End-n.At.Start == 4 && n.Value >= 1000 }

// isDatePart says whether a number has one or two digits, and is a month or a day.
func isDatePart(n *ast.Int, most int64) bool {
	return n.At.End-n.At.Start <= 2 && n.Value >= 1 && n.Value <= most
}
