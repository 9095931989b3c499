package identity

import "github.com/segq/segq/lang/check"

// Instant returns the instant that a text is, in milliseconds since 1970: a date, or a date and a time, as ids of that kind are.
func Instant(text string) (ms int64, ok bool) { return check.ParseTimestamp(text) }

// SameInstant says whether a text and an id are both instants, and the same: 2020-01-01 is 2020-01-01T00:00:00Z.
func SameInstant(text, id string) bool {
	a, ok := Instant(id)
	if !ok {
		return false
	}
	b, ok := Instant(text)
	return ok && a == b
}
