// Package meaning says in plain words what a query holds for, from its tree as it was written. It knows no fields and no
// types: a name is called what the query calls it.
//
// The tour: [Of] gives the lines (this file): conditions that are joined stand one below the other, and what is short
// stands on one line (condition.go, value.go, window.go).
package meaning

import (
	"strings"
	"unicode/utf8"

	"github.com/segq/segq/lang/ast"
)

// Line is a line of what a query means. Depth is how far it is below the first.
type Line struct {
	Depth int
	Text  string
}

// shortest is how long a condition may be that stands on one line though it is made of several.
const shortest = 60

// Of says what a condition holds for, or, where the query is none, of what it is the value.
func Of(x ast.Expr, condition bool) []Line {
	if !condition {
		return []Line{{0, "of each profile that has one, " + value(x)}}
	}
	if b, ok := x.(*ast.Bool); ok {
		return []Line{{0, map[bool]string{true: "all profiles", false: "no profile"}[b.Value]}}
	}
	w := writer{}
	w.write(0, "", x)
	lead := "profiles where "
	if strings.HasPrefix(w.lines[0].Text, "for ") || strings.HasPrefix(w.lines[0].Text, "in ") {
		lead = "profiles where, "
	}
	w.lines[0].Text = lead + w.lines[0].Text
	return w.lines
}

// writer collects lines.
type writer struct{ lines []Line }

// write adds what a condition says, behind some words: on one line where it is short, and else with what it is made of
// below.
func (w *writer) write(depth int, lead string, x ast.Expr) {
	whole := lead + condition(x)
	head, parts := partsOf(x)
	if len(parts) == 0 || utf8.RuneCountInString(whole)+2*depth <= shortest && !mixed(x) {
		w.lines = append(w.lines, Line{depth, whole})
		return
	}
	if len(parts) == 1 && parts[0].label == "" { // for at least 3 of xEvent, …
		w.write(depth, lead+head, parts[0].x)
		return
	}
	w.lines = append(w.lines, Line{depth, lead + head})
	for _, p := range parts {
		w.write(depth+1, p.label, p.x)
	}
}

// part is a condition that another is made of, with what stands before it.
type part struct {
	label string
	x     ast.Expr
}

// mixed says whether and and or stand in each other, which on one line is hard to read.
func mixed(x ast.Expr) bool {
	b, ok := x.(*ast.Binary)
	if !ok || b.Op != "and" && b.Op != "or" {
		return false
	}
	for _, one := range joined(x, b.Op) {
		inner := one
		if u, ok := inner.(*ast.Unary); ok && u.Op == "not" {
			inner = u.X
		}
		if other, ok := inner.(*ast.Binary); ok && (other.Op == "and" || other.Op == "or") {
			return true
		}
	}
	return false
}

// joined returns the operands of a chain of one operator.
func joined(x ast.Expr, op string) []ast.Expr {
	var back []ast.Expr
	for {
		b, ok := x.(*ast.Binary)
		if !ok || b.Op != op {
			back = append(back, x)
			break
		}
		right := joined(b.R, op)
		for i := len(right) - 1; i >= 0; i-- {
			back = append(back, right[i])
		}
		x = b.L
	}
	out := make([]ast.Expr, len(back))
	for i, one := range back {
		out[len(back)-1-i] = one
	}
	return out
}

// partsOf takes a condition apart; there are no parts of one that is said as a whole.
func partsOf(x ast.Expr) (head string, parts []part) {
	switch x := x.(type) {
	case *ast.Binary:
		if x.Op == "and" || x.Op == "or" {
			return map[string]string{"and": "all of these hold:", "or": "any of these holds:"}[x.Op], unlabelled(joined(x, x.Op))
		}
		if many, of, ok := counted(x); ok && of.Cond != nil {
			return "for " + many + " of " + value(of.X) + ", ", []part{{"", of.Cond}}
		}
	case *ast.Unary:
		return negated(x)
	case *ast.Quantified:
		return quantified(x, map[bool]string{false: "for some ", true: "for every "}[x.ForAll])
	case *ast.Chain:
		return chained(x)
	case *ast.Call:
		if cond := existsWhere(x); cond != nil {
			return "for some of " + value(x.Recv) + ", ", []part{{"", cond}}
		}
	}
	return "", nil
}

func unlabelled(all []ast.Expr) []part {
	parts := make([]part, len(all))
	for i, x := range all {
		parts[i].x = x
	}
	return parts
}

// negated takes a condition apart that must not hold.
func negated(u *ast.Unary) (head string, parts []part) {
	if u.Op != "not" {
		return "", nil
	}
	switch x := u.X.(type) {
	case *ast.Binary:
		switch x.Op {
		case "or":
			return "none of these holds:", unlabelled(joined(x, "or"))
		case "and":
			return "not all of these hold:", unlabelled(joined(x, "and"))
		}
	case *ast.Quantified:
		if !x.ForAll {
			return quantified(x, "for no ")
		}
	case *ast.Call:
		if cond := existsWhere(x); cond != nil {
			return "for none of " + value(x.Recv) + ", ", []part{{"", cond}}
		}
	}
	return "", nil
}

// quantified takes exists and forall apart: what holds for a variable, or for several.
func quantified(x *ast.Quantified, lead string) (head string, parts []part) {
	if len(x.Decls) == 1 {
		d := x.Decls[0]
		if d.Where == nil {
			return "", nil
		}
		return lead + d.Name.Text + " of " + value(d.From) + ", ", []part{{"", d.Where}}
	}
	var names []string
	for _, d := range x.Decls {
		names = append(names, d.Name.Text+" of "+value(d.From))
		if d.Where != nil {
			parts = append(parts, part{d.Name.Text + ": ", d.Where})
		}
	}
	head = lead + listed(names, "and")
	if len(parts) < 2 {
		return "", nil
	}
	return head + ":", parts
}

// chained takes a pattern of events apart.
func chained(x *ast.Chain) (head string, parts []part) {
	for i, s := range x.Steps {
		label := s.Label.Text
		if i > 0 {
			label = "then " + label
		}
		if s.When != nil {
			label += " " + windowWords(s.When)
		}
		if s.Count != nil {
			label += ", as often as " + condition(s.Count)
		}
		cond := s.What
		if s.Where != nil {
			cond = &ast.Binary{Op: "and", L: s.What, R: s.Where}
		}
		parts = append(parts, part{strings.TrimSpace(label) + ": ", cond})
	}
	return "in " + value(x.X) + ", in the order of " + value(x.Order) + ":", parts
}
