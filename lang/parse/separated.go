package parse

import (
	"regexp"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"github.com/segq/segq/lang/ast"
)

// Numbers as they are written elsewhere: in groups of three digits, with a comma before the fraction, with a percent
// sign.
var (
	grouped  = regexp.MustCompile(`^(\d{1,3}(?:[., ]\d{3})+)(?:[.,](\d+))?$`)
	fraction = regexp.MustCompile(`^(\d+),(\d+)$`)
	digits   = regexp.MustCompile(`^\d+(_\d+)+$`)
)

// separated reports a number that was written with separators: the one that was taken last, which goes on with the next
// tokens. It says whether that is so.
func (p *parser) separated() bool {
	if p.failed || p.lastWord == "" || !isDigit(p.lastWord[0]) {
		return false
	}
	at, text := ast.Span{Start: p.end - len(p.lastWord), End: p.end}, p.lastWord
	mark := p.lex.MakeCheckpoint()
	for t := p.lex.Next(); ; t = p.lex.Next() {
		spaced := t.Pos.Offset == at.End+1 && t.Pos.Line == p.line && kindOf(t) == Int && len(t.Value) == 3
		if !spaced && (t.Pos.Offset != at.End || !isPartOfNumber(t)) {
			break
		}
		if spaced {
			text += " "
		}
		text += t.Value
		at.End = t.Pos.Offset + len(t.Value)
	}
	p.lex.LoadCheckpoint(mark)
	plain := withoutSeparators(text)
	if plain == "" {
		return false
	}
	p.fail(separators(at, plain))
	return true
}

// isPartOfNumber says whether a token may be one of those of a number with separators.
func isPartOfNumber(t *lexer.Token) bool {
	k := kindOf(t)
	return k == Int || k == Float || t.Value == "," || t.Value == "."
}

// withoutSeparators writes a number as the language has it, "" for what is none.
func withoutSeparators(text string) string {
	if m := grouped.FindStringSubmatch(text); m != nil {
		plain := strings.NewReplacer(",", "", ".", "", " ", "").Replace(m[1])
		if m[2] != "" {
			plain += "." + m[2]
		}
		return plain
	}
	if m := fraction.FindStringSubmatch(text); m != nil {
		return m[1] + "." + m[2]
	}
	return ""
}

// percent reports a percent sign behind a number, where nothing follows that it could be divided by, and says
// whether that is so.
func (p *parser) percent(left ast.Expr) bool {
	number := left.Span()
	switch left.(type) {
	case *ast.Int, *ast.Float:
	default:
		return false
	}
	if p.lastWord != "%" || p.end != number.End+1 {
		return false
	}
	switch t := p.peek(); {
	case t.EOF(), strings.Contains(")],;", t.Value), p.breaks():
	case p.level(t) > 0 && t.Value != "-":
	default:
		return false
	}
	p.fail(percentSign(ast.Span{Start: number.Start, End: p.end}, ast.Format(left)))
	return true
}
