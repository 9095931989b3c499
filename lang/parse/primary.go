package parse

import (
	"strconv"

	"github.com/segq/segq/lang/ast"
)

// primary reads an expression without operators, fields or filters around it.
func (p *parser) primary() ast.Expr {
	t := p.peek()
	switch kindOf(t) {
	case Ident:
		return p.word()
	case Quoted:
		return p.name()
	case Int, Float:
		return p.number()
	case String:
		return p.text()
	case Context:
		return p.context()
	case Punct:
		switch t.Value {
		case "(":
			return p.paren()
		case "[":
			return p.list()
		case "{":
			return p.object()
		case "^":
			return p.up()
		case "$":
			return p.position()
		case "@":
			return p.param()
		}
	}
	return p.unexpected("an expression")
}

// word reads what begins with a word: a form of its own where the word is a
// keyword and what follows fits, else a name or a call.
func (p *parser) word() ast.Expr {
	t := p.peek()
	switch t.Value {
	case "true", "false":
		p.next()
		return &ast.Bool{Value: t.Value == "true", At: spanOf(t)}
	case "now", "today", "yesterday", "tomorrow":
		p.next()
		return &ast.TimeWord{Word: t.Value, At: spanOf(t)}
	case "this", "last", "next":
		return p.relative()
	case "null", "NULL":
		return p.fail(nullLiteral(spanOf(t)))
	case "select", "SELECT", "exists", "EXISTS", "forall", "FORALL":
		if k := p.second(); binds(k) || k.EOF() || k.Value == "from" || k.Value == "FROM" {
			return p.binding()
		}
	case "sum", "average", "min", "max":
		if binds(p.second()) || p.second().Value == "this" {
			return p.aggregate()
		}
	case "chain", "CHAIN":
		if p.second().Value == "(" {
			return p.chain()
		}
	case "some", "all":
		if binds(p.second()) && p.third("from", "FROM") {
			return p.fail(oldQuantifier(spanOf(t), t.Value))
		}
	case "in", "notIn", "like", "matches":
		if p.second().Value != "(" {
			return p.unexpected("an expression")
		}
	case "and", "AND", "or", "OR", "IN", "from", "FROM", "where", "WHERE", "over", "occurs", "let", "LET":
		return p.unexpected("an expression")
	}
	return p.name()
}

// third says whether the token after the next two is the keyword.
func (p *parser) third(lower, upper string) bool {
	at := p.lex.MakeCheckpoint()
	defer p.lex.LoadCheckpoint(at)
	p.lex.Next()
	p.lex.Next()
	v := p.lex.Peek().Value
	return v == lower || v == upper
}

// name reads a name, or a call when a bracket follows.
func (p *parser) name() ast.Expr {
	start := p.start()
	id := p.ident()
	if p.is("(") && !p.breaks() {
		args := p.args(id)
		return &ast.Call{Name: id, Args: args, At: p.from(start)}
	}
	return &ast.Name{Ident: id}
}

// number reads a number. Signs are operators.
func (p *parser) number() ast.Expr {
	t := p.next()
	at, text := spanOf(t), t.Value
	if next := p.peek(); next.Value == "." && next.Pos.Offset == p.end && p.separated() {
		return &ast.This{At: at}
	}
	if kindOf(t) == Float {
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return p.fail(numberTooLarge(at))
		}
		return &ast.Float{Value: f, At: at}
	}
	if text[len(text)-1] == 'L' {
		text = text[:len(text)-1]
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return p.fail(numberTooLarge(at))
	}
	return &ast.Int{Value: n, At: at}
}

// text reads a string.
func (p *parser) text() ast.Expr {
	t := p.next()
	value, ok := unquote(t.Value)
	if !ok {
		return p.fail(notUTF8(spanOf(t)))
	}
	return &ast.String{Value: value, At: spanOf(t)}
}

// paren reads a bracketed expression. The brackets leave no node.
func (p *parser) paren() ast.Expr {
	start := p.start()
	noIn := p.push()
	x := p.expr()
	if p.is(",") {
		items := []ast.Expr{x}
		for p.is(",") {
			p.next()
			items = append(items, p.expr())
		}
		p.pop(")", ")", noIn)
		return p.fail(parenthesisedList(p.from(start), items...))
	}
	p.pop(")", ")", noIn)
	return x
}

