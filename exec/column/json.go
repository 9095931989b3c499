package column

import (
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

// AppendJSONFloat writes the shortest text that reads back as f, with an exponent
// where ECMAScript would write one. JSON knows no NaN and no infinity: null. The
// two zeros are equal, and so is their text.
func AppendJSONFloat(dst []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(dst, "null"...)
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(dst, f+0, format, -1, 64)
}

// AppendJSONTime writes an instant in milliseconds since 1970 as ISO-8601 in UTC,
// with as many places as the fraction needs, without quotes.
func AppendJSONTime(dst []byte, ms int64) []byte {
	return time.UnixMilli(ms).UTC().AppendFormat(dst, "2006-01-02T15:04:05.999Z07:00")
}

const hexDigits = "0123456789abcdef"

// AppendJSONString writes s between quotes. Bytes that are not UTF-8 become U+FFFD.
func AppendJSONString(dst []byte, s string) []byte {
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
