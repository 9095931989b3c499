package column

import (
	"strconv"

	"github.com/segq/segq/lang/check"
)

// Object is an object as [Value] gives it: its members in the order of the
// schema, those without a value left out.
type Object []Member

// Member is a field of an [Object], or an entry of a map.
type Member struct {
	Name  string
	Value any
}

// MarshalJSON writes the object with its members in order.
func (o Object) MarshalJSON() ([]byte, error) { return appendAny(nil, o), nil }

// Value returns row i of a column of type t as something that encoding/json
// writes: nil, bool, int64, float64, string, []any or [Object]. A timestamp is
// ISO-8601 text in UTC.
func Value(c Column, i int, t *check.Type) any {
	if c.Null(i) {
		return nil
	}
	c, i = At(c, i)
	switch c := c.(type) {
	case *Bools:
		return c.Bits.Get(i)
	case *Ints:
		return c.At(i)
	case *Floats:
		return c.V[i]
	case *Timestamps:
		return string(AppendJSONTime(nil, c.V[i]))
	case *Strings:
		return c.At(i)
	case *Texts:
		return c.At(i)
	case *Struct:
		o := make(Object, 0, len(c.Fields))
		for k, f := range c.Fields {
			if !f.Null(i) {
				o = append(o, Member{t.Fields[k].Name, Value(f, i, t.Fields[k].Type)})
			}
		}
		return o
	case *List:
		list := make([]any, 0, c.Offsets[i+1]-c.Offsets[i])
		for k := c.Offsets[i]; k < c.Offsets[i+1]; k++ {
			list = append(list, Value(c.Elem, int(k), t.Elem))
		}
		return list
	case *Map:
		o := make(Object, 0, c.Offsets[i+1]-c.Offsets[i])
		for k := c.Offsets[i]; k < c.Offsets[i+1]; k++ {
			o = append(o, Member{c.Keys.At(int(k)), Value(c.Values, int(k), t.Elem)})
		}
		return o
	}
	return nil
}

// AppendJSON appends row i of a column of type t to dst as JSON text, in the
// form of [Value].
func AppendJSON(dst []byte, c Column, i int, t *check.Type) []byte {
	if c.Null(i) {
		return append(dst, "null"...)
	}
	c, i = At(c, i)
	switch c := c.(type) {
	case *Bools:
		return strconv.AppendBool(dst, c.Bits.Get(i))
	case *Ints:
		return strconv.AppendInt(dst, c.At(i), 10)
	case *Floats:
		return AppendJSONFloat(dst, c.V[i])
	case *Timestamps:
		return append(AppendJSONTime(append(dst, '"'), c.V[i]), '"')
	case *Strings:
		return AppendJSONString(dst, c.At(i))
	case *Texts:
		return AppendJSONString(dst, c.At(i))
	case *Struct:
		begin := len(dst) + 1
		for k, f := range c.Fields {
			if !f.Null(i) {
				dst = append(AppendJSONString(append(dst, ','), t.Fields[k].Name), ':')
				dst = AppendJSON(dst, f, i, t.Fields[k].Type)
			}
		}
		return enclosed(dst, begin, '{', '}')
	case *List:
		begin := len(dst) + 1
		for k := c.Offsets[i]; k < c.Offsets[i+1]; k++ {
			dst = AppendJSON(append(dst, ','), c.Elem, int(k), t.Elem)
		}
		return enclosed(dst, begin, '[', ']')
	case *Map:
		begin := len(dst) + 1
		for k := c.Offsets[i]; k < c.Offsets[i+1]; k++ {
			dst = append(AppendJSONString(append(dst, ','), c.Keys.At(int(k))), ':')
			dst = AppendJSON(dst, c.Values, int(k), t.Elem)
		}
		return enclosed(dst, begin, '{', '}')
	}
	return append(dst, "null"...)
}

// enclosed puts brackets around what follows the comma before begin, if anything does.
func enclosed(dst []byte, begin int, opening, closing byte) []byte {
	if len(dst) < begin {
		return append(dst, opening, closing)
	}
	dst[begin-1] = opening
	return append(dst, closing)
}

func appendAny(dst []byte, v any) []byte {
	switch v := v.(type) {
	case bool:
		return strconv.AppendBool(dst, v)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case float64:
		return AppendJSONFloat(dst, v)
	case string:
		return AppendJSONString(dst, v)
	case []any:
		dst = append(dst, '[')
		for i, e := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendAny(dst, e)
		}
		return append(dst, ']')
	case Object:
		dst = append(dst, '{')
		for i, m := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(AppendJSONString(dst, m.Name), ':')
			dst = appendAny(dst, m.Value)
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}
