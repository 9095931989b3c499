package parse

import (
	"github.com/alecthomas/participle/v2/lexer"

	"github.com/segq/segq/lang/ast"
)

// parser reads one expression by precedence climbing. The first error is kept
// in diag; from then on peek gives the end of the text, so that every loop ends
// and nothing that is built is used.
type parser struct {
	lex *lexer.PeekingLexer
	// lines says that a line end after a finished expression ends it.
	lines bool
	// noIn switches the operator "in" off: it ends the value of a let.
	noIn bool
	// end and line are those of the last token taken.
	end, line int
	// open are the brackets not yet closed.
	open []*lexer.Token
	// nesting counts brackets, prefix operators and bodies around this place.
	nesting int
	// exempt counts the bytes of list literals, which do not count as text.
	exempt int

	lastWord   string // the last token taken
	failed     bool
	unfinished bool // it failed because the text ends
	diag       ast.Diagnostic
	eof        lexer.Token
}

// peek returns the next token without taking it. At the end, and once the parser
// has failed, it is the EOF token, whose Value is "".
func (p *parser) peek() *lexer.Token {
	if p.failed {
		return &p.eof
	}
	return p.lex.Peek()
}

// next takes the next token.
func (p *parser) next() *lexer.Token {
	if p.failed {
		return &p.eof
	}
	t := p.lex.Next()
	p.end, p.line, p.lastWord = t.Pos.Offset+len(t.Value), t.Pos.Line, t.Value
	return t
}

// second returns the token after the next one.
func (p *parser) second() *lexer.Token {
	if p.failed {
		return &p.eof
	}
	at := p.lex.MakeCheckpoint()
	p.lex.Next()
	t := p.lex.Peek()
	p.lex.LoadCheckpoint(at)
	return t
}

// is says whether the next token is written so.
func (p *parser) is(text string) bool { return p.peek().Value == text }

// isWord says whether the next token is the keyword, in either case.
func (p *parser) isWord(lower, upper string) bool {
	v := p.peek().Value
	return v == lower || v == upper
}

// expect takes the token written so; anything else fails as unexpected.
func (p *parser) expect(text, want string) bool {
	if !p.is(text) {
		p.unexpected(want)
		return false
	}
	p.next()
	return true
}

// fail keeps the first error. It gives an expression, so that a caller can
// return it.
func (p *parser) fail(d ast.Diagnostic) ast.Expr {
	if !p.failed {
		p.failed, p.diag = true, d
		p.eof = lexer.EOFToken(lexer.Position{Offset: d.At.End, Line: p.line})
	}
	return &ast.This{At: d.At}
}

// enter counts one level of nesting; what it counts, leave takes back.
func (p *parser) enter(at ast.Span) {
	if p.nesting++; p.nesting > maxNesting {
		p.fail(tooDeep(at))
	}
}

func (p *parser) leave() { p.nesting-- }

// push takes an opening bracket. Inside brackets "in" is an operator again;
// pop restores what push gives.
func (p *parser) push() (noIn bool) {
	t := p.next()
	p.open = append(p.open, t)
	p.enter(spanOf(t))
	noIn, p.noIn = p.noIn, false
	return noIn
}

// pop takes the closing bracket.
func (p *parser) pop(closing, want string, noIn bool) {
	if p.expect(closing, want) {
		p.open = p.open[:len(p.open)-1]
	}
	p.leave()
	p.noIn = noIn
}

// breaks says whether a line end that may end a statement stands before the
// next token.
func (p *parser) breaks() bool {
	return p.lines && len(p.open) == 0 && p.peek().Pos.Line > p.line
}

// from returns the span from start to the last token taken.
func (p *parser) from(start int) ast.Span { return ast.Span{Start: start, End: p.end} }

// start returns the offset of the next token.
func (p *parser) start() int { return p.peek().Pos.Offset }

// spanOf returns the place of t.
func spanOf(t *lexer.Token) ast.Span {
	return ast.Span{Start: t.Pos.Offset, End: t.Pos.Offset + len(t.Value)}
}

// kindOf returns the kind of t; 0 is the end of the text.
func kindOf(t *lexer.Token) Kind {
	if t.EOF() {
		return 0
	}
	return Kind(t.Type)
}

// binds says whether t can be the name of a variable.
func binds(t *lexer.Token) bool {
	k := kindOf(t)
	return k == Quoted || k == Ident && !ast.Reserved(t.Value)
}

// variable takes the name of a variable.
func (p *parser) variable(want string) ast.Ident {
	if !binds(p.peek()) {
		p.unexpected(want)
		return ast.Ident{}
	}
	return p.ident()
}

// ident takes a name of any kind, keywords included.
func (p *parser) ident() ast.Ident {
	t := p.next()
	id := ast.Ident{Text: t.Value, At: spanOf(t)}
	if kindOf(t) == Quoted {
		id.Text, id.Quoted = t.Value[1:len(t.Value)-1], true
		if id.Text == "" {
			p.fail(emptyName(id.At))
		}
	}
	return id
}

// field takes the name after a dot.
func (p *parser) field() ast.Ident {
	if k := kindOf(p.peek()); k == Ident || k == Quoted {
		return p.ident()
	}
	p.badField()
	return ast.Ident{}
}
