package lang

import _ "embed"

//go:embed README.md
var manual string

// Manual returns the manual of the language, in Markdown. Package lang/manual finds
// a function or a word in it.
func Manual() string { return manual }
