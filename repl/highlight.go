package repl

import (
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/parse"
)

// tokenStyles are the colours of the kinds of tokens. Names of fields and
// punctuation keep the terminal's own colour.
var tokenStyles = map[parse.Kind]style{
	parse.Bad:      boldRed,
	parse.Keyword:  bold,
	parse.Function: blue,
	parse.Quoted:   cyan,
	parse.Context:  cyan,
	parse.Int:      magenta,
	parse.Float:    magenta,
	parse.String:   green,
	parse.Operator: yellow,
	parse.Comment:  faint,
}

// highlight returns a style for each byte of a query. Commands have none.
func highlight(text string) []style {
	styles := make([]style, len(text))
	if isCommand(text) {
		return styles
	}
	for _, t := range lang.Tokens(text) {
		st := tokenStyles[t.Kind]
		for i := t.At.Start; i < t.At.End; i++ {
			styles[i] = st
		}
	}
	return styles
}
