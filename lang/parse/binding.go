package parse

import "github.com/segq/segq/lang/ast"

// binding reads select, exists or forall with its declarations.
func (p *parser) binding() ast.Expr {
	start := p.start()
	switch word := p.next().Value; word {
	case "select", "SELECT":
		decls := p.decls("select")
		return &ast.Select{Decls: decls, At: p.from(start)}
	case "exists", "EXISTS":
		decls := p.decls("exists")
		return &ast.Quantified{Decls: decls, At: p.from(start)}
	default:
		decls := p.decls("forall")
		return &ast.Quantified{ForAll: true, Decls: decls, At: p.from(start)}
	}
}

// decls reads declarations. A comma leads to another one only when a name and
// "from" follow; else it belongs to what stands around the form.
func (p *parser) decls(form string) []ast.Decl {
	decls := []ast.Decl{p.decl(form)}
	for p.is(",") && p.declAhead() {
		p.next()
		decls = append(decls, p.decl(form))
	}
	return decls
}

// declAhead says whether ", V from" follows.
func (p *parser) declAhead() bool {
	return binds(p.second()) && p.third("from", "FROM")
}

// decl reads V from A where C. exists and forall may have a colon for where.
func (p *parser) decl(form string) ast.Decl {
	name := p.variable("the name of a variable")
	return p.declOf(name, form)
}

// declOf reads the declaration of name from "from" on.
func (p *parser) declOf(name ast.Ident, form string) ast.Decl {
	d := ast.Decl{Name: name}
	if !p.isWord("from", "FROM") {
		p.unexpected("from and an array: " + form + " " + name.Text + " from xEvent")
		return d
	}
	p.enter(spanOf(p.next()))
	defer p.leave()
	d.From = p.binary(levelAdd)
	switch {
	case p.isWord("where", "WHERE"), p.is(":") && (form == "exists" || form == "forall"):
		p.next()
		d.Where = p.expr()
	case p.is(":"):
		p.fail(colonForWhere(spanOf(p.peek())))
	case !p.breaks() && p.operandAhead():
		p.fail(missingWhere(spanOf(p.peek()), form))
	}
	return d
}

// operandAhead says whether the next token can only be the start of a new
// expression.
func (p *parser) operandAhead() bool {
	switch t := p.peek(); kindOf(t) {
	case Ident:
		return !ast.Reserved(t.Value) || t.Value == "not" || t.Value == "this"
	case Quoted, Int, Float, String, Context:
		return true
	case Punct:
		return t.Value == "(" || t.Value == "^" || t.Value == "{" || t.Value == "$"
	case Operator:
		return t.Value == "!"
	}
	return false
}

// aggregate reads sum X over V from A, or the short form sum V from A.
func (p *parser) aggregate() ast.Expr {
	t := p.next()
	a := &ast.Aggregate{Fn: t.Value}
	p.enter(spanOf(t))
	a.X = p.binary(levelAdd)
	p.leave()
	name, bare := a.X.(*ast.Name)
	switch {
	case p.is("over"):
		p.next()
		a.Decls = p.decls(a.Fn)
	case bare && p.isWord("from", "FROM"):
		a.Decls = []ast.Decl{p.declOf(name.Ident, a.Fn)}
	case p.peek().EOF():
		return p.unexpected("over and a variable")
	default:
		return p.fail(missingOver(spanOf(p.peek()), a.Fn))
	}
	a.At = p.from(t.Pos.Offset)
	return a
}

// let reads let V = E in B. Inside E, "in" is a membership only in brackets.
func (p *parser) let() ast.Expr {
	t := p.next()
	l := &ast.Let{}
	p.enter(spanOf(t))
	defer p.leave()
	l.Name = p.variable("the name of a variable")
	if !p.expect("=", "= and a value: let V = … in …") {
		return p.fail(ast.Diagnostic{})
	}
	noIn := p.noIn
	p.noIn = true
	l.Value = p.expr()
	p.noIn = noIn
	if !p.isWord("in", "IN") {
		return p.unexpected("in and an expression: let V = … in …")
	}
	p.next()
	l.Body = p.expr()
	l.At = p.from(t.Pos.Offset)
	return l
}

// lambdaAhead says whether "(V, W) =>" follows.
func (p *parser) lambdaAhead() bool {
	if !binds(p.second()) {
		return false
	}
	at := p.lex.MakeCheckpoint()
	defer p.lex.LoadCheckpoint(at)
	for {
		p.lex.Next()
		if !binds(p.lex.Next()) {
			return false
		}
		if p.lex.Peek().Value != "," {
			break
		}
	}
	if p.lex.Next().Value != ")" {
		return false
	}
	return p.lex.Peek().Value == "=>"
}

// lambda reads (K, G) => body.
func (p *parser) lambda() ast.Expr {
	t := p.next()
	l := &ast.Lambda{Params: []ast.Ident{p.variable("the name of a variable")}}
	for p.is(",") {
		p.next()
		l.Params = append(l.Params, p.variable("the name of a variable"))
	}
	p.next()
	p.next()
	p.enter(spanOf(t))
	l.Body = p.expr()
	p.leave()
	l.At = p.from(t.Pos.Offset)
	return l
}
