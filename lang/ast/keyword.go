package ast

import "strings"

// reserved are the words that mean something other than a name where a name
// may stand. Behind a dot every word is a name.
var reserved = map[string]bool{
	"and": true, "AND": true, "or": true, "OR": true, "not": true, "NOT": true,
	"in": true, "IN": true, "notIn": true, "like": true, "matches": true,
	"occurs": true, "between": true, "on": true, "before": true, "after": true,
	"select": true, "SELECT": true, "exists": true, "EXISTS": true,
	"forall": true, "FORALL": true, "from": true, "FROM": true,
	"where": true, "WHERE": true, "over": true, "let": true, "LET": true,
	"sum": true, "average": true, "min": true, "max": true,
	"chain": true, "CHAIN": true,
	"true": true, "false": true, "null": true,
	"now": true, "today": true, "yesterday": true, "tomorrow": true,
	"this": true, "last": true, "next": true,
}

// callable are the reserved words that are plain function names before "(".
var callable = map[string]bool{
	"in": true, "notIn": true, "like": true, "matches": true,
	"select": true, "exists": true, "forall": true,
	"sum": true, "average": true, "min": true, "max": true,
	"last": true, "next": true,
}

// Reserved says whether word needs backquotes to be a field or a variable at
// the start of a path. Some words read as names in some places even so; the
// printer quotes them everywhere but after a dot.
func Reserved(word string) bool { return reserved[word] }

// ContextName says whether text may stand in the braces of a context, @{text}.
func ContextName(text string) bool {
	return text != "" && text == strings.TrimSpace(text) && !strings.ContainsAny(text, "{}\r\n")
}
