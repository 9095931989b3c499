package eval

import (
	"math"
	"strconv"
	"time"
	"unicode/utf8"

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
		return appendFloat(dst, v.Float())
	case check.String:
		return appendString(dst, v.s)
	case check.Timestamp:
		return append(appendInstant(append(dst, '"'), v.a), '"')
	case check.Interval:
		dst = append(appendInstant(append(dst, '"'), v.a), '/')
		return append(appendInstant(dst, v.b), '"')
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
			dst = append(appendString(separate(dst, i > 0), v.key(i)), ':')
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
		dst = append(appendString(separate(dst, !first), f.Name), ':')
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

// appendFloat writes the shortest text that reads back as f, with an exponent
// where ECMAScript would write one. JSON knows no NaN and no infinity: null. The
// two zeros are equal, and so is their text.
func appendFloat(dst []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(dst, "null"...)
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(dst, f+0, format, -1, 64)
}

// appendInstant writes ISO-8601 in UTC, with as many places as the fraction needs.
func appendInstant(dst []byte, ms int64) []byte {
	return time.UnixMilli(ms).UTC().AppendFormat(dst, "2006-01-02T15:04:05.999Z07:00")
}

const hexDigits = "0123456789abcdef"

// appendString writes s between quotes. Bytes that are not UTF-8 become U+FFFD.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\r':
			dst = append(dst, `\r`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		case r < ' ':
			dst = append(dst, `\u00`...)
			dst = append(dst, hexDigits[r>>4], hexDigits[r&15])
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '"')
}
