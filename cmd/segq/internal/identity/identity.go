// Package identity says when the ids of one data are those of another.
//
// The tour: [IDs] are those of one side of a comparison, and [Apart] tells of two that cannot be compared (this file). A number
// is the same id however it is spelled (number.go), as a date is (instant.go), also where it was kept ([Respell]).
package identity

import (
	"fmt"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// IDs are the ids of what is called Of: those of a Field, whose values are of a kind; "" where that is not known. Kept is the
// segment whose members they are, "" for those of data.
type IDs struct{ Of, Field, Kind, Kept string }

// Of returns the ids of data that is called so, without a kind where no profile has one.
func Of(s *column.Snapshot, called string) IDs {
	if s.ID == nil {
		return IDs{Of: called}
	}
	return IDs{Of: called, Field: s.ID.Name, Kind: KindOf(s)}
}

// KindOf is the kind of the ids of data, "" where no profile has one.
func KindOf(s *column.Snapshot) string {
	if s.ID == nil || s.ID.Type.Kind == check.Any {
		return ""
	}
	return s.ID.Type.Kind.String()
}

// Numbers says whether they are numbers, of which whole ones may be floats: a column is one for some programs as soon as a
// value is missing.
func (i IDs) Numbers() bool { return i.Kind == check.Int.String() || i.Kind == check.Float.String() }

// Comparable says whether an id of one may be one of the other.
func Comparable(a, b IDs) bool {
	return !otherField(a, b) && sameKind(a, b)
}

// otherField says whether ids that were kept are those of another field: an e-mail is no customer number. Of data, its files say
// which field has the ids.
func otherField(a, b IDs) bool {
	return (a.Kept != "" || b.Kept != "") && a.Field != "" && b.Field != "" && a.Field != b.Field
}

func sameKind(a, b IDs) bool {
	return a.Kind == b.Kind || a.Numbers() && b.Numbers() || a.Kind == "" || b.Kind == ""
}

// Apart is the error of ids that cannot be compared, with a name for both; nil where they can be.
func Apart(before, now IDs) error {
	if Comparable(before, now) {
		return nil
	}
	return &ApartError{before, now}
}

// ApartError says that ids cannot be compared.
type ApartError struct{ Before, Now IDs }

// Error names both, and what they are.
func (e *ApartError) Error() string {
	if otherField(e.Before, e.Now) {
		return fmt.Sprintf("the ids cannot be compared: %s in %s, and %s in %s", e.Before.Field, e.Before.Of, e.Now.Field, e.Now.Of)
	}
	now := e.Now.Kind
	if e.Now.Field != e.Before.Field && e.Before.Field != "" {
		now = e.Now.Field + " is " + now
	}
	field := e.Before.Field
	if field == "" {
		field = e.Now.Field
	}
	return fmt.Sprintf("the ids cannot be compared: %s is %s in %s, and %s in %s", field, e.Before.Kind, e.Before.Of, now, e.Now.Of)
}

// Mend is what to do where they cannot be compared.
func (e *ApartError) Mend() string {
	if otherField(e.Before, e.Now) {
		return e.oneField()
	}
	field := e.Now.Field
	if field == "" {
		field = e.Before.Field
	}
	return "take " + field + " as a text in both, with --type " + field + "=text"
}

// oneField is what to do where the ids are of two fields.
func (e *ApartError) oneField() string {
	kept, data := e.Before, e.Now
	if kept.Kept == "" {
		kept, data = data, kept
	}
	if data.Kept != "" {
		return "save one of them again, with its members, where the data has the ids of the other"
	}
	return "open the data with --id " + kept.Field + ", or save " + kept.Kept + " again with --members, which keeps " + data.Field
}

// Respell returns how ids that somebody has kept are spelled where they are compared with others; nil for as they are. It is
// needed where nobody knows of which kind they are, as older versions have kept them, and the others are numbers. Its
// error is that of [Apart].
func Respell(kept, others IDs) func(id string) (string, error) {
	if kept.Kind != "" || !others.Numbers() {
		return nil
	}
	return func(id string) (string, error) {
		spelled, ok := Spelled(id)
		if !ok {
			kept.Field, kept.Kind = others.Field, check.String.String()
			return "", Apart(kept, others)
		}
		return spelled, nil
	}
}
