package repl

import (
	"context"
	"slices"
	"strings"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/manual"
	"github.com/segq/segq/lang/parse"
)

// certain says whether an error stays one however somebody goes on at the cursor. In doubt it does not.
func certain(ctx context.Context, b Backend, d ast.Diagnostic, at input) bool {
	before := at.text[:at.cursor]
	tokens := lang.Tokens(before)
	switch n := len(tokens); {
	case missing(d) || begun(d, at.text):
		return false
	case n == 0 || tokens[n-1].At.End < at.cursor || d.At.End < at.cursor || d.At.Start >= at.cursor:
		return true // nothing is being written there
	case d.Severity == ast.Warning && d.Code != "unquoted-date":
		return false
	case d.Code == "null-literal" || d.Code == "double-equals" || d.Code == "symbol-and":
		return true
	default:
		return ends(ctx, b, d, at, tokens)
	}
}

// ends says whether an error that reaches to the cursor stays, by the last of the tokens before that: one
// that is whole is no beginning of something right.
func ends(ctx context.Context, b Backend, d ast.Diagnostic, at input, tokens []parse.Token) bool {
	last := tokens[len(tokens)-1]
	switch last.Kind {
	case parse.String, parse.Int, parse.Float:
		return true
	case parse.Punct:
		mate, ok := mateOf(at.text[:at.cursor])
		switch {
		case !strings.Contains(")]}", at.text[last.At.Start:last.At.End]):
			return false
		case d.At.Start >= last.At.Start || !ok: // the bracket itself
			return true
		case d.Code == "unexpected-token" || d.Code == "two-queries" || d.At.Start == mate:
			return true
		}
		// A call or a filter goes on with a function, a list does not.
		return at.text[last.At.Start] == ']' && mate > 0 && at.text[mate-1] == ' '
	case parse.Ident, parse.Keyword:
		return d.At == last.At && !introduced(tokens) && !knownWord(ctx, b, at, at.text[last.At.Start:last.At.End])
	}
	return false
}

// mateOf returns the place of the bracket that the last character of a text closes.
func mateOf(text string) (at int, ok bool) {
	_, mate := lang.Bracket(text, len(text))
	return mate, mate >= 0
}

// introduced says whether the last word may be a new name: of a query, or of what a function is given.
func introduced(tokens []parse.Token) bool { return len(tokens) == 1 }

// knownWord says whether a word begins something that can stand at the cursor, or anything of the language.
func knownWord(ctx context.Context, b Backend, at input, word string) bool {
	begins := func(name string) bool { return begins(strings.TrimLeft(name, "`"), word) }
	return slices.ContainsFunc(manual.Names(), begins) ||
		slices.ContainsFunc(b.Complete(ctx, at.text, at.cursor).Items, func(it lang.Item) bool { return begins(it.Text) })
}
