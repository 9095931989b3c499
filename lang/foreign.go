package lang

import (
	"slices"
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/parse"
)

// meant writes conditions out that are written as other languages have them, with what stands around the mistake:
// a contains "x" is a.contains("x").
func meant(found ast.Diagnostics, text string) ast.Diagnostics {
	for i, d := range found {
		if d.Instead != "" {
			continue
		}
		if at, whole := wholly(d, text); whole != "" {
			found[i].At, found[i].Instead, found[i].Hint = at, whole, "write "+whole
		}
	}
	return found
}

// wholly returns what is meant by a condition with a mistake in it, and where the condition is; "" where that is not known.
func wholly(d ast.Diagnostic, text string) (ast.Span, string) {
	if d.Code == "parenthesised-list" && d.At.End <= len(text) && d.At.End-d.At.Start > 2 && text[d.At.Start] == '(' && text[d.At.End-1] == ')' {
		return d.At, "[" + text[d.At.Start+1:d.At.End-1] + "]"
	}
	if d.Code == "sql-select" {
		return behindWhere(text)
	}
	if !slices.Contains([]string{"infix-function", "sql-is", "between"}, d.Code) {
		return ast.Span{}, ""
	}
	f := foreign{text: text, tokens: Tokens(text)}
	k := f.index(d.At.Start)
	if k < 1 || k+1 >= len(f.tokens) {
		return ast.Span{}, ""
	}
	left := f.before(k)
	of, ahead := text[left.Start:left.End], f.word(f.index(left.Start)-1)
	if of == "" || strings.IndexByte("\"'", of[0]) >= 0 || binds(of[:1]) || binds(ahead) {
		return ast.Span{}, "" // a + b: the operand is more than b
	}
	right, next := f.behind(k + 1)
	value := text[right.Start:right.End]
	at := ast.Span{Start: left.Start, End: right.End}
	switch {
	case value == "":
	case d.Code == "infix-function":
		name, _, _ := strings.Cut(d.Message, " ")
		if value[0] == '(' {
			return at, of + "." + name + value
		}
		return at, of + "." + name + "(" + value + ")"
	case d.Code == "between":
		if !strings.EqualFold(f.word(next), "and") {
			break
		}
		last, beyond := f.behind(next + 1)
		to := text[last.Start:last.End]
		at.End = last.End
		switch {
		case to == "" || binds(f.word(beyond)):
		case value[0] == '"' || value[0] == '\'':
			return at, of + " occurs between " + value + " and " + to
		case ahead == "!" || strings.EqualFold(ahead, "not"):
			return at, "(" + of + " >= " + value + " and " + of + " <= " + to + ")"
		default:
			return at, of + " >= " + value + " and " + of + " <= " + to
		}
	case strings.EqualFold(value, "null"):
		return at, of + ".isNull()"
	case strings.EqualFold(value, "not"):
		if none, _ := f.behind(next); strings.EqualFold(text[none.Start:none.End], "null") {
			return ast.Span{Start: left.Start, End: none.End}, of + ".isNotNull()"
		}
	default:
		return at, of + " = " + value
	}
	return ast.Span{}, ""
}

// behindWhere is what stands behind WHERE in a text, all of which it replaces.
func behindWhere(text string) (ast.Span, string) {
	tokens := Tokens(text)
	for _, t := range tokens {
		if strings.EqualFold(text[t.At.Start:t.At.End], "where") {
			return ast.Span{Start: tokens[0].At.Start, End: len(text)}, strings.TrimRight(strings.TrimSpace(text[t.At.End:]), "; ")
		}
	}
	return ast.Span{}, ""
}

// foreign is a text with its tokens.
type foreign struct {
	text   string
	tokens []parse.Token
}

// word is the text of a token, "" for none.
func (f *foreign) word(i int) string {
	if i < 0 || i >= len(f.tokens) {
		return ""
	}
	return f.text[f.tokens[i].At.Start:f.tokens[i].At.End]
}

// index is that of the token that begins at a place, -1 for none.
func (f *foreign) index(start int) int {
	return slices.IndexFunc(f.tokens, func(t parse.Token) bool { return t.At.Start == start })
}

// binds says whether a word is an operator that makes one operand of what stands at its sides, or compares them.
func binds(word string) bool {
	return slices.Contains([]string{"+", "-", "*", "/", "%", "=", "==", "!=", "<>", "<", "<=", ">", ">="}, word)
}

// before is the operand that ends before a token: tokens without blanks between them.
func (f *foreign) before(k int) ast.Span {
	at, depth := ast.Span{Start: f.tokens[k-1].At.End, End: f.tokens[k-1].At.End}, 0
	for i := k - 1; i >= 0; i-- {
		word := f.word(i)
		if depth == 0 && (f.tokens[i].At.End != at.Start || strings.Contains("([{,;:", word) || word == "!") {
			break
		}
		switch word {
		case ")", "]":
			depth++
		case "(", "[":
			depth--
		}
		at.Start = f.tokens[i].At.Start
	}
	return at
}

// behind is the operand that begins with a token, and the token behind it.
func (f *foreign) behind(k int) (at ast.Span, next int) {
	if k >= len(f.tokens) {
		return ast.Span{}, k
	}
	at, depth := ast.Span{Start: f.tokens[k].At.Start, End: f.tokens[k].At.Start}, 0
	for next = k; next < len(f.tokens); next++ {
		word := f.word(next)
		if depth == 0 && (f.tokens[next].At.Start != at.End || strings.Contains(")]},;", word)) {
			break
		}
		switch word {
		case "(", "[":
			depth++
		case ")", "]":
			depth--
		}
		at.End = f.tokens[next].At.End
	}
	return at, next
}
