package identity

import (
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Instant reads an id that is a date or a timestamp, in milliseconds since 1970.
func Instant(id string) (ms int64, ok bool) { return check.ParseTimestamp(id) }

// SameInstant says whether a text and an id are both dates or timestamps, and the same: 2020-01-01 is 2020-01-01T00:00:00Z.
func SameInstant(text, id string) bool {
	a, isA := Instant(text)
	b, isB := Instant(id)
	return isA && isB && a == b
}

// Alike says of which kind ids are where a text is the same id as another, "numbers" or "dates"; "" where it is another id
// whatever they are, and where it is the text itself.
func Alike(text, id string) string {
	switch {
	case text == id:
		return ""
	case SameNumber(text, Digits(id)):
		return "numbers"
	case SameInstant(text, id):
		return "dates"
	}
	return ""
}

// Digits returns an id that may be a number as ids are written that are: 07 and +7 are 7, and inf is Infinity.
func Digits(id string) string {
	digits, sign := id, ""
	if digits != "" && (digits[0] == '-' || digits[0] == '+') {
		sign, digits = strings.Trim(digits[:1], "+"), digits[1:]
	}
	if strings.EqualFold(digits, "inf") || strings.EqualFold(digits, "infinity") {
		return sign + "Infinity"
	}
	for len(digits) > 1 && digits[0] == '0' && '0' <= digits[1] && digits[1] <= '9' {
		digits = digits[1:]
	}
	if !IsNumber(digits) {
		return id
	}
	return sign + digits
}

// instants returns how an id that is a date or a timestamp is spelled where there are ids: with its time, and as a date
// where it is one.
func instants(id string) (all []string) {
	ms, ok := Instant(id)
	if !ok {
		return nil
	}
	text := string(column.AppendJSONTime(nil, ms))
	all = []string{text}
	if date, midnight := strings.CutSuffix(text, "T00:00:00Z"); midnight {
		all = append(all, date)
	}
	return others(id, all...)
}
