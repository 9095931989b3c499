package ast

import "strconv"

// decls prints declarations. A form that would take over the comma after it
// stands in parentheses.
func (p *printer) decls(decls []Decl) {
	for i, d := range decls {
		if i > 0 {
			p.write(", ")
		}
		p.write(variable(d.Name.Text), " from ")
		p.expr(d.From, levelAdd)
		if d.Where == nil {
			continue
		}
		p.write(" where ")
		if i < len(decls)-1 {
			p.expr(d.Where, levelOr)
		} else {
			p.expr(d.Where, levelOpen)
		}
	}
}

// aggregate prints the short form where the variable itself is added up.
func (p *printer) aggregate(x *Aggregate) {
	p.write(x.Fn, " ")
	name, ok := x.X.(*Name)
	if !ok || len(x.Decls) != 1 || name.Text != x.Decls[0].Name.Text {
		p.expr(x.X, levelAdd)
		p.write(" over ")
	}
	p.decls(x.Decls)
}

func (p *printer) lambda(x *Lambda) {
	p.write("(")
	for i, v := range x.Params {
		if i > 0 {
			p.write(", ")
		}
		p.write(variable(v.Text))
	}
	p.write(") => ")
	p.expr(x.Body, levelOpen)
}

func (p *printer) let(x *Let) {
	p.write("let ", variable(x.Name.Text), " = ")
	noIn := p.noIn
	p.noIn = true
	p.expr(x.Value, levelOpen)
	p.noIn = noIn
	p.write(" in ")
	p.expr(x.Body, levelOpen)
}

func (p *printer) chain(x *Chain) {
	p.bracketed("chain(", ")", func() {
		p.expr(x.X, levelOpen)
		p.write(", ")
		p.expr(x.Order, levelOpen)
		p.write(", [")
		for i, s := range x.Steps {
			if i > 0 {
				p.write(", ")
			}
			p.step(s)
		}
		p.write("]")
	})
}

func (p *printer) step(s Step) {
	p.write(field(s.Label.Text), ": WHAT(")
	p.expr(s.What, levelOpen)
	p.write(")")
	if s.When != nil {
		p.write(" WHEN(")
		p.window(s.When)
		p.write(")")
	}
	if s.Count != nil {
		p.write(" COUNT(")
		p.expr(s.Count, levelOpen)
		p.write(")")
	}
	if s.Where != nil {
		p.write(" WHERE(")
		p.expr(s.Where, levelOpen)
		p.write(")")
	}
}

func (p *printer) window(w *Window) {
	switch {
	case w.To != nil:
		p.write("between ")
		p.expr(w.Ref, levelAdd)
		p.write(" and ")
		p.expr(w.To, levelAdd)
		return
	case w.Op != "":
		p.write(w.Op, " ", strconv.FormatInt(w.N, 10), " ", unitText(w.Unit, w.N), " ")
	case w.On:
		p.write("on ")
	}
	if w.Dir != "" {
		p.write(w.Dir, " ")
	}
	p.expr(w.Ref, levelAdd)
}

// unitText returns the name of u after the number n.
func unitText(u Unit, n int64) string {
	switch {
	case n == 1:
		return u.String()
	case u == Century:
		return "centuries"
	case u == Millennium:
		return "millennia"
	}
	return u.String() + "s"
}
