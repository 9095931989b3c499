package parse

import (
	"strconv"
	"strings"

	"github.com/segq/segq/lang/ast"
)

// window reads what follows occurs, or in WHEN( ):
//
//	< 3 days before now · before today · on last month · between a and b
func (p *parser) window() ast.Window {
	var w ast.Window
	start := p.start()
	t := p.peek()
	switch t.Value {
	case "=", "!=", "<", "<=", ">", ">=":
		w.Op = p.next().Value
		p.distance(&w)
	case "before", "after", "from":
		w.Dir = p.next().Value
		w.Ref = p.time()
	case "between":
		p.next()
		w.Ref = p.time()
		if !p.isWord("and", "AND") {
			p.unexpected("and: occurs between … and …")
			break
		}
		p.next()
		w.To = p.time()
	default:
		if u := p.second(); kindOf(t) == Int && isUnit(u.Value) && u.Pos.Line == t.Pos.Line {
			p.fail(missingComparison(spanOf(t), t.Value+" "+p.second().Value))
			break
		}
		if p.badWindow() {
			break
		}
		if p.is("on") {
			p.next()
			w.On = true
		}
		w.Ref = p.time()
	}
	w.At = p.from(start)
	return w
}

// distance reads N unit direction time, the tail of a window with a comparison.
func (p *parser) distance(w *ast.Window) {
	t := p.peek()
	n, err := strconv.ParseInt(t.Value, 10, 64)
	if strings.HasPrefix(t.Value, "@") {
		p.fail(parameterDistance(spanOf(t)))
		return
	}
	if kindOf(t) != Int || err != nil {
		p.unexpected("a whole number: occurs " + w.Op + " 3 days before now")
		return
	}
	p.next()
	w.N = n
	var ok bool
	if w.Unit, ok = ast.UnitNamed(p.peek().Value); !ok {
		p.unexpected("a unit of time, such as days")
		return
	}
	p.next()
	switch p.peek().Value {
	case "before", "after", "from":
		w.Dir = p.next().Value
		w.Ref = p.time()
	default:
		p.unexpected("before, after or from, and a time: before now")
	}
}

// time reads a point or a stretch of time: any expression above comparisons.
func (p *parser) time() ast.Expr { return p.binary(levelAdd) }

// relative reads this, last or next: with a unit a stretch of time, without one
// "this" is the current value and the others are names.
func (p *parser) relative() ast.Expr {
	t := p.peek()
	which := t.Value
	if second := p.second(); kindOf(second) == Int && which != "this" {
		return p.fail(lastSeveral(spanOf(t).Join(spanOf(second)), which))
	}
	p.next()
	u := p.peek()
	if unit, ok := ast.UnitNamed(u.Value); ok && kindOf(u) == Ident && !p.breaks() {
		p.next()
		if u.Value != unit.String() && unit != ast.Millennium {
			return p.fail(pluralUnit(spanOf(u), which, unit.String()))
		}
		return &ast.Calendar{Which: which, Unit: unit, At: p.from(t.Pos.Offset)}
	}
	if which == "this" {
		return &ast.This{At: spanOf(t)}
	}
	id := ast.Ident{Text: which, At: spanOf(t)}
	if p.is("(") && !p.breaks() {
		args := p.args(id)
		return &ast.Call{Name: id, Args: args, At: p.from(t.Pos.Offset)}
	}
	return &ast.Name{Ident: id}
}

func isUnit(word string) bool {
	_, ok := ast.UnitNamed(word)
	return ok
}
