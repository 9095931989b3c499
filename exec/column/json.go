package column

import (
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

// AppendJSONFloat writes the shortest text that reads back as f, with an exponent
// where ECMAScript would write one. JSON has no number for NaN, which is null, nor for infinity,
// which is a text as in the JSON form of Protocol Buffers. The two zeros are equal, and so is
// their text.
func AppendJSONFloat(dst []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, "null"...)
	case math.IsInf(f, 0):
		return append(AppendFloat(append(dst, '"'), f), '"')
	}
	return AppendFloat(dst, f)
}

// AppendFloat is AppendJSONFloat for text that is no JSON: Infinity has no quotes, and what is no
// number is NaN.
func AppendFloat(dst []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, "NaN"...)
	case f > math.MaxFloat64:
		return append(dst, "Infinity"...)
	case f < -math.MaxFloat64:
		return append(dst, "-Infinity"...)
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
	const least, most = -62135596800000, 253402300799999 // the years 1 to 9999
	if ms < least || ms > most {
		return time.UnixMilli(ms).UTC().AppendFormat(dst, "2006-01-02T15:04:05.999Z07:00")
	}
	const day = 24 * 60 * 60 * 1000
	days := (ms - least) / day
	year, month, date := civil(days)
	n := int(ms - least - days*day)
	dst = append(two(append(two(append(two(two(dst, year/100), year%100), '-'), month), '-'), date), 'T')
	dst = two(append(two(append(two(dst, n/3600000), ':'), n/60000%60), ':'), n/1000%60)
	if n %= 1000; n > 0 {
		dst = two(append(dst, '.', byte('0'+n/100)), n%100)
		for dst[len(dst)-1] == '0' {
			dst = dst[:len(dst)-1]
		}
	}
	return append(dst, 'Z')
}

// two writes a number of two digits.
func two(dst []byte, n int) []byte { return append(dst, byte('0'+n/10), byte('0'+n%10)) }

// civil returns the date that is so many days after the first of January of the year 1. It counts
// years from March on, so that a leap day ends one (as Howard Hinnant has it in
// https://howardhinnant.github.io/date_algorithms.html).
func civil(days int64) (year, month, day int) {
	days += 306 // from the first of March of the year 0
	era := days / 146097
	in := int(days - era*146097)
	y := (in - in/1460 + in/36524 - in/146096) / 365
	in -= 365*y + y/4 - y/100
	m := (5*in + 2) / 153
	day = in - (153*m+2)/5 + 1
	month = m + 3
	if m >= 10 {
		month, y = m-9, y+1
	}
	return int(era)*400 + y, month, day
}

const hexDigits = "0123456789abcdef"

// AppendJSONString writes s between quotes. Bytes that are not UTF-8 become U+FFFD.
func AppendJSONString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	n := 0 // bytes that stand for themselves
	for n < len(s) && s[n] >= ' ' && s[n] < utf8.RuneSelf && s[n] != '"' && s[n] != '\\' {
		n++
	}
	dst = append(dst, s[:n]...)
	for _, r := range s[n:] {
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
