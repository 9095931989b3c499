package parse

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"github.com/segq/segq/lang/ast"
)

// unexpected reports the next token: by the mistake that it is known for, else
// by what was expected in its place.
func (p *parser) unexpected(want string) ast.Expr {
	t := p.peek()
	at := spanOf(t)
	switch {
	case p.failed:
		return &ast.This{}
	case t.EOF():
		return p.tooEarly(want)
	}
	if p.stuckToString(t) {
		return p.fail(brokenString(at))
	}
	p.unfinished = strings.HasPrefix(t.Value, "/*") // a comment that may yet close
	if t.Value == "," && t.Pos.Offset == p.end && p.separated() {
		return &ast.This{}
	}
	if d, known := p.mistake(t); known {
		return p.fail(d)
	}
	switch t.Value {
	case ")", "]", "}":
		if len(p.open) == 0 {
			return p.fail(strayBracket(at, t.Value))
		}
	case ";":
		if n := len(p.open); n > 0 {
			return p.fail(unclosedBracket(spanOf(p.open[n-1]), p.open[n-1].Value))
		}
	}
	if n := len(p.open); n > 0 && p.open[n-1].Pos.Line < t.Pos.Line {
		return p.fail(unexpectedInside(at, t.Value, want, p.open[n-1].Value, p.open[n-1].Pos.Line))
	}
	return p.fail(unexpectedToken(at, t.Value, want))
}

// tooEarly reports the end of the text. An open bracket is the likelier place.
func (p *parser) tooEarly(want string) ast.Expr {
	p.unfinished = true
	if n := len(p.open); n > 0 {
		return p.fail(unclosedBracket(spanOf(p.open[n-1]), p.open[n-1].Value))
	}
	return p.fail(unexpectedEnd(ast.Span{Start: p.end, End: p.end}, want))
}

// mistake knows the forms of other languages, and what is no token at all.
func (p *parser) mistake(t *lexer.Token) (ast.Diagnostic, bool) {
	at := spanOf(t)
	switch t.Value {
	case "==":
		return doubleEquals(at), true
	case "&&", "&":
		return symbolAnd(at, t.Value), true
	case "||", "|":
		return symbolOr(at, t.Value), true
	case "<>":
		return angleBrackets(at), true
	case "=>":
		return arrow(at), true
	case "(":
		if strings.EqualFold(p.lastWord, "count") { // elsewhere it would be a call
			return sqlSelect(at), true
		}
	case "FROM", "from":
		if p.lastWord == "*" {
			return sqlSelect(at), true
		}
	case "WHERE", "where":
		if p.lastWord == "" {
			return sqlWhere(at), true
		}
	case ":":
		return p.colon(at)
	case "<":
		return p.placeholder(at)
	case "not", "NOT":
		if v := strings.ToLower(p.second().Value); v == "in" {
			return notInWords(at.Join(spanOf(p.second()))), true
		}
	}
	switch kindOf(t) {
	case Bad:
		return badToken(at, t.Value), true
	case Ident:
		if isUnit(t.Value) && p.lastWord != "" && isDigit(p.lastWord[0]) {
			return distanceOutside(at, t.Value), true
		}
		return foreignWord(at, t.Value)
	}
	return ast.Diagnostic{}, false
}

// stuckToString says whether t follows a string without a space, which tells of
// a quote too many or too few before it.
func (p *parser) stuckToString(t *lexer.Token) bool {
	if p.lastWord == "" || p.lastWord[0] != '"' && p.lastWord[0] != '\'' || t.Pos.Offset != p.end {
		return false
	}
	switch kindOf(t) {
	case Ident, Int, Float, String, Bad:
		return true
	}
	return false
}

// badToken says what is wrong with a token that is none.
func badToken(at ast.Span, text string) ast.Diagnostic {
	switch c := text[0]; {
	case strings.HasPrefix(text, "@{"):
		return contextObject(at)
	case strings.HasPrefix(text, "/*"):
		return unclosedComment(at)
	case c == '"', c == '\'':
		return unclosedString(at, text[:1])
	case c == '`':
		return unclosedName(at)
	case isDigit(c), c == '.':
		return badNumber(at, text)
	}
	return badCharacter(at, text)
}

// colon explains a colon: an XDM prefix, or a name of a query that is none.
func (p *parser) colon(at ast.Span) (ast.Diagnostic, bool) {
	if p.lastWord == "xdm" {
		return xdmPrefix(at), true
	}
	if p.lines && len(p.open) == 0 {
		return badLabel(at), true
	}
	return ast.Diagnostic{}, false
}

// placeholder explains <OrgID>, which documentation puts for a name.
func (p *parser) placeholder(at ast.Span) (ast.Diagnostic, bool) {
	mark := p.lex.MakeCheckpoint()
	defer p.lex.LoadCheckpoint(mark)
	p.lex.Next()
	word := p.lex.Next()
	closing := p.lex.Next()
	if kindOf(word) != Ident || closing.Value != ">" {
		return ast.Diagnostic{}, false
	}
	return placeholder(at.Join(spanOf(closing)), "<"+word.Value+">"), true
}

// foreignWord explains words of SQL, keywords in the wrong case, and functions
// between their operands.
func foreignWord(at ast.Span, text string) (ast.Diagnostic, bool) {
	lower := strings.ToLower(text)
	switch lower {
	case "is":
		return sqlIs(at), true
	case "between":
		return sqlBetween(at), true
	case "within":
		return within(at), true
	case "null":
		return nullLiteral(at), true
	case "contains", "startswith", "endswith", "equals", "includes", "intersects", "insegment":
		right := map[string]string{"startswith": "startsWith", "endswith": "endsWith", "insegment": "inSegment"}[lower]
		if right == "" {
			right = lower
		}
		return infixFunction(at, right), true
	case "notin":
		if text != "notIn" {
			return wordCase(at, text, "notIn"), true
		}
	case "and", "or", "not", "in", "like", "matches", "occurs", "where", "from", "over":
		upper := strings.ToUpper(text) == text && ast.Reserved(text)
		if text != lower && !upper {
			return wordCase(at, text, lower), true
		}
	}
	return ast.Diagnostic{}, false
}

// badField reports what follows a dot and is no name.
func (p *parser) badField() {
	if t := p.peek(); kindOf(t) == Int || kindOf(t) == Bad && t.Value[0] <= '9' && isDigit(t.Value[0]) {
		p.fail(digitField(spanOf(t), t.Value))
		return
	}
	p.unexpected("the name of a field or a function")
}

// badWindow reports windows that PQL never had or has no longer.
func (p *parser) badWindow() bool {
	t, second := p.peek(), kindOf(p.second())
	switch {
	case (t.Value == "within" || t.Value == "WITHIN") && second == Int:
		p.fail(within(spanOf(t)))
	case t.Value == "of" && second == Ident:
		p.fail(windowOf(spanOf(t)))
	}
	return p.failed
}
