// Package statistic holds the functions from the numbers of one list to a number that the
// evaluators have in common. It knows no column and no list; the caller leaves nulls out.
//
// The tour: [Of] returns the function of an operation. Each is in a file of its own, which
// puts it into the table. A [Sum] adds the values of a query over all profiles.
package statistic

import "github.com/segq/segq/lang/check"

// Function gives a statistic of numbers, which it may reorder, for the other operands of
// its call. It is finite; ok is false where it is null.
type Function func(numbers, operands []float64) (x float64, ok bool)

// functions is filled by the files of the functions.
var functions = map[check.Op]Function{}

// Of returns the function of an operation of the group [check.Statistics].
func Of(op check.Op) Function {
	f := functions[op]
	if f == nil {
		panic("statistic: " + op.String() + " has no function")
	}
	return f
}
