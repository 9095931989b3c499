package parse

import (
	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"github.com/segq/segq/lang/ast"
)

// The grammar that participle reads. What a struct tag captures is raw tokens;
// expression and bareExpression parse themselves.
type (
	statement struct {
		Label lexer.Token `parser:"( @(Ident | Quoted) ':' )?"`
		Body  expression  `parser:"@@"`
		End   bool        `parser:"@';'?"`
	}

	query struct {
		Body bareExpression `parser:"@@"`
	}
)

var (
	statementParser = participle.MustBuild[statement](participle.Lexer(definition{}), participle.UseLookahead(2))
	queryParser     = participle.MustBuild[query](participle.Lexer(definition{}))
)

// outcome is a parsed expression, or the first error in it.
type outcome struct {
	x          ast.Expr
	start, end int // of the first and the last token
	failed     bool
	unfinished bool // the error is that the text ends
	diag       ast.Diagnostic
}

// expression is the body of a statement: it ends at a semicolon, or at a line
// end outside brackets that no operator follows.
type expression struct{ outcome }

// Parse reads the expression. Errors are kept in the outcome, so that all
// wording stays ours.
func (e *expression) Parse(lex *lexer.PeekingLexer) error {
	p := parser{lex: lex, lines: true}
	if t := p.peek(); kindOf(t) == Ident && p.second().Value == ":" {
		p.fail(emptyStatement(spanOf(t), t.Value)) // one label after another
	}
	e.outcome = p.run(func() bool {
		return p.peek().EOF() || p.is(";") || p.breaks()
	})
	return nil
}

// bareExpression is a text that is one expression.
type bareExpression struct{ outcome }

// Parse reads the expression and the end of the text.
func (e *bareExpression) Parse(lex *lexer.PeekingLexer) error {
	p := parser{lex: lex}
	if p.peek().EOF() {
		p.fail(emptyQuery())
	}
	e.outcome = p.run(func() bool {
		if p.is(";") {
			p.next()
		}
		return p.peek().EOF()
	})
	for !lex.Peek().EOF() {
		lex.Next()
	}
	return nil
}

// run reads an expression and checks that it ends where ended says.
func (p *parser) run(ended func() bool) outcome {
	start := p.start()
	p.line = p.peek().Pos.Line
	x := p.expr()
	if !p.failed && !ended() {
		p.trailing()
	}
	if at := p.from(start); !p.failed && at.End-at.Start-p.exempt > maxText {
		p.fail(tooLong(at))
	}
	return outcome{x: x, start: start, end: p.end, failed: p.failed, unfinished: p.unfinished, diag: p.diag}
}

// trailing reports a token after a complete expression.
func (p *parser) trailing() {
	t := p.peek()
	k := kindOf(t)
	if k == Int && p.separated() {
		return
	}
	if _, known := p.mistake(t); known || k == Punct || p.stuckToString(t) {
		p.unexpected("an operator or the end of the query")
		return
	}
	last := ast.Span{Start: p.end - len(p.lastWord), End: p.end}
	if d, known := foreignWord(last, p.lastWord); known {
		p.fail(d) // Not a: the word before was meant as a keyword
		return
	}
	p.fail(twoQueries(spanOf(t), t.Value))
}

// File parses a text of statements. One that fails is reported and left out,
// and the others are read all the same. The file is never nil.
func File(text string) (*ast.File, ast.Diagnostics) {
	f, ds, _ := parseFile(text)
	return f, ds
}

// parseFile parses a text of statements, and says whether the last one goes on
// after the end of the text.
func parseFile(text string) (f *ast.File, ds ast.Diagnostics, unfinished bool) {
	f = &ast.File{Text: text}
	defer ast.Guard(func(fault *ast.Fault) { ds = append(ds, fault.Diagnostic(ast.Span{End: len(text)})) })
	if len(text) > maxTotal {
		return f, ast.Diagnostics{tooLong(ast.Span{End: len(text)})}, false
	}
	s := &stream{scanner: scanner{text: text, line: 1}}
	lex, err := lexer.Upgrade(s)
	if err != nil {
		panic("parse: " + err.Error()) // a stream never fails
	}
	for {
		for lex.Peek().Value == ";" {
			lex.Next()
		}
		start := lex.MakeCheckpoint()
		first := lex.Peek()
		if first.EOF() {
			break
		}
		st := readStatement(lex, first)
		if st.Label.Value == "``" && !st.Body.failed {
			st.Body.failed, st.Body.diag = true, emptyName(spanOf(&st.Label))
		}
		if st.Body.failed {
			ds, f.Wrong = append(ds, st.Body.diag), append(f.Wrong, label(st.Label))
			unfinished = unfinished || st.Body.unfinished
			lex.LoadCheckpoint(start)
			resume(lex, st.Body.diag.At.Start)
			continue
		}
		f.Statements = append(f.Statements, ast.Statement{
			Name: label(st.Label),
			X:    st.Body.x,
			At:   ast.Span{Start: first.Pos.Offset, End: st.Body.end},
		})
	}
	attach(f, s.comments)
	return f, ds, unfinished
}

// readStatement reads the next statement, which begins with the token first. A fault in
// it is its own.
func readStatement(lex *lexer.PeekingLexer, first *lexer.Token) (st *statement) {
	defer ast.Guard(func(f *ast.Fault) {
		st = &statement{}
		st.Body.failed, st.Body.diag = true, f.Diagnostic(spanOf(first))
	})
	st, err := statementParser.ParseFromLexer(lex, participle.AllowTrailing(true))
	if err != nil {
		panic("parse: " + err.Error()) // expressions keep their errors
	}
	return st
}

// label returns the name of a statement; the zero token is no name.
func label(t lexer.Token) ast.Ident {
	if t.Value == "" {
		return ast.Ident{}
	}
	id := ast.Ident{Text: t.Value, At: spanOf(&t)}
	if Kind(t.Type) == Quoted {
		id.Text, id.Quoted = t.Value[1:len(t.Value)-1], true
	}
	return id
}
