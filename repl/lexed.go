package repl

import (
	"slices"
	"strings"
	"unicode"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/parse"
)

// lexed is what one has to know of the text before a line to read it. The zero value is before a statement.
type lexed struct {
	comment bool   // the line is in a comment
	last    string // the token before it, or one that does the same
	operand bool   // which ends an operand, so that another statement can follow
	depth   int    // open brackets
	within  bool   // a statement has begun
}

// tokens returns the tokens of a line, and whether it ends in a comment. A comment that is never closed is
// no error while one types.
func (s lexed) tokens(line string) (found []parse.Token, comment bool) {
	before := ""
	if first := strings.TrimLeft(line, " \t"); s.comment || s.last == "." || strings.HasPrefix(first, ".") {
		before = s.last + "\n" // of which it depends whether .5 is a number and whether a word is a keyword
	}
	if s.comment {
		before += "/*\n"
	}
	text := before + line
	all := lang.Tokens(text)
	for _, t := range all {
		if t.Kind == parse.Bad && strings.HasPrefix(text[t.At.Start:], "/*") {
			t.Kind, comment = parse.Comment, true
		}
		if t.At.End <= len(before) {
			continue
		}
		t.At.Start, t.At.End = max(t.At.Start-len(before), 0), t.At.End-len(before)
		found = append(found, t)
	}
	return found, comment || s.comment && line == ""
}

// through returns what there is to know after a line.
func (s lexed) through(line string, tokens []parse.Token, comment bool) lexed {
	s.comment = comment
	for _, t := range tokens {
		if t.Kind == parse.Comment {
			continue
		}
		s.within = true
		word := line[t.At.Start:t.At.End]
		switch t.Kind {
		case parse.Keyword:
			s.last, s.operand = word, !goesOn[strings.ToLower(word)]
		case parse.Punct:
			s.last, s.operand = word, strings.Contains(")]}", word)
			if strings.Contains("([{", word) {
				s.depth++
			} else if s.operand && s.depth > 0 {
				s.depth--
			}
		case parse.Operator, parse.Function:
			s.last, s.operand = "=", false
		default:
			s.last, s.operand = "0", true
		}
	}
	return s
}

// goesOn are the keywords after which an operand has to follow.
var goesOn = map[string]bool{
	"and": true, "or": true, "not": true, "in": true, "notin": true, "like": true, "matches": true, "occurs": true,
	"between": true, "on": true, "before": true, "after": true, "select": true, "exists": true, "forall": true,
	"from": true, "where": true, "over": true, "let": true, "chain": true, "this": true, "last": true, "next": true,
	"what": true, "when": true, "count": true,
}

// beginning are the keywords that an operand can begin with.
var beginning = map[string]bool{
	"not": true, "select": true, "exists": true, "forall": true, "sum": true, "average": true, "min": true, "max": true,
	"chain": true, "true": true, "false": true, "null": true, "now": true, "today": true, "yesterday": true,
	"tomorrow": true, "this": true, "let": true,
}

// over says whether a line begins another statement.
func (s lexed) over(line string, tokens []parse.Token) bool {
	switch {
	case s.comment || s.depth > 0:
		return false
	case !s.within:
		return isCommand(line)
	case s.last == ";", s.operand && commandLine(line):
		return true
	}
	for _, t := range tokens {
		word := line[t.At.Start:t.At.End]
		switch t.Kind {
		case parse.Comment:
			continue
		case parse.Operator:
			return false
		case parse.Punct:
			return s.operand && strings.Contains("({@$^", word)
		case parse.Keyword:
			return s.operand && beginning[strings.ToLower(word)]
		}
		return s.operand
	}
	return false
}

// commandLine says whether a line behind a query is a command: it starts with the name of one, or with what is meant for
// one, and does not go on as a field of that name would.
func commandLine(line string) bool {
	name, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimLeft(rest, " ")
	if !isCommand(line) || rest != "" && strings.IndexByte("=!<>+-*/%.,:;()[]{}&|", rest[0]) >= 0 {
		return false
	}
	return namesCommand(name) || misspells(name) && !joins(rest)
}

// misspells says whether a word that is no name of a command is near to one, and can be nothing else, such as a function. A
// short one may be a field, unless it has the letters of a command in another order.
func misspells(name string) bool {
	near, ok := nearest(strings.ToLower(name), commandTable())
	return ok && (len(name) > 5 || letters(near) == letters(strings.ToLower(name))) &&
		strings.IndexFunc(name[1:], func(r rune) bool { return r != '_' && !unicode.IsLetter(r) }) < 0
}

// letters returns the letters of a word in order.
func letters(word string) string {
	all := []rune(word)
	slices.Sort(all)
	return string(all)
}

// joins says whether a text begins with a keyword that goes on with a query.
func joins(text string) bool {
	word, _, _ := strings.Cut(text, " ")
	return goesOn[strings.ToLower(word)] || strings.EqualFold(word, "is")
}
