package load

import (
	"bytes"
	"strconv"
	"unsafe"
)

// cellKinds is the set of kinds that a cell may be read as, besides text.
type cellKinds uint8

const (
	cellBool   cellKinds = 1 << iota
	cellNumber           // with a decimal point, or whole
	cellComma            // with a decimal comma, or whole
	cellTime             // an ISO-8601 date or date-time, or a whole number
	cellNull             // one of the spellings of null, or blank

	cellDay // a date with the day first and dots, which is a text unless timestamps are wanted

	cellAny = cellBool | cellNumber | cellComma | cellTime
)

// The spellings of cells that are not numbers. Those of null are null in a column
// whose other cells are all numbers, all booleans or all timestamps; in texts they are texts.
var spellings = map[string]cellKinds{
	"true": cellBool, "True": cellBool, "TRUE": cellBool,
	"false": cellBool, "False": cellBool, "FALSE": cellBool,
	"": cellNull, "NA": cellNull, "N/A": cellNull, "n/a": cellNull, "#N/A": cellNull, "<NA>": cellNull,
	"NULL": cellNull, "Null": cellNull, "null": cellNull, `\N`: cellNull, "None": cellNull,
	"NaN": cellNull, "nan": cellNull, "-NaN": cellNull, "-nan": cellNull,
}

// trimCell takes the blanks from around a cell, which count in texts only.
func trimCell(b []byte) []byte {
	if len(b) > 0 && b[0] > ' ' && b[len(b)-1] > ' ' {
		return b // as most are
	}
	return bytes.Trim(b, " \t")
}

// wordKinds says what a cell that is not a number may be; comma, that it may have a
// decimal comma.
func wordKinds(b []byte, comma bool) cellKinds {
	b = trimCell(b)
	if k, ok := spellings[string(b)]; ok {
		return k
	}
	if _, ok := parseTimestamp(b); ok {
		return cellTime
	}
	if comma {
		if _, ok := parseComma(b); ok {
			return cellComma
		}
	}
	return 0
}

// plainWhole is plainNumber for a whole number of few digits, from one place in a text to another.
func plainWhole(text []byte, from, to int) (v int64, ok bool) {
	negative := text[from] == '-'
	if negative {
		from++
	}
	if v, ok = shortWhole(text, from, to); !ok || text[from] == '0' && (to-from > 1 || negative) {
		return 0, false
	}
	if negative {
		v = -v
	}
	return v, true
}

// numeral is how a number is written.
type numeral uint8

const (
	notNumber numeral = iota
	wholeNumber
	fraction // a decimal point or an exponent, or infinite
)

// numeralOf says whether b is a number: an optional sign, digits with or without
// a point, which may also begin or end them, an exponent. Zeros in front make a code
// of it, which is a text. decimal is the sign of the fraction.
func numeralOf(b []byte, decimal byte) numeral {
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		b = b[1:]
	}
	n := countDigits(b)
	if n > 1 && b[0] == '0' {
		return notNumber
	}
	kind, rest := wholeNumber, b[n:]
	if len(rest) > 0 && rest[0] == decimal {
		kind = fraction
		decimals := countDigits(rest[1:])
		n += decimals
		rest = rest[1+decimals:]
	}
	if n == 0 {
		return infinite(b)
	}
	if len(rest) > 1 && rest[0]|0x20 == 'e' {
		kind = fraction
		if rest = rest[1:]; rest[0] == '-' || rest[0] == '+' {
			rest = rest[1:]
		}
		exponent := countDigits(rest)
		if exponent == 0 {
			return notNumber
		}
		rest = rest[exponent:]
	}
	if len(rest) > 0 {
		return notNumber
	}
	return kind
}

func infinite(b []byte) numeral {
	switch string(b) {
	case "inf", "Inf", "infinity", "Infinity":
		return fraction
	}
	return notNumber
}

func countDigits(b []byte) int {
	for i, c := range b {
		if c < '0' || c > '9' {
			return i
		}
	}
	return len(b)
}

// parseWhole reads a whole number that is within 64 bits.
func parseWhole(b []byte) (int64, bool) {
	if b = trimCell(b); numeralOf(b, '.') != wholeNumber {
		return 0, false
	}
	i, err := strconv.ParseInt(unsafe.String(unsafe.SliceData(b), len(b)), 10, 64)
	return i, err == nil
}

// parseFloat reads any number that is within the range of a float.
func parseFloat(b []byte) (float64, bool) {
	if b = trimCell(b); numeralOf(b, '.') == notNumber {
		return 0, false
	}
	f, err := strconv.ParseFloat(unsafe.String(unsafe.SliceData(b), len(b)), 64)
	return f, err == nil
}

// parseComma reads a number with a decimal comma.
func parseComma(b []byte) (float64, bool) {
	b = trimCell(b)
	if numeralOf(b, ',') != fraction {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(bytes.Replace(b, []byte{','}, []byte{'.'}, 1)), 64)
	return f, err == nil
}
