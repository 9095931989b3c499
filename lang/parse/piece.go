package parse

import (
	"github.com/alecthomas/participle/v2/lexer"

	"github.com/segq/segq/lang/ast"
)

// Piece is a statement of a text that is being typed: Body is the place of its expression, from its first
// token, the name before the colon left out. X is nil where it has an error, and then Body ends where the
// next statement begins, or the text, and Failed is where the error is.
type Piece struct {
	Body   ast.Span
	X      ast.Expr
	Failed int
}

// PieceAt returns the statement of a text in which the byte offset is, or that ends before it with
// nothing but white space and comments between; false for none.
func PieceAt(text string, offset int) (at Piece, ok bool) {
	defer ast.Guard(func(*ast.Fault) { at, ok = Piece{}, false })
	if len(text) > maxTotal {
		return Piece{}, false
	}
	lex, err := lexer.Upgrade(&stream{scanner: scanner{text: text, line: 1}})
	if err != nil {
		panic("parse: " + err.Error()) // a stream never fails
	}
	for {
		for lex.Peek().Value == ";" {
			if lex.Peek().Pos.Offset >= offset {
				return at, ok
			}
			at, ok = Piece{}, false
			lex.Next()
		}
		first := lex.Peek()
		if first.EOF() || first.Pos.Offset > offset {
			return at, ok
		}
		at, ok = readPiece(lex, first), true
		if at.X != nil && at.Body.End >= offset {
			return at, ok
		}
		if end := semicolon(text, at.Body.End); at.X != nil && end >= 0 {
			if end >= offset {
				return at, ok
			}
			at, ok = Piece{}, false
		}
	}
}

// semicolon returns where the semicolon is that is next after a place, -1 where another token is.
func semicolon(text string, from int) int {
	for s := (scanner{text: text, at: from}); ; {
		t, ok := s.next()
		switch {
		case !ok:
			return -1
		case t.kind != Comment:
			if text[t.start] == ';' {
				return t.start
			}
			return -1
		}
	}
}

// readPiece reads the next statement, which begins with the token first.
func readPiece(lex *lexer.PeekingLexer, first *lexer.Token) Piece {
	start := lex.MakeCheckpoint()
	body := readStatement(lex, first).Body
	at := Piece{Body: ast.Span{Start: body.start, End: body.end}, X: body.x}
	if body.failed {
		at.X, at.Failed = nil, body.diag.At.Start
		lex.LoadCheckpoint(start)
		resume(lex, at.Failed)
		at.Body.End = max(at.Body.Start, lex.Peek().Pos.Offset)
	}
	return at
}
