package parse

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2/lexer"

	"github.com/segq/segq/lang/ast"
)

// scanned is one token as a range of the text, and the line it begins on.
type scanned struct {
	kind       Kind
	start, end int
	line       int
}

// scanner cuts a text into tokens, one pass, one byte at a time, without
// regular expressions.
type scanner struct {
	text    string
	at      int
	line    int  // of at, from 1
	operand bool // the token before can end an operand, so ".5" is a dot and a 5
	before  int  // where the token before starts, comments left out
	ended   int  // and where it ends
}

// next returns the token at s.at, or false at the end of the text.
func (s *scanner) next() (scanned, bool) {
	s.space()
	if s.at >= len(s.text) {
		return scanned{}, false
	}
	t := scanned{start: s.at, line: s.line}
	t.kind = s.token()
	t.end = s.at
	switch t.kind {
	case Comment:
		return t, true
	case Operator:
		s.operand = false
	case Punct:
		c := s.text[t.start]
		s.operand = c == ')' || c == ']' || c == '}'
	default:
		s.operand = true
	}
	s.before, s.ended = t.start, t.end
	return t, true
}

// fraction says whether the dot at s.at begins a number: a digit follows, and
// no operand that could have fields stands before. "and .5" is one.
func (s *scanner) fraction() bool {
	if !isDigit(s.byteAt(1)) {
		return false
	}
	return !s.operand || ast.Reserved(s.text[s.before:s.ended])
}

// space moves over white space, a byte order mark at the start included.
func (s *scanner) space() {
	if s.at == 0 && strings.HasPrefix(s.text, "\ufeff") {
		s.at = len("\ufeff")
	}
	for ; s.at < len(s.text); s.at++ {
		switch s.text[s.at] {
		case '\n':
			s.line++
		case ' ', '\t', '\r':
		default:
			return
		}
	}
}

// token moves over one token and says what it is.
func (s *scanner) token() Kind {
	c := s.text[s.at]
	switch {
	case isLetter(c):
		return s.word()
	case isDigit(c), c == '.' && s.fraction():
		return s.number()
	case c == '"', c == '\'':
		return s.quoted(c, String)
	case c == '`':
		return s.quoted(c, Quoted)
	case c == '/' && s.byteAt(1) == '/':
		s.at = s.lineEnd()
		return Comment
	case c == '/' && s.byteAt(1) == '*':
		return s.block()
	case c == '@' && s.byteAt(1) == '{':
		return s.context()
	case strings.IndexByte("()[]{},:;.^$@", c) >= 0:
		s.at++
		return Punct
	}
	return s.operator()
}

// operators of two bytes. The last four are no PQL; they are tokens so that
// the parser can name the right form.
var operators = []string{"!=", "<=", ">=", "=>", "==", "<>", "&&", "||"}

// operator moves over an operator, or over one character that begins nothing.
func (s *scanner) operator() Kind {
	rest := s.text[s.at:]
	if len(rest) > 1 {
		for _, op := range operators {
			if rest[:2] == op {
				s.at += 2
				return Operator
			}
		}
	}
	if strings.IndexByte("=<>+-*/%!&|", rest[0]) >= 0 {
		s.at++
		return Operator
	}
	if rest[0] >= utf8.RuneSelf {
		if n := curly(rest[:s.lineEnd()-s.at]); n > 0 {
			s.at += n
			return Bad
		}
	}
	r, size := utf8.DecodeRuneInString(rest)
	s.at += size
	if unicode.IsLetter(r) {
		return s.word()
	}
	return Bad
}

// word moves over the rest of an identifier. Letters beyond ASCII count.
func (s *scanner) word() Kind {
	for s.at < len(s.text) {
		c := s.text[s.at]
		if isLetter(c) || isDigit(c) {
			s.at++
			continue
		}
		if c < utf8.RuneSelf {
			break
		}
		r, size := utf8.DecodeRuneInString(s.text[s.at:])
		if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			break
		}
		s.at += size
	}
	return Ident
}

