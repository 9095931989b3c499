package eval

import (
	"math"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Value is what an expression is worth for one profile: null, a bool, an int64,
// a float64, a string, an instant, an interval, a list, an object or a map. The
// zero Value is null.
//
// Values are lazy. An object is a reference to a row of a [column.Struct], a
// list or a map one to a range of elements of a column; parts are read when
// somebody asks for them. Only what an expression makes itself (a filtered
// list, an object literal) is held in memory of its own. A Value, strings
// included, is therefore valid as long as its snapshot.
type Value struct {
	t *check.Type // nil for null
	// a is a Bool (0, 1), an Int, the bits of a Float, a Timestamp, the start of
	// an Interval, the row of an Object, the first element of a List or a Map.
	// b is the end of an Interval and, past the last element, of a List or Map.
	a, b int64
	s    string
	// r is what the row or the range is of: a column, or what was made.
	r any
}

// What an expression makes: items of a list, members of an object along the
// fields of its type, entries of a map.
type (
	items   []Value
	members []Value
	entries struct {
		keys   []string
		values []Value
	}
)

// A value of each scalar kind.

func boolValue(b bool) Value {
	if b {
		return Value{t: check.BoolType, a: 1}
	}
	return Value{t: check.BoolType}
}

func intValue(n int64) Value       { return Value{t: check.IntType, a: n} }
func stringValue(s string) Value   { return Value{t: check.StringType, s: s} }
func timestampValue(n int64) Value { return Value{t: check.TimestampType, a: n} }

// floatValue is null for what is no finite number: results have to be written
// as JSON, and a number that cannot be held is null as an integer overflow is.
func floatValue(f float64) Value {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Value{}
	}
	return Value{t: check.FloatType, a: int64(math.Float64bits(f))}
}

// listValue takes l over; t is the type of the list, not of its elements.
func listValue(t *check.Type, l []Value) Value {
	return Value{t: t, b: int64(len(l)), r: items(l)}
}

// IsNull says whether there is no value.
func (v Value) IsNull() bool { return v.t == nil }

// Kind is the kind of the value; [check.Any] for null.
func (v Value) Kind() check.Kind {
	if v.t == nil {
		return check.Any
	}
	return v.t.Kind
}

// Bool is the value of a Bool; false for null.
func (v Value) Bool() bool { return v.a != 0 }

// Int is the value of an Int, or the milliseconds since 1970 UTC of a Timestamp.
func (v Value) Int() int64 { return v.a }

// Float is the value of an Int or of a Float.
func (v Value) Float() float64 {
	if v.Kind() == check.Float {
		return math.Float64frombits(uint64(v.a))
	}
	return float64(v.a)
}

// Len is the number of elements of a List or of entries of a Map.
func (v Value) Len() int { return int(v.b - v.a) }

// Interval returns the half-open range [start, end) of an Interval, in
// milliseconds since 1970 UTC.
func (v Value) Interval() (start, end int64) { return v.a, v.b }

// Text is a String as it is, and any other value as JSON without quotes.
func (v Value) Text() string {
	switch v.Kind() {
	case check.String:
		return v.s
	case check.Float:
		return string(column.AppendFloat(nil, v.Float()))
	case check.Timestamp, check.Interval:
		b := v.AppendJSON(nil)
		return string(b[1 : len(b)-1])
	}
	return string(v.AppendJSON(nil))
}

// number says whether v is an Int or a Float.
func (v Value) number() bool {
	k := v.Kind()
	return k == check.Int || k == check.Float
}

// at returns element i of a List, or the value of entry i of a Map.
func (v Value) at(i int) Value {
	switch r := v.r.(type) {
	case items:
		return r[i]
	case *entries:
		return r.values[i]
	case *column.Map:
		if v.t.Kind == check.Map {
			return read(r.Values, int(v.a)+i, v.t.Elem)
		}
		return read(r, int(v.a)+i, v.t.Elem) // a list of maps
	case column.Column:
		return read(r, int(v.a)+i, v.t.Elem)
	}
	panic("eval: an element of a value that has none")
}

// key returns the key of entry i of a Map.
func (v Value) key(i int) string {
	switch r := v.r.(type) {
	case *entries:
		return r.keys[i]
	case *column.Map:
		return r.Keys.At(int(v.a) + i)
	}
	panic("eval: a key of a value that has none")
}

// keyList returns the keys of a Map as a list of type t.
func (v Value) keyList(t *check.Type) Value {
	switch r := v.r.(type) {
	case *entries:
		keys := make([]Value, len(r.keys))
		for i, k := range r.keys {
			keys[i] = stringValue(k)
		}
		return listValue(t, keys)
	case *column.Map:
		return Value{t: t, a: v.a, b: v.b, r: r.Keys}
	}
	panic("eval: keys of a value that has none")
}

// valueList returns the values of a Map as a list of type t.
func (v Value) valueList(t *check.Type) Value {
	switch r := v.r.(type) {
	case *entries:
		return listValue(t, r.values)
	case *column.Map:
		return Value{t: t, a: v.a, b: v.b, r: r.Values}
	}
	panic("eval: values of a value that has none")
}

// member returns the value of a field of an Object.
func (v Value) member(f *check.Field) Value {
	switch r := v.r.(type) {
	case members:
		return r[f.Index]
	case *column.Struct:
		return read(r.Fields[f.Index], int(v.a), f.Type)
	}
	panic("eval: a member of a value that has none")
}

// read returns row i of a column whose values have type t.
func read(c column.Column, i int, t *check.Type) Value {
	if c.Null(i) {
		return Value{}
	}
	c, i = column.At(c, i)
	switch c := c.(type) {
	case *column.Bools:
		return boolValue(c.Bits.Get(i))
	case *column.Ints:
		return Value{t: t, a: c.At(i)}
	case *column.Floats:
		return Value{t: check.FloatType, a: int64(math.Float64bits(c.V[i]))}
	case *column.Timestamps:
		return timestampValue(c.V[i])
	case *column.Strings:
		return stringValue(c.At(i))
	case *column.Texts:
		return stringValue(c.At(i))
	case *column.Struct:
		return Value{t: t, a: int64(i), r: c}
	case *column.List:
		return Value{t: t, a: int64(c.Offsets[i]), b: int64(c.Offsets[i+1]), r: c.Elem}
	case *column.Map:
		return Value{t: t, a: int64(c.Offsets[i]), b: int64(c.Offsets[i+1]), r: c}
	}
	panic("eval: a column of an unknown kind")
}
