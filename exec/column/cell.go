package column

import (
	"math"
	"strconv"

	"github.com/segq/segq/lang/check"
)

// AppendCell appends row i of a column as text: texts and instants as they are, what has parts as
// JSON, nothing for null. It says whether the value may be taken for anything but itself by who
// reads text: numbers and booleans are plain. The text of an id is this one everywhere: in rows, samples, members,
// and what is published.
func AppendCell(dst []byte, c Column, i int, t *check.Type) (text []byte, plain bool) {
	if c, ok := c.(*Texts); ok && c.Valid == nil { // ids, most of the time
		return append(dst, c.At(i)...), false
	}
	if c.Null(i) {
		return dst, true
	}
	switch c := c.(type) {
	case *Bools:
		return strconv.AppendBool(dst, c.Bits.Get(i)), true
	case *Ints:
		return strconv.AppendInt(dst, c.At(i), 10), true
	case *Floats:
		if math.IsNaN(c.V[i]) { // no number is no value
			return dst, true
		}
		return AppendFloat(dst, c.V[i]), true
	case *Timestamps:
		return AppendJSONTime(dst, c.V[i]), true
	case *Strings:
		return append(dst, c.At(i)...), false
	case *Texts:
		return append(dst, c.At(i)...), false
	}
	return AppendJSON(dst, c, i, t), false
}
