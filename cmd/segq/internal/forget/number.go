package forget

import "github.com/segq/segq/cmd/segq/internal/identity"

// isNumber says whether a text is a number as JSON has them.
func isNumber(text string) bool { return identity.IsNumber(text) }

// sameNumber says whether a text is the number that the id is.
func (s Search) sameNumber(text string) bool {
	return identity.SameNumber(text, identity.Digits(s.ID))
}

// sameInstant says whether a text is the date or timestamp that the id is.
func (s Search) sameInstant(text string) bool { return identity.SameInstant(text, s.ID) }

// isInstant says whether the id is a date or a timestamp.
func (s Search) isInstant() bool {
	_, ok := identity.Instant(s.ID)
	return ok
}

// Alike says of which kind ids are where a text is the same id, "numbers" or "dates"; "" where it is not, or is the id itself.
func (s Search) Alike(text string) string { return identity.Alike(text, s.ID) }

// Spellings returns the texts that may stand for the id where ids are texts.
func (s Search) Spellings() []string { return identity.Spellings(s.ID) }
