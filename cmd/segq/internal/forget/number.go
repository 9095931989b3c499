package forget

import "github.com/segq/segq/cmd/segq/internal/identity"

// sameNumber says whether a text and an id are both numbers, and the same.
func sameNumber(text, id string) bool { return identity.SameNumber(text, id) }

// isNumber says whether a text is a number as JSON has them.
func isNumber(text string) bool { return identity.IsNumber(text) }

// written is a number as it is written where there are ids.
func written(x float64) string { return identity.Written(x) }

// Spellings returns the texts that may stand for the id where ids are texts.
func (s Search) Spellings() []string { return identity.Spellings(s.ID) }
