package lookup

import (
	"fmt"
	"strconv"
	"time"

	"github.com/segq/segq/exec/column"
)

// TwiceError says that a key stands twice. Key is "" where nobody is to be told what it is.
type TwiceError struct {
	Field, Key string
	// First and Second are the rows, from 1.
	First, Second int
}

// Error names the key and its rows.
func (e *TwiceError) Error() string {
	if e.Key == "" {
		return fmt.Sprintf("row %d and row %d have the same %s: each key may be there once", e.First, e.Second, e.Field)
	}
	return fmt.Sprintf("the %s %s is in row %d and in row %d: each key may be there once", e.Field, e.Key, e.First, e.Second)
}

// text writes a key.
func text(c column.Column, row int) string {
	switch c := c.(type) {
	case *column.Strings:
		return strconv.Quote(c.At(row))
	case *column.Texts:
		return strconv.Quote(c.At(row))
	case *column.Ints:
		return strconv.FormatInt(c.At(row), 10)
	case *column.Floats:
		return string(column.AppendFloat(nil, c.V[row]))
	case *column.Timestamps:
		return time.UnixMilli(c.V[row]).UTC().Format(time.RFC3339Nano)
	case *column.Bools:
		return strconv.FormatBool(c.Bits.Get(row))
	}
	return ""
}
