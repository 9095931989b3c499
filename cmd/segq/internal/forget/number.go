package forget

import (
	"math"
	"slices"
	"strconv"

	"github.com/segq/segq/exec/column"
)

// sameNumber says whether a text and an id are both numbers, and the same: 7.0 is 7, and 1e3 is 1000.
func sameNumber(text, id string) bool {
	if text == id {
		return isNumber(id)
	}
	if !isNumber(text) || !isNumber(id) {
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

// isNumber says whether a text is a number as JSON has them: 007 and +7 are none.
func isNumber(text string) bool {
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

// written is a number as it is written where there are ids.
func written(x float64) string { return string(column.AppendFloat(nil, x)) }

// Spellings returns the texts that may stand for an id where ids are texts: itself, and of a number how one of the same
// value is written, also by older versions (1.234567e+06, -0).
func (s Search) Spellings() []string {
	all := []string{s.ID}
	x, err := strconv.ParseFloat(s.ID, 64)
	if err != nil || !isNumber(s.ID) {
		return all
	}
	texts := []string{written(x), strconv.FormatFloat(x, 'g', -1, 64)}
	if x == 0 {
		texts = append(texts, "-0")
	}
	for _, text := range texts {
		if !slices.Contains(all, text) && (slices.Contains(texts, s.ID) || sameNumber(text, s.ID)) {
			all = append(all, text)
		}
	}
	return all
}
