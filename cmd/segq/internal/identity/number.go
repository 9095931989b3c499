package identity

import (
	"math"
	"slices"
	"strconv"

	"github.com/segq/segq/exec/column"
)

// SameNumber says whether a text and an id are both numbers, and the same: 7.0 is 7, and 1e3 is 1000.
func SameNumber(text, id string) bool {
	if text == id {
		return IsNumber(id) || infinite(id)
	}
	if infinite(text) && infinite(id) {
		a, _ := Spelled(text)
		b, _ := Spelled(id)
		return a == b
	}
	if !IsNumber(text) || !IsNumber(id) {
		return false
	}
	a, errA := strconv.ParseInt(text, 10, 64)
	b, errB := strconv.ParseInt(id, 10, 64)
	if errA == nil && errB == nil {
		return a == b
	}
	x, errX := strconv.ParseFloat(text, 64)
	y, errY := strconv.ParseFloat(id, 64)
	if errX != nil || errY != nil || x != y {
		return false
	}
	// Beyond these, several whole numbers are the same float.
	return errA != nil && errB != nil || math.Abs(x) < 1<<53
}

// infinite says whether an id is written as an infinity.
func infinite(id string) bool {
	_, ok := Spelled(id)
	return ok && !IsNumber(id)
}

// IsNumber says whether a text is a number as JSON has them: 007 and +7 are none.
func IsNumber(text string) bool {
	digits := text
	if digits != "" && digits[0] == '-' {
		digits = digits[1:]
	}
	if digits == "" || digits[0] < '0' || digits[0] > '9' || len(digits) > 1 && digits[0] == '0' && '0' <= digits[1] && digits[1] <= '9' {
		return false
	}
	for i := range len(digits) {
		switch b := digits[i]; {
		case '0' <= b && b <= '9', b == '.', b == 'e', b == 'E', b == '+', b == '-':
		default:
			return false
		}
	}
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}

// Written is a number as it is written where there are ids.
func Written(x float64) string { return string(column.AppendFloat(nil, x)) }

// Spelled returns the one spelling of an id that is a number, whichever version has written it; false where it is none.
func Spelled(id string) (string, bool) {
	switch id {
	case "Infinity", "-Infinity":
		return id, true
	case "+Inf":
		return "Infinity", true
	case "-Inf":
		return "-Infinity", true
	}
	if !IsNumber(id) {
		return id, false
	}
	if n, err := strconv.ParseInt(id, 10, 64); err == nil {
		return strconv.FormatInt(n, 10), true
	}
	x, err := strconv.ParseFloat(id, 64)
	return Written(x), err == nil
}

// Spellings returns the texts that may stand for an id where ids are texts: itself, of a number how one of the same
// value is written, also by older versions (1.234567e+06, -0, +Inf), and of a date or timestamp how those are.
func Spellings(id string) []string {
	all := append([]string{id}, instants(id)...)
	digits := Digits(id)
	switch digits {
	case "Infinity":
		return append(all, others(id, "Infinity", "+Inf")...)
	case "-Infinity":
		return append(all, others(id, "-Infinity", "-Inf")...)
	}
	x, err := strconv.ParseFloat(digits, 64)
	if err != nil || !IsNumber(digits) {
		return all
	}
	texts := []string{digits, Written(x), strconv.FormatFloat(x, 'g', -1, 64)}
	if x == 0 {
		texts = append(texts, "-0")
	}
	for _, text := range texts {
		if !slices.Contains(all, text) && (slices.Contains(texts[1:], digits) || SameNumber(text, digits)) {
			all = append(all, text)
		}
	}
	return all
}

// others returns the texts that are not id.
func others(id string, texts ...string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return text == id })
}
