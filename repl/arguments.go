package repl

import (
	"slices"
	"strings"
	"unicode"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/parse"
)

// arguments are what stands behind the name of a command, which is taken from its beginning.
type arguments struct {
	text string
	at   int
}

// blank passes blanks.
func (a *arguments) blank() {
	for a.at < len(a.text) && (a.text[a.at] == ' ' || a.text[a.at] == '\t') {
		a.at++
	}
}

// peek is the next word, with all that quotes of any kind hold together, and where it ends.
func (a *arguments) peek() (word string, end int) {
	a.blank()
	quote := byte(0)
	for end = a.at; end < len(a.text); end++ {
		switch c := a.text[end]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case strings.IndexByte("`'\"", c) >= 0:
			quote = c
		case c == ' ' || c == '\t':
			return a.text[a.at:end], end
		}
	}
	return a.text[a.at:], end
}

// take takes the next word if it is wanted.
func (a *arguments) take(wanted func(word string) bool) (word string) {
	word, end := a.peek()
	if word == "" || !wanted(word) {
		return ""
	}
	a.at = end
	return word
}

// first is the first word.
func (a arguments) first() string { return a.word() }

// word takes the next word.
func (a *arguments) word() string { return a.take(func(string) bool { return true }) }

// count takes a number that says how many are wanted, or all; 0 for none.
func (a *arguments) count() (n int, all bool) {
	a.take(func(word string) bool {
		if all = word == "all"; all {
			return true
		}
		if strings.HasPrefix(word, "#") {
			return false
		}
		var ok bool
		n, ok = number(word)
		return ok
	})
	return n, all
}

// list takes words with commas between them, and gives the place of each too.
func (a *arguments) list() (list string, each []ast.Span) {
	a.blank()
	start := a.at
	for a.word() != "" {
		taken := a.text[:a.at]
		if next, _ := a.peek(); !strings.HasSuffix(taken, ",") && !strings.HasPrefix(next, ",") {
			break
		}
	}
	list = strings.TrimSpace(a.text[start:a.at])
	for _, at := range splitAt(list, ",") {
		each = append(each, ast.Span{Start: start + at.Start, End: start + at.End})
	}
	return list, each
}

// rest is where all that is left stands.
func (a *arguments) rest() ast.Span {
	a.blank()
	return ast.Span{Start: a.at, End: len(a.text)}
}

// isExpression says whether a text is the whole of a query that is more than the path of a field.
func isExpression(text string) bool {
	x, found := lang.Query(text)
	if found.Failed() {
		return false
	}
	for {
		switch of := x.(type) {
		case *ast.Name:
			return false
		case *ast.Member:
			x = of.X
		default:
			return true
		}
	}
}

// beforeWord returns where a word stands in a text that is no part of a string, nor in brackets, and where what is behind
// it begins; the end of the text for both where it does not.
func beforeWord(text, word string) (start, behind int) {
	depth := 0
	for _, t := range lang.Tokens(text) {
		switch is := text[t.At.Start:t.At.End]; {
		case t.Kind == parse.Punct && strings.Contains("([{", is):
			depth++
		case t.Kind == parse.Punct && strings.Contains(")]}", is):
			depth--
		case is == word && depth <= 0 && t.Kind != parse.String && apart(text, t.At):
			return t.At.Start, t.At.End
		}
	}
	return len(text), len(text)
}

// apart says whether a word has a blank, or nothing, on both sides.
func apart(text string, at ast.Span) bool {
	before, after := strings.TrimRight(text[:at.Start], " \t"), strings.TrimLeft(text[at.End:], " \t")
	return (len(before) < at.Start || before == "") && (len(after) < len(text)-at.End || after == "")
}

// splitAt returns the parts of a text between those of its tokens that are mark.
func splitAt(text, mark string) []ast.Span {
	var parts []ast.Span
	start := 0
	for _, t := range lang.Tokens(text) {
		if text[t.At.Start:t.At.End] == mark {
			parts, start = append(parts, ast.Span{Start: start, End: t.At.Start}), t.At.End
		}
	}
	parts = append(parts, ast.Span{Start: start, End: len(text)})
	return slices.DeleteFunc(parts, func(s ast.Span) bool { return strings.TrimSpace(text[s.Start:s.End]) == "" })
}

// areNames returns the words of a text each of which names an audience: #3, _, gold; nil where one does not.
func areNames(text string) []string {
	a := arguments{text: text}
	var names []string
	for word := a.word(); word != ""; word = a.word() {
		plain := strings.Trim(strings.TrimPrefix(word, "#"), "`")
		if word[0] != '`' && strings.ContainsFunc(plain, func(r rune) bool { return !wordRune(r) && r != '-' && !unicode.IsLetter(r) }) || plain == "" {
			return nil
		}
		names = append(names, word)
	}
	return names
}
