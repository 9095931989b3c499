package rows

import (
	"math"
	"strconv"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// AppendCell appends row i of a column as text: texts and instants as they are, what has parts as
// JSON, nothing for null. It says whether the value may be taken for anything but itself by who
// reads text: numbers and booleans are plain.
func AppendCell(dst []byte, c column.Column, i int, t *check.Type) (text []byte, plain bool) {
	if c, ok := c.(*column.Texts); ok && c.Valid == nil { // ids, most of the time
		return append(dst, c.At(i)...), false
	}
	if c.Null(i) {
		return dst, true
	}
	switch c := c.(type) {
	case *column.Bools:
		return strconv.AppendBool(dst, c.Bits.Get(i)), true
	case *column.Ints:
		return strconv.AppendInt(dst, c.At(i), 10), true
	case *column.Floats:
		if math.IsNaN(c.V[i]) { // no number is no value
			return dst, true
		}
		return column.AppendFloat(dst, c.V[i]), true
	case *column.Timestamps:
		return column.AppendJSONTime(dst, c.V[i]), true
	case *column.Strings:
		return append(dst, c.At(i)...), false
	case *column.Texts:
		return append(dst, c.At(i)...), false
	}
	return column.AppendJSON(dst, c, i, t), false
}

// right says whether values of a type are aligned to the right.
func right(t *check.Type) bool { return t.Kind == check.Int || t.Kind == check.Float }
