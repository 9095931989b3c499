package parse

import (
	"github.com/alecthomas/participle/v2/lexer"

	"github.com/segq/segq/lang/ast"
)

// Levels of precedence, loose to tight. Binary operators of one level group to
// the left; comparisons do not group at all.
const (
	levelOr = iota + 1
	levelAnd
	levelNot
	levelCompare
	levelAdd
	levelMultiply
)

// expr reads an expression of any form. Let and lambda reach as far to the
// right as they can.
func (p *parser) expr() ast.Expr {
	switch {
	case p.isWord("let", "LET"):
		return p.let()
	case p.is("(") && p.lambdaAhead():
		return p.lambda()
	}
	return p.binary(levelOr)
}

// binary reads operands joined by operators of at least the level min.
func (p *parser) binary(min int) ast.Expr {
	start := p.start()
	left := p.operand(min)
	for {
		t := p.peek()
		level := p.level(t)
		if level < min || level == 0 {
			return left
		}
		if t.Value == "occurs" {
			p.next()
			left = &ast.Occurs{X: left, Window: p.window(), At: p.from(start)}
		} else {
			left = p.apply(left, level, start)
		}
		if level == levelCompare && p.level(p.peek()) == levelCompare {
			return p.fail(chained(spanOf(p.peek())))
		}
	}
}

// apply reads the operator and its right operand.
func (p *parser) apply(left ast.Expr, level, start int) ast.Expr {
	t := p.next()
	op := t.Value
	switch op {
	case "AND":
		op = "and"
	case "OR":
		op = "or"
	case "IN":
		op = "in"
	}
	if p.isWord("null", "NULL") && level == levelCompare {
		return p.fail(nullCompared(left.Span().Join(spanOf(p.peek())), op, left))
	}
	if op == "%" && p.percent(left) {
		return left
	}
	right := p.binary(level + 1)
	if (op == "in" || op == "notIn") && isLiteral(right) {
		p.fail(parenthesisedList(right.Span(), right))
	}
	return &ast.Binary{Op: op, L: left, R: right, OpAt: spanOf(t), At: p.from(start)}
}

// level returns the level of the infix operator t, or 0 when it is none.
func (p *parser) level(t *lexer.Token) int {
	switch t.Value {
	case "or", "OR":
		return levelOr
	case "and", "AND":
		return levelAnd
	case "=", "!=", "<", "<=", ">", ">=", "like", "matches", "notIn", "occurs":
		return levelCompare
	case "in", "IN":
		if !p.noIn {
			return levelCompare
		}
	case "+", "-":
		return levelAdd
	case "*", "/", "%":
		return levelMultiply
	}
	return 0
}

// operand reads prefix operators and what they apply to. "not" takes a whole
// comparison, "!" and "-" take a path or a bracket.
func (p *parser) operand(min int) ast.Expr {
	t := p.peek()
	op, level := "not", levelNot
	switch t.Value {
	case "not", "NOT":
		if min > levelNot {
			return p.fail(notAsOperand(spanOf(t)))
		}
	case "!":
		level = levelMultiply + 1
	case "-":
		op, level = "-", levelMultiply+1
	default:
		return p.postfix()
	}
	p.next()
	p.enter(spanOf(t))
	defer p.leave()
	x := p.binary(level)
	return &ast.Unary{Op: op, X: x, At: p.from(t.Pos.Offset)}
}

// postfix reads a primary and the fields, calls and filters after it.
func (p *parser) postfix() ast.Expr {
	start, depth := p.start(), p.nesting
	x := p.primary()
	for !p.failed {
		switch t := p.peek(); {
		case t.Value == ".":
			p.next()
			x = p.member(x, start)
		case t.Value == "[":
			noIn := p.push()
			cond := p.expr()
			p.pop("]", "]", noIn)
			x = &ast.Filter{X: x, Cond: cond, At: p.from(start)}
		default:
			p.nesting = depth
			return x
		}
		p.enter(spanOf(p.peek()))
	}
	p.nesting = depth
	return x
}

// member reads what follows a dot: a field or a call.
func (p *parser) member(x ast.Expr, start int) ast.Expr {
	name := p.field()
	if p.is("(") && !p.breaks() {
		args := p.args(name)
		return &ast.Call{Recv: x, Name: name, Args: args, At: p.from(start)}
	}
	return &ast.Member{X: x, Name: name, At: p.from(start)}
}

// args reads the arguments of a call, brackets included.
func (p *parser) args(name ast.Ident) []ast.Expr {
	noIn := p.push()
	if name.Text == "inSegment" {
		p.segmentID()
	}
	var args []ast.Expr
	if !p.is(")") {
		args = p.items()
	}
	p.pop(")", "a comma or )", noIn)
	return args
}

// items reads expressions with commas between them.
func (p *parser) items() []ast.Expr {
	items := []ast.Expr{p.expr()}
	for p.is(",") {
		comma := p.next()
		if len(items) == maxItems {
			p.fail(tooManyItems(spanOf(comma)))
			break
		}
		items = append(items, p.expr())
	}
	return items
}

// isLiteral says whether x is a single value that cannot be a list.
func isLiteral(x ast.Expr) bool {
	switch x.(type) {
	case *ast.String, *ast.Int, *ast.Float, *ast.Bool:
		return true
	}
	return false
}