// list reads [a, b]. A list of plain values does not count towards the length
// of the query; its items are counted instead.
func (p *parser) list() ast.Expr {
	start, exempt := p.start(), p.exempt
	noIn := p.push()
	var items []ast.Expr
	if !p.is("]") {
		items = p.items()
	}
	p.pop("]", "a comma or ]", noIn)
	at := p.from(start)
	if plain(items) {
		p.exempt = exempt + at.End - at.Start
	}
	return &ast.List{Items: items, At: at}
}

// plain says whether all items are literals or negated literals.
func plain(items []ast.Expr) bool {
	for _, x := range items {
		if u, ok := x.(*ast.Unary); ok && u.Op == "-" {
			x = u.X
		}
		if !isLiteral(x) {
			return false
		}
	}
	return true
}

// object reads {"key": value}. What has no key is the set syntax of 2018.
func (p *parser) object() ast.Expr {
	start := p.start()
	noIn := p.push()
	var o ast.Object
	for {
		k := p.peek()
		if kind := kindOf(k); kind != String && kind != Ident && kind != Quoted {
			return p.unexpected("a key and a colon")
		}
		if kindOf(k) == Ident && len(o.Keys) == 0 && p.second().Value != ":" && !p.second().EOF() {
			return p.fail(oldSet(ast.Span{Start: start, End: start + 1}))
		}
		o.Keys = append(o.Keys, p.key())
		if !p.expect(":", "a colon") {
			break
		}
		o.Values = append(o.Values, p.expr())
		if !p.is(",") {
			break
		}
		p.next()
	}
	p.pop("}", "a comma or }", noIn)
	o.At = p.from(start)
	return &o
}

// key takes the key of an object's entry: a name or a string.
func (p *parser) key() ast.Ident {
	if kindOf(p.peek()) != String {
		return p.ident()
	}
	t := p.next()
	text, ok := unquote(t.Value)
	if !ok {
		p.fail(notUTF8(spanOf(t)))
	}
	return ast.Ident{Text: text, At: spanOf(t)}
}

// up reads ^^.name.
func (p *parser) up() ast.Expr {
	start, levels := p.start(), 0
	for p.is("^") {
		t := p.next()
		if levels++; levels > maxNesting {
			return p.fail(tooDeep(spanOf(t)))
		}
	}
	if !p.expect(".", "a dot and a name: ^.name") {
		return p.fail(ast.Diagnostic{})
	}
	name := p.field()
	return &ast.Up{Levels: levels, Name: name, At: p.from(start)}
}

// position reads $1.
func (p *parser) position() ast.Expr {
	dollar := p.next()
	t := p.peek()
	n, err := strconv.Atoi(t.Value)
	if err != nil || n < 1 || kindOf(t) != Int {
		return p.unexpected("the number of a parameter: $1 is the profile")
	}
	p.next()
	return &ast.Position{N: n, At: p.from(dollar.Pos.Offset)}
}

// param reads @name.
func (p *parser) param() ast.Expr {
	at := p.next()
	if k := kindOf(p.peek()); k != Ident && k != Quoted {
		return p.unexpected("the name of a parameter: @name")
	}
	name := p.ident()
	return &ast.Param{Name: name, At: p.from(at.Pos.Offset)}
}

// context reads @{name}.
func (p *parser) context() ast.Expr {
	t := p.next()
	at := spanOf(t)
	name := ast.Ident{Text: t.Value[len("@{") : len(t.Value)-1], At: ast.Span{Start: at.Start + len("@{"), End: at.End - 1}}
	return &ast.Param{Name: name, Context: true, At: at}
}

// segmentID looks at the argument of inSegment: an id without quotes would read
// as numbers and minus signs, and its error would make no sense.
func (p *parser) segmentID() {
	t := p.peek()
	if k := kindOf(t); k == String || k == 0 || t.Value == "@" || t.Value == ")" {
		return
	}
	at := p.lex.MakeCheckpoint()
	end := t.Pos.Offset
	for u := p.lex.Peek(); !u.EOF() && u.Value != ")" && u.Value != "," && u.Pos.Line == t.Pos.Line; u = p.lex.Peek() {
		end = spanOf(u).End
		p.lex.Next()
	}
	p.lex.LoadCheckpoint(at)
	p.fail(unquotedSegment(ast.Span{Start: t.Pos.Offset, End: end}))
}
