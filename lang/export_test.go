package lang

import (
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/parse"
)

// Unguarded asks all that is asked while somebody types and lets every panic through.
func Unguarded(text string, cursor int, cat check.Catalog, values ValueSource, fields *Fields) {
	completions(text, cursor, cat, values)
	soFar(text, cursor, nil)
	tokens := parse.Tokens(text)
	r := roler{text: text, tokens: tokens, fields: fields, roles: make([]Role, len(tokens))}
	r.all()
	Bracket(text, cursor)
}
