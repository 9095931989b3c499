// Package lang is the entry point to PQL: compile a text, format it, colour it,
// complete it, and show what is wrong with it.
//
// The tour: [Parse] makes a tree (package lang/parse makes it, lang/ast holds
// it), [Compile] checks it against a dataset's fields (package lang/check) and
// returns the typed query that an engine runs. [Format] prints a text in canonical
// form, [Tokens] splits it up for highlighting, [Complete] tells whether Enter should run it, and [Render] shows a
// diagnostic with its line and a caret. README.md is the manual of the language.
//
// While a text is typed: [Completions] lists what can stand at the cursor, ranked by [Fit] ([Best], [RankValues]), with the
// values of a [ValueSource]; [SoFar] says what of it is complete, [CanGoOn] whether its end is missing
// rather than wrong, [Roles] what its words are among [Fields],
// and [Bracket] where the mate of a bracket is.
package lang

import (
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/parse"
)

// Parse reads a text of statements, name: query, each ended by a semicolon or
// by a line end after a finished expression. Statements with an error are
// reported and left out. The file is never nil.
func Parse(text string) (*ast.File, ast.Diagnostics) {
	file, found := parse.File(text)
	return file, meant(found, text)
}

// Query reads a text that is one expression without a name. Line ends mean
// nothing. The expression is nil when it has an error.
func Query(text string) (ast.Expr, ast.Diagnostics) {
	x, found := parse.Query(text)
	return x, meant(found, text)
}

// Format prints a text of statements in canonical form. With an error the text
// comes back as it was.
func Format(text string) (out string, ds ast.Diagnostics) {
	defer ast.Guard(func(f *ast.Fault) { out, ds = text, ast.Diagnostics{f.Diagnostic(ast.Span{End: len(text)})} })
	f, ds := parse.File(text)
	if ds.Failed() {
		return text, ds
	}
	return ast.FormatFile(f), ds
}

// Tokens cuts a text into tokens for highlighting. It never fails: what cannot
// be read is a token of kind [parse.Bad].
func Tokens(text string) []parse.Token { return parse.Tokens(text) }

// Complete says whether a text is finished, so that Enter should run it. A text
// that ends inside brackets or after an operator goes on.
func Complete(text string) bool { return parse.Complete(text) }

// CanGoOn says whether a text is right, or may become so by going on at its end: by more of its last word, or by
// more words. It knows the forms of the language and no fields: a name may be any.
func CanGoOn(text string) bool { return parse.CanGoOn(text) }

// Line returns the line of text that holds the byte offset, without its line end.
func Line(text string, offset int) string {
	start, end := lineBounds(text, offset)
	return text[start:end]
}

// lineBounds returns the range of the line that holds offset, line end excluded.
func lineBounds(text string, offset int) (start, end int) {
	offset = max(0, min(offset, len(text)))
	start = strings.LastIndexByte(text[:offset], '\n') + 1
	end = len(text)
	if n := strings.IndexByte(text[start:], '\n'); n >= 0 {
		end = start + n
	}
	if end > start && text[end-1] == '\r' {
		end--
	}
	return start, end
}
