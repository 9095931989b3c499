package parse

import (
	"strings"

	"github.com/segq/segq/lang/ast"
)

// chain reads chain(X, order, [steps]).
func (p *parser) chain() ast.Expr {
	c := &ast.Chain{}
	start := p.next().Pos.Offset
	outer := p.push()
	c.X = p.expr()
	p.expect(",", "a comma and the field that orders the events, such as timestamp")
	c.Order = p.expr()
	p.expect(",", "a comma and the steps: [A: WHAT(…)]")
	if !p.is("[") {
		return p.unexpected("the steps: [A: WHAT(…)]")
	}
	inner := p.push()
	c.Steps = []ast.Step{p.step()}
	for p.is(",") {
		p.next()
		c.Steps = append(c.Steps, p.step())
	}
	p.pop("]", "a comma, a clause or ]", inner)
	p.pop(")", ")", outer)
	c.At = p.from(start)
	return c
}

// step reads Label: WHAT(cond) WHEN(window) COUNT(n) WHERE(cond), the clauses
// in any order, each once.
func (p *parser) step() ast.Step {
	var s ast.Step
	if k := kindOf(p.peek()); (k != Ident && k != Quoted) || !p.failed && p.second().Value != ":" {
		p.unexpectedStep()
		return s
	}
	s.Label = p.ident()
	p.next()
	for !p.failed {
		t := p.peek()
		again := false
		switch t.Value {
		case "WHAT", "what":
			again = s.What != nil
			s.What = p.clause()
		case "WHERE", "where":
			again = s.Where != nil
			s.Where = p.clause()
		case "COUNT", "count":
			again = s.Count != nil
			s.Count = p.clause()
		case "WHEN", "when":
			again = s.When != nil
			s.When = p.when()
		default:
			if s.What == nil {
				p.unexpected("WHAT(…)")
			}
			return s
		}
		if again {
			p.fail(clauseTwice(spanOf(t), strings.ToUpper(t.Value)))
		}
	}
	return s
}

// clause reads KEYWORD(expression).
func (p *parser) clause() ast.Expr {
	word := p.next().Value
	if !p.is("(") {
		return p.unexpected("( after " + word)
	}
	noIn := p.push()
	x := p.expr()
	p.pop(")", ")", noIn)
	return x
}

// when reads WHEN(window).
func (p *parser) when() *ast.Window {
	word := p.next().Value
	if !p.is("(") {
		p.unexpected("( after " + word)
		return nil
	}
	noIn := p.push()
	w := p.window()
	p.pop(")", ")", noIn)
	return &w
}

// unexpectedStep reports what is no step: the likeliest cause is a condition
// without its label.
func (p *parser) unexpectedStep() {
	t := p.peek()
	if t.Value == "WHAT" || t.Value == "what" {
		p.fail(missingLabel(spanOf(t)))
		return
	}
	p.unexpected("a step: A: WHAT(…)")
}
