package parse

import (
	"github.com/alecthomas/participle/v2/lexer"
)

// resume moves lex from the start of a statement that failed to the start of
// the next one: the first line outside brackets, after the error, that no
// operator joins to the line before. Where a bracket is never closed that would
// be the end of the text, so a line that begins with a name and a colon will do:
// the first, when brackets are open at the end of the text or at the eighth such
// line. The bound keeps the work in line with the text's length.
func resume(lex *lexer.PeekingLexer, failed int) {
	depth, line := 0, lex.Peek().Pos.Line
	var labelled *lexer.Checkpoint
	seen := 0 // lines in brackets that begin with a label
	for prev := (*lexer.Token)(nil); !lex.Peek().EOF(); {
		t := lex.Peek()
		if prev != nil && t.Pos.Line > line && reaches(lex, failed) {
			if depth == 0 && !joined(prev, t) {
				return
			}
			if depth > 0 && labels(lex) {
				if seen++; labelled == nil {
					at := lex.MakeCheckpoint()
					labelled = &at
				}
			}
			if seen == 8 {
				break
			}
		}
		switch t.Value {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth = max(0, depth-1)
		case ";":
			if depth == 0 && t.Pos.Offset >= failed {
				return
			}
		}
		prev, line = t, t.Pos.Line
		lex.Next()
	}
	if depth > 0 && labelled != nil {
		lex.LoadCheckpoint(*labelled)
	}
}

// reaches says whether the next token is at the error or after it; the name
// before a colon that is the error is.
func reaches(lex *lexer.PeekingLexer, failed int) bool {
	if lex.Peek().Pos.Offset >= failed {
		return true
	}
	at := lex.MakeCheckpoint()
	defer lex.LoadCheckpoint(at)
	lex.Next()
	return lex.Peek().Pos.Offset == failed && lex.Peek().Value == ":"
}

// joined says whether next goes on with the expression that prev ends.
func joined(prev, next *lexer.Token) bool {
	p := parser{}
	switch prev.Value {
	case ",", ":", ".", "not", "NOT", "where", "WHERE", "from", "FROM":
		return true
	}
	switch next.Value {
	case ",", ":", ".", "[", ")", "]", "}", "where", "WHERE", "from", "FROM", "over":
		return true
	}
	return p.level(prev) > 0 || p.level(next) > 0 || kindOf(prev) == Operator
}

// labels says whether the next tokens begin a named statement, and no step of
// a chain.
func labels(lex *lexer.PeekingLexer) bool {
	at := lex.MakeCheckpoint()
	defer lex.LoadCheckpoint(at)
	if k := kindOf(lex.Next()); k != Ident && k != Quoted {
		return false
	}
	return lex.Next().Value == ":" && !clauses[lex.Peek().Value]
}
