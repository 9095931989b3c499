package ast

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Format prints x in canonical form on one line: one space around operators,
// words in lower case but for the clauses of a chain, double quotes, and only
// the parentheses that are needed. Parsing what it prints gives x again, up to
// [Equal]. Forms that reach to the right as far as they can, such as select,
// stand in parentheses as operands.
func Format(x Expr) string {
	var p printer
	p.expr(x, levelOpen)
	return p.String()
}

// Levels of precedence, loose to tight. What stands at a place of a level needs
// parentheses when its own is lower.
const (
	levelOpen = iota // let, lambda, select, exists, forall, sum … over
	levelOr
	levelAnd
	levelNot
	levelCompare
	levelAdd
	levelMultiply
	levelUnary
	levelPostfix
)

var binaryLevels = map[string]int{
	"or": levelOr, "and": levelAnd,
	"+": levelAdd, "-": levelAdd,
	"*": levelMultiply, "/": levelMultiply, "%": levelMultiply,
}

// levelOf returns the level of x.
func levelOf(x Expr) int {
	switch x := x.(type) {
	case *Let, *Lambda, *Select, *Quantified, *Aggregate:
		return levelOpen
	case *Binary:
		if level, ok := binaryLevels[x.Op]; ok {
			return level
		}
		return levelCompare
	case *Occurs:
		return levelCompare
	case *Unary:
		if x.Op == "not" {
			return levelNot
		}
		return levelUnary
	}
	return levelPostfix
}

// printer writes expressions. noIn says that an "in" outside brackets would end
// the value of a let.
type printer struct {
	strings.Builder
	noIn bool
}

// write writes each part.
func (p *printer) write(parts ...string) {
	for _, s := range parts {
		p.WriteString(s)
	}
}

// bracketed prints between brackets, where "in" is an operator again.
func (p *printer) bracketed(opening, closing string, inside func()) {
	noIn := p.noIn
	p.noIn = false
	p.WriteString(opening)
	inside()
	p.WriteString(closing)
	p.noIn = noIn
}

// expr prints x at a place of the level min.
func (p *printer) expr(x Expr, min int) {
	level := levelOf(x)
	if level < min || p.noIn && exposesIn(x, level) {
		p.bracketed("(", ")", func() { p.bare(x) })
		return
	}
	p.bare(x)
}

// exposesIn says whether x, printed without parentheses, would show an "in" of
// its own or take over the one after it.
func exposesIn(x Expr, level int) bool {
	b, ok := x.(*Binary)
	return level == levelOpen || ok && b.Op == "in"
}

// bare prints x without parentheses around it.
func (p *printer) bare(x Expr) {
	switch x := x.(type) {
	case *String:
		p.write(quote(x.Value))
	case *Int:
		p.write(strconv.FormatInt(x.Value, 10))
	case *Float:
		p.write(floatText(x.Value))
	case *Bool:
		p.write(strconv.FormatBool(x.Value))
	case *List:
		p.bracketed("[", "]", func() { p.items(x.Items) })
	case *Object:
		p.object(x)
	case *Name:
		p.write(variable(x.Text))
	case *Member:
		p.expr(x.X, levelPostfix)
		p.write(".", field(x.Name.Text))
	case *Up:
		p.write(strings.Repeat("^", x.Levels), ".", field(x.Name.Text))
	case *This:
		p.write("this")
	case *Position:
		p.write("$", strconv.Itoa(x.N))
	case *Param:
		if x.Context {
			p.write("@{", x.Name.Text, "}")
		} else {
			p.write("@", field(x.Name.Text))
		}
	case *Unary:
		p.unary(x)
	case *Binary:
		p.binary(x)
	case *Call:
		p.call(x)
	case *Filter:
		p.expr(x.X, levelPostfix)
		p.bracketed("[", "]", func() { p.expr(x.Cond, levelOpen) })
	default:
		p.form(x)
	}
}

// form prints the forms with a syntax of their own.
func (p *printer) form(x Expr) {
	switch x := x.(type) {
	case *Lambda:
		p.lambda(x)
	case *Select:
		p.write("select ")
		p.decls(x.Decls)
	case *Quantified:
		if x.ForAll {
			p.write("forall ")
		} else {
			p.write("exists ")
		}
		p.decls(x.Decls)
	case *Aggregate:
		p.aggregate(x)
	case *Let:
		p.let(x)
	case *Chain:
		p.chain(x)
	case *Occurs:
		p.expr(x.X, levelAdd)
		p.write(" occurs ")
		p.window(&x.Window)
	case *TimeWord:
		p.write(x.Word)
	case *Calendar:
		p.write(x.Which, " ", x.Unit.String())
	}
}

// items prints xs with commas between them.
func (p *printer) items(xs []Expr) {
	for i, x := range xs {
		if i > 0 {
			p.write(", ")
		}
		p.expr(x, levelOpen)
	}
}

func (p *printer) object(x *Object) {
	p.bracketed("{", "}", func() {
		for i, key := range x.Keys {
			if i > 0 {
				p.write(", ")
			}
			p.write(quote(key.Text), ": ")
			p.expr(x.Values[i], levelOpen)
		}
	})
}

func (p *printer) unary(x *Unary) {
	if x.Op == "not" {
		p.write("not ")
		p.expr(x.X, levelNot)
		return
	}
	p.write(x.Op)
	p.expr(x.X, levelUnary)
}

// binary prints a chain of one operator in a loop: it may be thousands long.
func (p *printer) binary(x *Binary) {
	level := levelOf(x)
	operands := []*Binary{x}
	left := x.L
	for level != levelCompare {
		b, ok := left.(*Binary)
		if !ok || levelOf(b) != level {
			break
		}
		operands = append(operands, b)
		left = b.L
	}
	first := level
	if level == levelCompare {
		first++
	}
	p.expr(left, first)
	for i := len(operands) - 1; i >= 0; i-- {
		p.write(" ", operands[i].Op, " ")
		p.expr(operands[i].R, level+1)
	}
}

func (p *printer) call(x *Call) {
	if x.Recv != nil {
		p.expr(x.Recv, levelPostfix)
		p.write(".", field(x.Name.Text))
	} else if callable[x.Name.Text] {
		p.write(x.Name.Text)
	} else {
		p.write(variable(x.Name.Text))
	}
	p.bracketed("(", ")", func() { p.items(x.Args) })
}

// variable returns a name as it is written at the start of a path.
func variable(name string) string {
	if reserved[name] {
		return "`" + name + "`"
	}
	return field(name)
}

// field returns a name as it is written after a dot.
func field(name string) string {
	if plainName(name) {
		return name
	}
	return "`" + name + "`"
}

// plainName says whether name is made of letters, digits and underscores and
// does not begin with a digit.
func plainName(name string) bool {
	for i, r := range name {
		switch {
		case r == '_' || r != utf8.RuneError && unicode.IsLetter(r):
		case i > 0 && (r >= '0' && r <= '9' || r >= utf8.RuneSelf && unicode.IsMark(r)):
		default:
			return false
		}
	}
	return name != ""
}

// quote returns the string literal of s.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsControl(r):
			b.WriteString(`\u00`)
			b.WriteByte("0123456789abcdef"[r>>4])
			b.WriteByte("0123456789abcdef"[r&15])
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// floatText returns the shortest literal that reads back as f, and as a float.
func floatText(f float64) string {
	s := strconv.FormatFloat(f, 'g', -1, 64)
	s = strings.Replace(s, "e+", "e", 1)
	s = strings.Replace(s, "e-0", "e-", 1)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}
