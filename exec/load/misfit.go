package load

import "fmt"

// Misfit says that values of one kind at one path did not fit the type of the
// field, and are null there.
type Misfit struct {
	// Field is the path of the field, as the language writes it.
	Field string
	// Type is what the field is, Found what the values were, with an article.
	Type, Found string
	// Count is the number of values.
	Count int
	// File, Line and Row are the place of the first. Line is 0 where a format has
	// no lines.
	File      string
	Line, Row int

	// Shared says that other rows are in the same line.
	Shared bool
}

// String returns the misfit as one line.
func (m Misfit) String() string {
	place := Reject{File: m.File, Line: m.Line, Row: m.Row, Shared: m.Shared}.Where()
	if m.Count == 1 {
		return fmt.Sprintf("%s is %s: null where it was %s (1 value, at %s)", m.Field, m.Type, m.Found, place)
	}
	return fmt.Sprintf("%s is %s: null where it was %s (%s values, the first at %s)", m.Field, m.Type, m.Found, thousands(m.Count), place)
}
