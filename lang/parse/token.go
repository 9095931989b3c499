package parse

import "github.com/segq/segq/lang/ast"

// Kind is what a token is.
type Kind uint8

// The kinds of tokens.
const (
	Bad      Kind = iota + 1 // what no token begins with, or one that is cut short
	Ident                    // person
	Keyword                  // and, select, now …: only from [Tokens]
	Function                 // the name before "(": only from [Tokens]
	Quoted                   // `order-total`
	Int                      // 5, 56L
	Float                    // .45, 2.02E-12
	String                   // "US", 'US'
	Operator                 // = != < + …
	Punct                    // ( ) [ ] { } , : ; . ^ $ @
	Comment                  // // … and /* … */
	Context                  // @{_xdm.context;version=1}
)

// Token is a piece of a text, for highlighting and completion.
type Token struct {
	Kind Kind
	At   ast.Span
}

// bytesPerToken is how long tokens are, with the space between them, in most queries.
const bytesPerToken = 4

// Tokens cuts text into tokens, without the white space between them. It never
// fails: what cannot be read is a [Bad] token. Words that act as keywords or
// function names where they stand are marked as such.
func Tokens(text string) (out []Token) {
	defer ast.Guard(func(*ast.Fault) {}) // what was read so far has its colours
	s := scanner{text: text, line: 1}
	out = make([]Token, 0, len(text)/bytesPerToken+1)
	for {
		t, ok := s.next()
		if !ok {
			return out
		}
		tok := Token{Kind: t.kind, At: ast.Span{Start: t.start, End: t.end}}
		if n := len(out); t.kind == Ident {
			dotted := n > 0 && text[out[n-1].At.Start:out[n-1].At.End] == "."
			tok.Kind = wordKind(text[t.start:t.end], text[t.end:], dotted)
		}
		out = append(out, tok)
	}
}

// wordKind tells keywords and function names from other words by what stands
// before and after.
func wordKind(word, rest string, dotted bool) Kind {
	call := len(rest) > 0 && rest[0] == '('
	switch {
	case !dotted && keyword(word) && !(call && aggregates[word]):
		return Keyword
	case call:
		return Function
	}
	return Ident
}

// longestKeyword is "millenniums".
const longestKeyword = 11

// keyword says whether a word that is not after a dot is one of the language's.
func keyword(word string) bool {
	if len(word) > longestKeyword {
		return false
	}
	_, unit := ast.UnitNamed(word)
	return unit || ast.Reserved(word) || clauses[word]
}

// clauses are the words that begin a clause of a chain's step.
var clauses = map[string]bool{
	"WHAT": true, "WHEN": true, "COUNT": true, "WHERE": true,
	"what": true, "when": true, "count": true, "where": true,
}

// aggregates are the functions that have a prefix form.
var aggregates = map[string]bool{"sum": true, "average": true, "min": true, "max": true}
