package parse

import (
	"strings"

	"github.com/segq/segq/lang/ast"
)

// CanGoOn says whether a text is right, or may become so by going on at its end: by more of its last word, or by more
// words. What its names mean is not looked at.
func CanGoOn(text string) (can bool) {
	defer ast.Guard(func(*ast.Fault) { can = false })
	if goesOn(text) {
		return true
	}
	word, ended := lastWord(text)
	if word == "null" {
		return false // a field whose name begins so is rarer than who means SQL's
	}
	for _, more := range tails {
		if goesOn(text + more) {
			return true
		}
	}
	for _, kw := range grown {
		if len(kw) > len(word) && strings.HasPrefix(kw, word) && goesOn(text+kw[len(word):]) {
			return true
		}
	}
	for _, more := range ended {
		if goesOn(text + more) {
			return true
		}
	}
	return false
}

// tails are what tells that the end of a text is the beginning of a form that is known only by what follows: an
// operator of two characters, a comment, a number, a lambda, a declaration, the label of a step.
var tails = []string{"=", ">", "/", "1", " =>", " from", " V from", ":"}

// grown are the words that the last one of a text may become where a name is wrong.
var grown = grownWords()

func grownWords() []string {
	words := []string{
		"and", "or", "in", "notIn", "like", "matches", "occurs", "from", "where", "over", "before", "after", "on", "between",
		"AND", "OR", "IN", "FROM", "WHERE", "WHAT", "WHEN", "COUNT", "what", "when", "count",
	}
	for u := ast.Millisecond; u <= ast.Millennium; u++ {
		words = append(words, u.String(), u.String()+"s")
	}
	return append(words, "centuries", "millennia")
}

// lastWord returns the word that ends a text, with the ways to end a token that has begun there and has no end: a
// string, a name in backquotes, a context. A word that nothing can become is not empty.
func lastWord(text string) (word string, ended []string) {
	tokens := Tokens(text)
	if len(tokens) == 0 || tokens[len(tokens)-1].At.End < len(text) {
		return "\n", nil
	}
	last := tokens[len(tokens)-1]
	word = text[last.At.Start:last.At.End]
	if last.Kind != Bad {
		return word, nil
	}
	switch c := word[0]; {
	case c == '"' || c == '\'':
		ended = []string{string(c), "\\" + string(c)}
	case c == '`':
		ended = []string{"x`"}
	case strings.HasPrefix(word, "@{"):
		ended = []string{"}", "x}"}
	}
	return word, ended
}

// goesOn says whether all statements of a text are right, or the text ends before the last one does.
func goesOn(text string) bool {
	_, ds, unfinished := parseFile(text)
	return len(ds) == 0 || len(ds) == 1 && unfinished
}
