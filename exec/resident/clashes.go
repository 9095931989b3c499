package resident

import (
	"math"
	"runtime/debug"
	"strconv"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/ast"
)

// clash counts the profiles whose id is the number of a row without one.
func (r *rows) clash() (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // the data may lie in a file
	defer ast.Guard(func(f *ast.Fault) { err = r.lost(f) })
	if r.snap.ID == nil {
		return nil
	}
	ids := r.snap.Root.Fields[r.snap.ID.Index]
	for i := range ids.Len() {
		if ids.Null(i) {
			continue
		}
		number, ok := rowOf(ids, i)
		if number -= r.First; ok && number >= 0 && number < ids.Len() && ids.Null(number) {
			r.result.Clashes++
		}
	}
	return nil
}

// rowOf returns the number of the row that an id, which is not null, might as well stand for.
func rowOf(ids column.Column, i int) (int, bool) {
	ids, i = column.At(ids, i)
	switch c := ids.(type) {
	case *column.Ints:
		return int(c.At(i)), true
	case *column.Floats:
		return int(c.V[i]), c.V[i] == math.Trunc(c.V[i]) && math.Abs(c.V[i]) < 1<<53
	case *column.Strings:
		return rowIn(c.At(i))
	case *column.Texts:
		return rowIn(c.At(i))
	}
	return 0, false
}

// rowIn reads a number as it is written for a row.
func rowIn(text string) (int, bool) {
	if text == "" || text[0] < '0' || text[0] > '9' || text[0] == '0' && len(text) > 1 {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}