// number moves over 5, 56L, .45, 2.02 or 2E-12. With letters stuck to it, as in
// 7days or 7deb246a, the whole run is Bad.
func (s *scanner) number() Kind {
	kind := Int
	s.digits()
	if s.byteAt(0) == '.' && isDigit(s.byteAt(1)) {
		kind = Float
		s.at++
		s.digits()
	}
	if c := s.byteAt(0); c == 'e' || c == 'E' {
		sign := 0
		if d := s.byteAt(1); d == '+' || d == '-' {
			sign = 1
		}
		if isDigit(s.byteAt(1 + sign)) {
			kind = Float
			s.at += 1 + sign
			s.digits()
		}
	}
	if kind == Int && s.byteAt(0) == 'L' {
		s.at++
	}
	end := s.at
	if s.word(); s.at > end {
		return Bad
	}
	return kind
}

func (s *scanner) digits() {
	for isDigit(s.byteAt(0)) {
		s.at++
	}
}

// quoted moves over a string or a backquoted name. It ends on its line; one
// that does not is Bad up to the line's end. Backquotes know no escapes.
func (s *scanner) quoted(quote byte, kind Kind) Kind {
	for i := s.at + 1; i < len(s.text) && s.text[i] != '\n'; i++ {
		switch c := s.text[i]; {
		case c == quote:
			s.at = i + 1
			return kind
		case c == '\\' && kind == String && i+1 < len(s.text) && s.text[i+1] != '\n':
			i++
		}
	}
	s.at = s.lineEnd()
	return Bad
}

// block moves over a /* */ comment; one without an end is Bad.
func (s *scanner) block() Kind {
	n := strings.Index(s.text[s.at+2:], "*/")
	kind := Comment
	end := s.at + 2 + n + 2
	if n < 0 {
		kind, end = Bad, len(s.text)
	}
	s.line += strings.Count(s.text[s.at:end], "\n")
	s.at = end
	return kind
}

// context moves over @{…}, a value that the caller supplies. What is no name in the
// braces, or does not end on its line, is Bad.
func (s *scanner) context() Kind {
	line := s.text[s.at:s.lineEnd()]
	n := strings.IndexByte(line, '}')
	if n < 0 {
		s.at += len(line)
		return Bad
	}
	kind := Context
	if !ast.ContextName(line[len("@{"):n]) {
		kind = Bad
	}
	for n < len(line) && line[n] == '}' {
		n++
		if kind == Context {
			break
		}
	}
	s.at += n
	return kind
}

// lineEnd returns the offset of the end of the line of s.at.
func (s *scanner) lineEnd() int {
	n := strings.IndexByte(s.text[s.at:], '\n')
	if n < 0 {
		return len(s.text)
	}
	if n > 0 && s.text[s.at+n-1] == '\r' {
		n--
	}
	return s.at + n
}

// byteAt returns the byte i after s.at, or 0 past the end.
func (s *scanner) byteAt(i int) byte {
	if s.at+i < len(s.text) {
		return s.text[s.at+i]
	}
	return 0
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

// definition hands the scanner to participle.
type definition struct{}

// Symbols names the token types that the grammar mentions.
func (definition) Symbols() map[string]lexer.TokenType {
	return map[string]lexer.TokenType{
		"EOF": lexer.EOF, "Bad": lexer.TokenType(Bad), "Ident": lexer.TokenType(Ident),
		"Quoted": lexer.TokenType(Quoted), "Int": lexer.TokenType(Int),
		"Float": lexer.TokenType(Float), "String": lexer.TokenType(String),
		"Operator": lexer.TokenType(Operator), "Punct": lexer.TokenType(Punct), "Context": lexer.TokenType(Context),
	}
}

// Lex reads all of r; see LexString.
func (d definition) Lex(name string, r io.Reader) (lexer.Lexer, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return d.LexString(name, string(text))
}

// LexString returns the tokens of text without its comments. Of a token's
// position only Offset and Line are set.
func (definition) LexString(_, text string) (lexer.Lexer, error) {
	return &stream{scanner: scanner{text: text, line: 1}}, nil
}

// stream is the scanner as a lexer of participle. It sets the comments aside.
type stream struct {
	scanner
	comments []scanned
}

// Next returns the next token. It never fails.
func (s *stream) Next() (lexer.Token, error) {
	for {
		t, ok := s.next()
		if !ok {
			return lexer.EOFToken(lexer.Position{Offset: len(s.text), Line: s.line}), nil
		}
		if t.kind != Comment {
			return lexer.Token{
				Type:  lexer.TokenType(t.kind),
				Value: s.text[t.start:t.end],
				Pos:   lexer.Position{Offset: t.start, Line: t.line},
			}, nil
		}
		s.comments = append(s.comments, t)
	}
}
