package eval

import (
	"strconv"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// AppendJSON appends v as JSON text to dst. Timestamps are ISO-8601 text in UTC,
// to the millisecond where there is a fraction; an Interval is its start and its
// end, which is outside, with a slash between. Objects keep the order of their
// type and leave out what is null; a list keeps its nulls.
func (v Value) AppendJSON(dst []byte) []byte {
	switch v.Kind() {
	case check.Bool:
		return strconv.AppendBool(dst, v.Bool())
	case check.Int:
		return strconv.AppendInt(dst, v.a, 10)
	case check.Float:
		return column.AppendJSONFloat(dst, v.Float())
	case check.String:
		return column.AppendJSONString(dst, v.s)
	case check.Timestamp:
		return append(column.AppendJSONTime(append(dst, '"'), v.a), '"')
	case check.Interval:
		dst = append(column.AppendJSONTime(append(dst, '"'), v.a), '/')
		return append(column.AppendJSONTime(dst, v.b), '"')
	case check.List:
		dst = append(dst, '[')
		for i := range v.Len() {
			dst = v.at(i).AppendJSON(separate(dst, i > 0))
		}
		return append(dst, ']')
	case check.Object:
		return v.appendObject(dst)
	case check.Map:
		dst = append(dst, '{')
		for i := range v.Len() {
			dst = append(column.AppendJSONString(separate(dst, i > 0), v.key(i)), ':')
			dst = v.at(i).AppendJSON(dst)
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

// appendObject leaves out null fields, as the files that profiles come from do.
func (v Value) appendObject(dst []byte) []byte {
	dst = append(dst, '{')
	first := true
	for _, f := range v.t.Fields {
		m := v.member(f)
		if m.IsNull() {
			continue
		}
		dst = append(column.AppendJSONString(separate(dst, !first), f.Name), ':')
		dst = m.AppendJSON(dst)
		first = false
	}
	return append(dst, '}')
}

// separate puts a comma before all parts but the first.
func separate(dst []byte, more bool) []byte {
	if more {
		return append(dst, ',')
	}
	return dst
}
